#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <utility>
#include <vector>

#include "accelerators/interface/commands.h"

namespace lutra::test {

// Writes a command stream by hand.
class CommandStream {
 public:
  CommandStream& transfer(lutra_opcode opcode, lutra_transfer t, unsigned tokens = 0) {
    t.command = {static_cast<std::uint8_t>(opcode), static_cast<std::uint8_t>(tokens), sizeof t};
    return append(t);
  }
  CommandStream& load(lutra_transfer t, unsigned tokens = 0) { return transfer(LUTRA_LOAD, t, tokens); }
  CommandStream& store(lutra_transfer t, unsigned tokens = 0) { return transfer(LUTRA_STORE, t, tokens); }
  CommandStream& tile(lutra_tile t, unsigned tokens = 0) {
    t.command = {LUTRA_TILE, static_cast<std::uint8_t>(tokens), sizeof t};
    return append(t);
  }
  // A command told by what it changes: one marked word per pair (its number behind the header, its value), ascending.
  CommandStream& changes(lutra_opcode opcode, lutra_buffer buffer,
                         std::initializer_list<std::pair<unsigned, std::uint32_t>> words) {
    std::uint32_t marks = 0;
    for (const auto& word : words) marks |= 1u << word.first;
    append(lutra_command{static_cast<std::uint8_t>(LUTRA_CHANGES | buffer << 4 | opcode), 0,
                         static_cast<std::uint16_t>(8 + 4 * words.size())});
    append(marks);
    for (const auto& word : words) append(word.second);
    return *this;
  }
  CommandStream& finish() { return append(lutra_command{LUTRA_FINISH, 0, sizeof(lutra_command)}); }

  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

  template <typename Command>
  CommandStream& append(const Command& command) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof command);
    std::memcpy(&bytes_[at], &command, sizeof command);
    return *this;
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

// `bytes` that touch, between a buffer and memory.
inline lutra_transfer bytes_of(lutra_buffer buffer, std::uint32_t offset, std::uint32_t address, std::uint32_t bytes) {
  lutra_transfer t{};
  t.buffer = buffer;
  t.offset = offset;
  t.address = address;
  t.rows = t.columns = 1;
  t.element_bytes = bytes;
  return t;
}

}  // namespace lutra::test
