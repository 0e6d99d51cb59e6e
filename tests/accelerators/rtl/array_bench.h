#pragma once

#include <fmt/format.h>

#include <memory>

#include "accelerators/array/timing.h"
#include "software/common/error.h"
#include "tests/accelerators/rtl/array_ports.h"

namespace lutra::test {

// array_pkg::EVERY_STEP, where an elaboration does not say.
template <class Model>
constexpr int pipeline_of() {
  if constexpr (requires { Model::PIPELINE; }) return Model::PIPELINE;
  return 16;
}

// The engine an elaboration (lutra_rtl_model) is the twin of.
template <class Model>
accelerators::EngineConfig engine_config(const char* family) {
  accelerators::EngineConfig config;
  config.family = family;
  config.rows = Model::ROWS;
  config.columns = Model::COLUMNS;
  config.lanes = Model::LANES;
  config.activation_bits = Model::ACTIVATION_BITS;
  config.weight_bits = Model::WEIGHT_BITS;
  config.accumulator_bits = Model::ACCUMULATOR_BITS;
  config.post_lanes = Model::POST_LANES;
  config.pipeline = pipeline_of<Model>();
  if constexpr (requires { Model::WEIGHT_STATIONARY; })
    if (Model::WEIGHT_STATIONARY != 0) config.dataflow = accelerators::Dataflow::weight_stationary;
  return config;
}

// The sums a twin's buffer holds, in pixels; as many as you like where sums lie in registers.
template <class Model>
constexpr int most_pixels() {
  if constexpr (requires { Model::DEPTH; }) return Model::DEPTH * Model::COLUMNS;
  return 40;
}

// What a twin is told of a tile, and the buffers it reads.
struct TileRun {
  accelerators::MatrixTile tile;
  std::vector<accelerators::array::RowBlock> row_blocks;  // as the family hands them to array::timing
  int passes_per_word = 1;
  ReadPort weights;
  ReadPort activations;
};

struct TwinResult {
  std::vector<std::int32_t> sums;  // [pixel][output]
  std::uint64_t cycles = 0;
};

// Drives one elaboration through tiles. Buses carry noise wherever the array has not asked for anything.
template <class Model>
class ArrayBench {
 public:
  // Bits of weight_word and activation_words.
  ArrayBench(int weight_port_bits, int activation_port_bits)
      : weight_bits_(weight_port_bits), activation_bits_(activation_port_bits) {
    context_.randReset(2);
    context_.randSeed(1);
    top_ = std::make_unique<typename Model::Top>(&context_);
    top_->reset = 1;
    top_->start = 0;
    clock();
    top_->reset = 0;
  }
  ~ArrayBench() { top_->final(); }
  ArrayBench(const ArrayBench&) = delete;
  ArrayBench& operator=(const ArrayBench&) = delete;

  typename Model::Top& top() { return *top_; }

  TwinResult run(const TileRun& run, std::uint64_t most_cycles = 1000000) {
    start(run);
    const int pixels = run.tile.rows * run.tile.columns;
    TwinResult result;
    result.sums.assign(static_cast<std::size_t>(pixels) * run.tile.channels, missing);
    for (;;) {
      describe(run);
      top_->clk = 0;
      top_->eval();
      if (!top_->busy) break;
      if (++result.cycles > most_cycles) throw Error(fmt::format("the twin is busy for {} cycles", most_cycles));
      collect(run, result);
      const bool weights = top_->weight_read || top_->header_read;
      const bool activations = top_->activation_read;
      const Read read{top_->header_read != 0, static_cast<int>(top_->row_block), static_cast<int>(top_->column_block),
                      static_cast<int>(top_->word), static_cast<int>(top_->pass)};
      top_->clk = 1;
      top_->eval();
      drive(top_->weight_word, weight_bits_, weights ? run.weights(read) : noise(weight_bits_));
      drive(top_->activation_words, activation_bits_, activations ? run.activations(read) : noise(activation_bits_));
    }
    return result;
  }

 private:
  static constexpr std::int32_t missing = -0x55555555;  // a sum that never left

  void clock() {
    for (int level : {0, 1}) {
      top_->clk = static_cast<CData>(level);
      top_->eval();
    }
  }

