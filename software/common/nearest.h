#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lutra {

// The candidate with the smallest edit distance to `word`; empty when none is within half of the word's length.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace lutra
