#include "accelerators/engine/decode.h"

#include <cstring>

#include "accelerators/engine/checks.h"

namespace lutra::accelerators {

namespace {

struct Kind {
  lutra_opcode opcode;
  std::size_t bytes;
  Unit unit;
  unsigned tokens;  // it may use
};

constexpr unsigned with_previous = LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_PREVIOUS;
constexpr unsigned with_next = LUTRA_WAIT_NEXT | LUTRA_SIGNAL_NEXT;

constexpr Kind kinds[] = {
    {LUTRA_LOAD, sizeof(lutra_transfer), Unit::load, with_next | LUTRA_WAIT_PREVIOUS},
    {LUTRA_STORE, sizeof(lutra_transfer), Unit::store, with_previous | LUTRA_SIGNAL_NEXT},
    {LUTRA_TILE, sizeof(lutra_tile), Unit::compute, with_previous | with_next},
    {LUTRA_OPERATION, sizeof(lutra_operation), Unit::compute, 0},
    {LUTRA_FINISH, sizeof(lutra_command), Unit::fetch, 0},
};

static_assert(sizeof(lutra_command) == 4 && sizeof(lutra_operation) == 8 && sizeof(lutra_transfer) == 60 &&
                  sizeof(lutra_requantise) == 12 && sizeof(lutra_operand) == 12 && sizeof(lutra_tile) == 124,
              "the command structs have no hidden padding");

const Kind* find(std::uint8_t opcode) {
  for (const Kind& kind : kinds)
    if (kind.opcode == opcode) return &kind;
  return nullptr;
}

template <typename Body>
Body read(std::span<const std::uint8_t> bytes) {
  Body body;
  std::memcpy(&body, bytes.data(), sizeof body);
  return body;
}

std::uint8_t opcode_of(std::uint8_t byte) {
  return (byte & LUTRA_CHANGES) != 0 ? static_cast<std::uint8_t>(byte & 0x0F) : byte;
}

// Where the last command like this one is kept.
std::size_t place_of(std::uint8_t opcode, unsigned buffer) { return buffer << 4 | opcode; }

}  // namespace

std::size_t command_bytes(std::span<const std::uint8_t, sizeof(lutra_command)> header) {
  const auto command = read<lutra_command>(header);
  const Kind* kind = find(opcode_of(command.opcode));
  if (kind == nullptr) return 0;
  if ((command.opcode & LUTRA_CHANGES) == 0) return command.bytes == kind->bytes ? kind->bytes : 0;
  const std::size_t marks = 4 * LUTRA_MARK_WORDS(kind->bytes);
  const bool possible =
      command.bytes >= sizeof command + marks && command.bytes <= kind->bytes + marks && command.bytes % 4 == 0;
  return possible ? command.bytes : 0;
}

void Decoder::restart() {
  operation_.reset();
  for (auto& last : last_) last.clear();
}

Command Decoder::decode(std::span<const std::uint8_t> bytes, std::uint32_t stream_offset) {
  if ((bytes[0] & LUTRA_CHANGES) == 0) return check(bytes, stream_offset);
  std::vector<std::uint8_t> whole;
  if (complete(bytes, whole)) return check(whole, stream_offset);
  return {.error = LUTRA_ERROR_OPCODE, .stream_offset = stream_offset, .operation = {}, .body = {}};
}

// The command that changes of the last one like it make; false where they cannot.
bool Decoder::complete(std::span<const std::uint8_t> changes, std::vector<std::uint8_t>& whole) const {
  const auto header = read<lutra_command>(changes);
  whole = last_[header.opcode & ~LUTRA_CHANGES];
  if (whole.empty()) return false;
  whole[offsetof(lutra_command, tokens)] = header.tokens;
  const std::size_t words = (whole.size() - sizeof header) / 4;
  const std::size_t mark_words = LUTRA_MARK_WORDS(whole.size());
  std::size_t next = sizeof header + 4 * mark_words;
  for (std::size_t i = 0; i < 32 * mark_words; ++i) {
    const auto marks = read<std::uint32_t>(changes.subspan(sizeof header + i / 32 * 4));
    if ((marks >> i % 32 & 1) == 0) continue;
    if (i >= words || next == changes.size()) return false;
    std::memcpy(&whole[sizeof header + 4 * i], &changes[next], 4);
    next += 4;
  }
  return next == changes.size();
}

Command Decoder::check(std::span<const std::uint8_t> bytes, std::uint32_t stream_offset) {
  const auto header = read<lutra_command>(bytes);
  const Kind& kind = *find(header.opcode);
  unsigned buffer = 0;
  Command command{
      .unit = kind.unit, .tokens = header.tokens, .stream_offset = stream_offset, .operation = {}, .body = {}};
  if ((header.tokens & ~kind.tokens) != 0) {
    command.error = LUTRA_ERROR_OPCODE;
  } else if (header.opcode == LUTRA_OPERATION) {
    command.body = read<lutra_operation>(bytes);
    operation_ = read<lutra_operation>(bytes).operation;
  } else if (kind.unit == Unit::compute) {
    const auto tile = read<lutra_tile>(bytes);
    command.error = check_tile(tile, config_, family_);
    command.body = tile;
  } else if (kind.unit != Unit::fetch) {
    const auto transfer = read<lutra_transfer>(bytes);
    command.error = check_transfer(transfer, config_, family_);
    command.body = transfer;
    buffer = transfer.buffer;
  }
  command.operation = operation_;
  if (command.error == LUTRA_ERROR_NONE) last_[place_of(header.opcode, buffer)].assign(bytes.begin(), bytes.end());
  return command;
}

}  // namespace lutra::accelerators
