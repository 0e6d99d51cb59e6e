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

}  // namespace

std::size_t command_bytes(std::span<const std::uint8_t, sizeof(lutra_command)> header) {
  const auto command = read<lutra_command>(header);
  const Kind* kind = find(command.opcode);
  return kind != nullptr && command.bytes == kind->bytes ? kind->bytes : 0;
}

Command decode(std::span<const std::uint8_t> bytes, std::uint32_t stream_offset, const EngineConfig& config,
               const Family& family) {
  const auto header = read<lutra_command>(bytes);
  const Kind& kind = *find(header.opcode);
  Command command{.unit = kind.unit, .tokens = header.tokens, .stream_offset = stream_offset, .body = {}};
  if ((header.tokens & ~kind.tokens) != 0) {
    command.error = LUTRA_ERROR_OPCODE;
  } else if (header.opcode == LUTRA_OPERATION) {
    command.body = read<lutra_operation>(bytes);
  } else if (kind.unit == Unit::compute) {
    const auto tile = read<lutra_tile>(bytes);
    command.error = check_tile(tile, config, family);
    command.body = tile;
  } else if (kind.unit != Unit::fetch) {
    const auto transfer = read<lutra_transfer>(bytes);
    command.error = check_transfer(transfer, config, family);
    command.body = transfer;
  }
  return command;
}

}  // namespace lutra::accelerators
