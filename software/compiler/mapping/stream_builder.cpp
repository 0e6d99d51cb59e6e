#include "software/compiler/mapping/stream_builder.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "software/compiler/mapping/command_encoder.h"

namespace lutra::compiler {

namespace {

bool overlap(const Region& a, const Region& b) {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

void set_opcode(lutra_transfer& transfer, lutra_opcode opcode) {
  transfer.command = {.opcode = static_cast<std::uint8_t>(opcode), .tokens = 0, .bytes = sizeof(lutra_transfer)};
}

}  // namespace

Region region_of(const lutra_transfer& t) {
  return {static_cast<lutra_buffer>(t.buffer), t.offset,
          (t.pad_top + t.rows + t.pad_bottom) * (t.pad_left + t.columns + t.pad_right) * t.element_bytes};
}

StreamBuilder::StreamBuilder() { lowest_stored_.fill(std::numeric_limits<std::uint64_t>::max()); }

void StreamBuilder::load(const lutra_transfer& transfer, const Region& filled) {
  lutra_transfer command = transfer;
  set_opcode(command, LUTRA_LOAD);
  const int index = append(loader, command);
  wait(loader, index, storer, last_store(transfer));
  wait(loader, index, compute, overwrite(filled, index));
}

void StreamBuilder::tile(const lutra_tile& tile, std::span<const Region> reads, std::span<const Region> writes) {
  lutra_tile command = tile;
  command.command = {.opcode = LUTRA_TILE, .tokens = 0, .bytes = sizeof(lutra_tile)};
  const int index = append(compute, command);
  int loaded = -1;
  for (const Region& region : reads) loaded = std::max(loaded, read(region, index));
  wait(compute, index, loader, loaded);
  int stored = -1;
  for (const Region& region : writes) stored = std::max(stored, overwrite(region, index));
  wait(compute, index, storer, stored);
}

void StreamBuilder::store(const lutra_transfer& transfer) {
  lutra_transfer command = transfer;
  set_opcode(command, LUTRA_STORE);
  const int index = append(storer, command);
  wait(storer, index, compute, read(region_of(transfer), index));
  const Stored stored = extent(transfer);
  std::uint64_t& lowest = lowest_stored_[stored.memory];
  lowest = std::min(lowest, stored.begin);
  stored_.push_back(stored);
}

void StreamBuilder::operation(std::uint32_t number) {
  append(compute, lutra_operation{.command = {.opcode = LUTRA_OPERATION, .tokens = 0, .bytes = sizeof(lutra_operation)},
                                  .operation = number});
}

std::vector<std::uint8_t> StreamBuilder::finish() const {
  CommandEncoder encoder;
  for (const Command& command : commands_) std::visit([&](const auto& c) { encoder.write(c); }, command);
  return encoder.finish();
}

int StreamBuilder::append(Unit unit, const Command& command) {
  units_[unit].push_back(commands_.size());
  commands_.push_back(command);
  return static_cast<int>(units_[unit].size()) - 1;
}

lutra_command& StreamBuilder::header(Unit unit, int index) {
  Command& command = commands_[units_[unit][static_cast<std::size_t>(index)]];
  return std::visit([](auto& c) -> lutra_command& { return c.command; }, command);
}

void StreamBuilder::wait(Unit waiting, int index, Unit signalling, int wanted) {
  int& waited_for = waited_for_[waiting][signalling];
  if (wanted < waited_for) return;  // an earlier command of this unit has waited for it, or nothing is wanted
  waited_for = wanted + 1;
  const bool from_previous = (signalling + 1) % unit_count == waiting;
  const auto add = [](lutra_command& command, lutra_token token) {
    command.tokens = static_cast<std::uint8_t>(command.tokens | token);
  };
  add(header(waiting, index), from_previous ? LUTRA_WAIT_PREVIOUS : LUTRA_WAIT_NEXT);
  add(header(signalling, wanted), from_previous ? LUTRA_SIGNAL_NEXT : LUTRA_SIGNAL_PREVIOUS);
}

// The last reader of what the region held until now; -1: nobody reads it.
int StreamBuilder::overwrite(const Region& region, int writer) {
  auto& uses = uses_[region.buffer];
  int reader = -1;
  std::erase_if(uses, [&](const Use& use) {
    if (!overlap(use.region, region)) return false;
    reader = std::max(reader, use.reader);
    return true;
  });
  uses.push_back({region, writer, -1});
  return reader;
}

// The last writer of what the region holds.
int StreamBuilder::read(const Region& region, int reader) {
  int writer = -1;
  for (Use& use : uses_[region.buffer]) {
    if (!overlap(use.region, region)) continue;
    writer = std::max(writer, use.writer);
    use.reader = reader;
  }
  if (writer < 0) throw std::logic_error("a command reads a buffer that nothing has filled");
  return writer;
}

StreamBuilder::Stored StreamBuilder::extent(const lutra_transfer& t) {
  const std::uint64_t last = std::uint64_t{t.rows - 1} * t.row_pitch + std::uint64_t{t.columns - 1} * t.column_pitch;
  return {t.memory, t.address, t.address + last + t.element_bytes};
}

// The last store of what the transfer loads; -1: it lay in memory before the stream.
int StreamBuilder::last_store(const lutra_transfer& load) const {
  const Stored wanted = extent(load);
  if (wanted.end <= lowest_stored_[wanted.memory]) return -1;
  const auto found = std::find_if(stored_.rbegin(), stored_.rend(), [&](const Stored& s) { return s.touches(wanted); });
  return static_cast<int>(stored_.rend() - found) - 1;
}

}  // namespace lutra::compiler
