#include "tests/software/compiler/support/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>

#include "accelerators/engine/checks.h"
#include "accelerators/engine/compute_tile.h"
#include "accelerators/family/activation_layout.h"
#include "software/program/image.h"
#include "tests/software/compiler/support/commands.h"

namespace lutra::test {

namespace {

class Interpreter {
 public:
  Interpreter(std::span<std::uint8_t> memory, const accelerators::EngineConfig& engine,
              const accelerators::Family& family, OnChip& stays, const std::function<void(std::uint32_t)>& begin)
      : memory_(memory), engine_(engine), family_(family), stays_(stays), begin_(begin), buffers_(engine) {
    if (!stays_.weights.empty()) buffers_.bytes[LUTRA_BUFFER_WEIGHT_MEMORY] = stays_.weights;
    if (!stays_.maps.empty()) buffers_.bytes[LUTRA_BUFFER_MAP_MEMORY] = stays_.maps;
    if (!stays_.commands.empty()) buffers_.bytes[LUTRA_BUFFER_COMMAND_MEMORY] = stays_.commands;
    buffers_.weight_level = stays_.weight_level;
  }
  void keep() {
    stays_ = {buffers_.bytes[LUTRA_BUFFER_WEIGHT_MEMORY], buffers_.weight_level,
              buffers_.bytes[LUTRA_BUFFER_MAP_MEMORY], buffers_.bytes[LUTRA_BUFFER_COMMAND_MEMORY]};
  }

  void run(const lutra_command&) {}

  void run(const lutra_operation& operation) {
    keep();
    if (begin_) begin_(operation.operation);
  }

  void run(const lutra_transfer& t) {
    expect(accelerators::check_transfer(t, engine_, family_), "transfer");
    if (t.command.opcode == LUTRA_LOAD && t.buffer == LUTRA_BUFFER_ACTIVATION) regions_[t.offset] = t;
    if (t.buffer == LUTRA_BUFFER_WEIGHT_MEMORY) {
      if (t.offset > buffers_.weight_level) throw std::runtime_error("a load leaves a hole in the weight memory");
      buffers_.weight_level = std::max(buffers_.weight_level, t.offset + t.rows * t.columns * t.element_bytes);
    }
    auto& buffer = buffers_.bytes[t.buffer];
    const std::uint32_t width = t.pad_left + t.columns + t.pad_right;
    const std::uint32_t height = t.pad_top + t.rows + t.pad_bottom;
    for (std::uint32_t y = 0; y < height; ++y)
      for (std::uint32_t x = 0; x < width; ++x) {
        const auto element = buffer.begin() + t.offset + std::uint64_t{y * width + x} * t.element_bytes;
        if (y < t.pad_top || y >= t.pad_top + t.rows || x < t.pad_left || x >= t.pad_left + t.columns) {
          std::fill_n(element, t.element_bytes, static_cast<std::uint8_t>(t.pad_byte));
          continue;
        }
        const auto place = bytes_at(t.memory,
                                    std::uint64_t{t.address} + std::uint64_t{y - t.pad_top} * t.row_pitch +
                                        std::uint64_t{x - t.pad_left} * t.column_pitch,
                                    t.element_bytes);
        if (t.command.opcode == LUTRA_LOAD)
          std::copy(place.begin(), place.end(), element);
        else
          std::copy_n(element, t.element_bytes, place.begin());
      }
  }

  void run(const lutra_tile& tile) {
    expect(accelerators::check_tile(tile, engine_, family_), "tile");
    expect_region(tile);
    const auto result = accelerators::compute_tile(tile, engine_, family_, buffers_);
    expect(result.error, "tile");
    accelerators::commit(tile, result, buffers_);
  }

 private:
  // The tile reads its input where the load has laid it in the banks.
  void expect_region(const lutra_tile& tile) const {
    const lutra_transfer& load = regions_.at(tile.input.offset);
    const int gap = 8 * tile.input.pixel_bytes - tile.input.channels * tile.input.bits;
    const auto placement = accelerators::placement(accelerators::activation_layout(tile, engine_, family_), gap);
    const unsigned width = load.pad_left + load.columns + load.pad_right;
    if (std::memcmp(&placement, &load.placement, sizeof placement) != 0 || width != tile.input.width ||
        load.element_bytes != tile.input.pixel_bytes)
      throw std::runtime_error("a tile reads its input otherwise than its load has laid it");
  }

  static void expect(lutra_engine_error error, const char* what) {
    if (error != LUTRA_ERROR_NONE)
      throw std::runtime_error(fmt::format("the engine refuses a {}: error {}", what, int{error}));
  }

  std::span<std::uint8_t> bytes_at(std::uint16_t memory, std::uint64_t address, std::uint64_t bytes) {
    if (memory == LUTRA_MEMORY_MAPS) return std::span(buffers_.bytes[LUTRA_BUFFER_MAP_MEMORY]).subspan(address, bytes);
    if (address < LUTRA_IMAGE_ADDRESS || address - LUTRA_IMAGE_ADDRESS + bytes > memory_.size())
      throw std::runtime_error(
          fmt::format("a transfer of {} bytes at {:#x} leaves the image's memory", bytes, address));
    return memory_.subspan(address - LUTRA_IMAGE_ADDRESS, bytes);
  }

  std::span<std::uint8_t> memory_;
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  OnChip& stays_;
  const std::function<void(std::uint32_t)>& begin_;
  accelerators::Buffers buffers_;
  std::map<std::uint32_t, lutra_transfer> regions_;  // by offset: what each was loaded with last
};

}  // namespace

void interpret(std::span<const std::uint8_t> stream, std::span<std::uint8_t> memory,
               const accelerators::EngineConfig& engine, const accelerators::Family& family, OnChip& stays,
               const std::function<void(std::uint32_t)>& begin) {
  Interpreter interpreter(memory, engine, family, stays, begin);
  for_each_command(stream, [&](const auto& command) { interpreter.run(command); });
  interpreter.keep();
}

}  // namespace lutra::test
