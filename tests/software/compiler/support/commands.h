#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>

#include "accelerators/interface/commands.h"

namespace lutra::test {

template <typename T>
T read_struct(std::span<const std::uint8_t> bytes, std::size_t offset) {
  if (offset + sizeof(T) > bytes.size()) throw std::runtime_error("a struct is cut off");
  T value;
  std::memcpy(&value, &bytes[offset], sizeof value);
  return value;
}

// Calls visit(lutra_transfer), visit(lutra_tile), visit(lutra_operation) where it takes one, and for the LUTRA_FINISH
// that must be the last visit(lutra_command).
template <typename Visit>
void for_each_command(std::span<const std::uint8_t> stream, Visit visit) {
  for (std::size_t offset = 0;;) {
    const auto header = read_struct<lutra_command>(stream, offset);
    switch (header.opcode) {
      case LUTRA_LOAD:
      case LUTRA_STORE:
        visit(read_struct<lutra_transfer>(stream, offset));
        break;
      case LUTRA_TILE:
        visit(read_struct<lutra_tile>(stream, offset));
        break;
      case LUTRA_OPERATION:
        if constexpr (std::is_invocable_v<Visit&, const lutra_operation&>)
          visit(read_struct<lutra_operation>(stream, offset));
        break;
      case LUTRA_FINISH:
        visit(header);
        if (offset + header.bytes != stream.size()) throw std::runtime_error("commands follow LUTRA_FINISH");
        return;
      default:
        throw std::runtime_error("unknown opcode");
    }
    offset += header.bytes;
  }
}

}  // namespace lutra::test
