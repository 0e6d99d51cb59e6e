#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "accelerators/interface/commands.h"

namespace lutra::test {

template <typename T>
T read_struct(std::span<const std::uint8_t> bytes, std::size_t offset) {
  if (offset + sizeof(T) > bytes.size()) throw std::runtime_error("a struct is cut off");
  T value;
  std::memcpy(&value, &bytes[offset], sizeof value);
  return value;
}

// The whole command that changes (LUTRA_CHANGES) make of the last one like it.
inline std::vector<std::uint8_t> completed(std::span<const std::uint8_t> changes, std::vector<std::uint8_t> whole) {
  if (whole.empty()) throw std::runtime_error("changes of a command that has not been");
  const std::size_t marks = (whole.size() / 4 - 1 + 31) / 32;
  std::size_t next = 1 + marks;
  whole[1] = changes[1];
  for (std::size_t word = 1; word < whole.size() / 4; ++word)
    if (changes[4 + (word - 1) / 8] >> (word - 1) % 8 & 1)
      std::memcpy(&whole[4 * word], &changes.subspan(4 * next++, 4)[0], 4);
  if (4 * next != changes.size()) throw std::runtime_error("changes that mark other words than follow");
  return whole;
}

// Calls visit(lutra_transfer), visit(lutra_tile), visit(lutra_operation) where it takes one, and for the LUTRA_FINISH
// that must be the last visit(lutra_command).
template <typename Visit>
void for_each_command(std::span<const std::uint8_t> stream, Visit visit) {
  std::map<unsigned, std::vector<std::uint8_t>> last;  // by buffer and opcode
  for (std::size_t offset = 0;;) {
    const auto header = read_struct<lutra_command>(stream, offset);
    const auto bytes = stream.subspan(offset, header.bytes);
    const bool changes = (header.opcode & LUTRA_CHANGES) != 0;
    const auto whole =
        changes ? completed(bytes, last[header.opcode & 0x7F]) : std::vector<std::uint8_t>(bytes.begin(), bytes.end());
    const unsigned opcode = header.opcode & (changes ? 0x0F : 0xFF);
    switch (opcode) {
      case LUTRA_LOAD:
      case LUTRA_STORE: {
        const auto transfer = read_struct<lutra_transfer>(whole, 0);
        last[unsigned{transfer.buffer} << 4 | opcode] = whole;
        visit(transfer);
        break;
      }
      case LUTRA_TILE:
        last[opcode] = whole;
        visit(read_struct<lutra_tile>(whole, 0));
        break;
      case LUTRA_OPERATION:
        if constexpr (std::is_invocable_v<Visit&, const lutra_operation&>)
          visit(read_struct<lutra_operation>(whole, 0));
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