  // The descriptor of the row block that the sequencer will begin next.
  void describe(const TileRun& run) {
    const auto next = static_cast<std::size_t>(top_->fetch_row_block);
    if (next >= run.row_blocks.size()) return;
    top_->header = static_cast<IData>(run.row_blocks[next].header);
    top_->words = static_cast<IData>(run.row_blocks[next].passes / run.passes_per_word);
  }

  void start(const TileRun& run) {
    const accelerators::MatrixTile& tile = run.tile;
    top_->outputs = static_cast<IData>(tile.channels);
    top_->group_outputs = static_cast<IData>(tile.group_outputs);
    top_->first_group_outputs = static_cast<IData>(tile.group_outputs - tile.group_phase % tile.group_outputs);
    top_->pixels = static_cast<IData>(tile.rows * tile.columns);
    top_->passes_per_word = static_cast<IData>(run.passes_per_word);
    top_->activation_signed = tile.activation_signed;
    describe(run);
    top_->start = 1;
    clock();
    top_->start = 0;
  }

  void collect(const TileRun& run, TwinResult& result) {
    accelerators::EngineConfig config;
    config.rows = Model::ROWS;
    config.columns = Model::COLUMNS;
    config.post_lanes = Model::POST_LANES;
    const accelerators::array::DrainLanes lanes = accelerators::array::drain_lanes(config);
    const PortBits valid = sample(top_->drain_valid, Model::POST_LANES);
    const PortBits sums = sample(top_->drain_sums, Model::POST_LANES * Model::ACCUMULATOR_BITS);
    for (int lane = 0; lane < Model::POST_LANES; ++lane) {
      const auto at = static_cast<std::size_t>(lane);
      if (valid.get(at, 1) == 0) continue;
      auto output = static_cast<std::size_t>(top_->drain_row_group * lanes.rows + lane % lanes.rows);
      for (std::size_t i = 0; i < top_->drain_row_block; ++i)
        output += static_cast<std::size_t>(run.row_blocks.at(i).rows);
      const auto column = static_cast<std::size_t>(top_->drain_column_group * lanes.columns + lane / lanes.rows);
      const std::size_t pixel = std::size_t{top_->drain_column_block} * Model::COLUMNS + column;
      const std::uint32_t sum = sums.get(at * Model::ACCUMULATOR_BITS, Model::ACCUMULATOR_BITS);
      const std::uint32_t sign = 1u << (Model::ACCUMULATOR_BITS - 1);
      result.sums.at(pixel * run.tile.channels + output) = static_cast<std::int32_t>((sum ^ sign) - sign);
    }
  }

  PortBits noise(int bits) {
    PortBits port;
    for (int i = 0; 32 * i < bits; ++i)
      port.set_word(static_cast<std::size_t>(i), static_cast<std::uint32_t>(noise_()));
    return port;
  }

  int weight_bits_;
  int activation_bits_;
  VerilatedContext context_;
  std::unique_ptr<typename Model::Top> top_;
  std::mt19937 noise_{1};
};

// Where a twin and its C++ model differ over several tiles.
struct Differences {
  int tiles = 0;
  int sums = 0;    // tiles with a wrong sum
  int cycles = 0;  // tiles with another cycle count
  std::string first;

  void add(const TwinResult& twin, const std::vector<std::int32_t>& sums_expected, std::uint64_t cycles_expected) {
    ++tiles;
    if (twin.sums != sums_expected && ++sums == 1) {
      std::size_t at = 0;
      while (twin.sums[at] == sums_expected[at]) ++at;
      first += fmt::format(" tile {}: sum {} of {} is {} and not {};", tiles, at, sums_expected.size(), twin.sums[at],
                           sums_expected[at]);
    }
    if (twin.cycles != cycles_expected && ++cycles == 1)
      first += fmt::format(" tile {}: {} cycles and not {};", tiles, twin.cycles, cycles_expected);
  }
};

// Runs the tile on both and compares.
template <class Model>
void compare(ArrayBench<Model>& twin, const accelerators::Family& family, const RandomTile& drawn, const TileRun& run,
             std::span<const std::uint8_t> weights, Differences& differences) {
  std::vector<std::int32_t> sums(static_cast<std::size_t>(drawn.tile.rows) * drawn.tile.columns * drawn.tile.channels);
  const std::vector<std::uint8_t> activations = drawn.activation_bytes();
  const accelerators::TileWork work = family.compute(drawn.tile, true, activations, weights, sums);
  differences.add(twin.run(run), sums, work.cycles);
}

}  // namespace lutra::test
