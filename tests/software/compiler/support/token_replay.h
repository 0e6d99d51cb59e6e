#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace lutra::test {

// What the tokens of a command stream leave to chance: empty when they order every two commands that touch the same
// bytes of a buffer or of memory (one of them writing) and no unit can wait forever; else what is wrong.
std::string token_hazard(std::span<const std::uint8_t> stream);

}  // namespace lutra::test
