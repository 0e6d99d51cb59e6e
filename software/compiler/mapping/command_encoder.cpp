#include "software/compiler/mapping/command_encoder.h"

#include <cstring>
#include <utility>

namespace lutra::compiler {

namespace {

template <typename T>
void append_bytes(const T& value, std::vector<std::uint8_t>& bytes) {
  const std::size_t size = bytes.size();
  bytes.resize(size + sizeof(T));
  std::memcpy(bytes.data() + size, &value, sizeof(T));
}

}  // namespace

void CommandEncoder::write(const lutra_transfer& transfer) {
  write_at(unsigned{transfer.buffer} << 4 | transfer.command.opcode, offsetof(lutra_transfer, address) / 4, transfer);
}

void CommandEncoder::write(const lutra_tile& tile) { write_at(LUTRA_TILE, 0, tile); }

void CommandEncoder::write(const lutra_operation& operation) { write_at(LUTRA_OPERATION, 0, operation); }

std::vector<std::uint8_t> CommandEncoder::finish() {
  append_bytes(lutra_command{.opcode = LUTRA_FINISH, .tokens = 0, .bytes = sizeof(lutra_command)}, bytes_);
  return std::move(bytes_);
}

template <typename Command>
void CommandEncoder::write_at(unsigned place, std::size_t always, const Command& command) {
  std::array<std::uint32_t, sizeof(Command) / 4> whole;
  std::memcpy(whole.data(), &command, sizeof command);
  std::vector<std::uint32_t>& last = last_[place];
  if (last.empty() || !write_changes(whole, last, place, always)) append_bytes(command, bytes_);
  last.assign(whole.begin(), whole.end());
}

// False where the whole command takes no more bytes.
template <std::size_t Words>
bool CommandEncoder::write_changes(const std::array<std::uint32_t, Words>& whole, std::span<const std::uint32_t> last,
                                   unsigned place, std::size_t always) {
  std::array<std::uint32_t, LUTRA_MARK_WORDS(4 * Words)> marks{};
  std::vector<std::uint32_t> changed;
  for (std::size_t i = 1; i < Words; ++i)
    if (i == always || whole[i] != last[i]) {
      marks[(i - 1) / 32] |= 1u << (i - 1) % 32;
      changed.push_back(whole[i]);
    }
  const std::size_t words = 1 + marks.size() + changed.size();
  if (words >= Words) return false;
  lutra_command header;
  std::memcpy(&header, whole.data(), sizeof header);
  header.opcode = static_cast<std::uint8_t>(LUTRA_CHANGES | place);
  header.bytes = static_cast<std::uint16_t>(4 * words);
  append_bytes(header, bytes_);
  append_bytes(marks, bytes_);
  for (const std::uint32_t value : changed) append_bytes(value, bytes_);
  return true;
}

}  // namespace lutra::compiler
