#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lutra::network {

// A network of software/network/zoo that the program carries, by its path there ("embedded/twn_a8.onnx"), plain or
// gzip-compressed.
std::optional<std::string_view> find_in_zoo(const std::string& written);

}  // namespace lutra::network
