#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "accelerators/family/family.h"
#include "software/compiler/mapping/schedule.h"
#include "software/compiler/mapping/stream_builder.h"

namespace lutra::compiler {

// Weights of one tile in the image.
struct PlacedWeights {
  std::uint32_t address = 0;  // in main memory, or in the weight memory where the layer's are resident
  std::uint32_t bytes = 0;
  int format = 0;
  int bits = 0;
};

// Requantise entries and thresholds of an operation: addresses in `memory`.
struct PlacedParameters {
  lutra_memory memory = LUTRA_MEMORY_MAIN;
  std::uint32_t scale = 0;
  std::uint32_t prelu = 0;
  std::uint32_t thresholds = 0;
};

// Where an engine operation's data lie. `op` is the op table's entry, addresses filled in.
struct Placement {
  lutra_op op{};
  std::vector<PlacedWeights> weights;  // [channel tile][chunk]
  PlacedParameters parameters;
};

// The tile command of a step, without the places of its data.
lutra_tile make_tile(const Layer& layer, const Tiling& tiling, const Step& step);

// The load of a step's input into offset 0, from a tensor at address 0.
lutra_transfer input_load(const Layer& layer, const Tiling& tiling, const Step& step,
                          const accelerators::EngineConfig& engine, const accelerators::Family& family);

// `bytes` bytes of memory that lie together, from or to a buffer.
lutra_transfer block_transfer(lutra_buffer buffer, std::int64_t offset, std::uint32_t address, std::int64_t bytes);

// An engine operation as a stream computes it. What it points to must outlive the chain's call.
struct ChainOp {
  std::uint32_t number = 0;  // in the image's op table
  Layer layer;
  const Tiling* tiling = nullptr;
  const Schedule* schedule = nullptr;
  const Placement* placement = nullptr;
};

// One operation of several computes one of its bands.
struct Turn {
  int op = 0;
  int band = 0;
};

// One stream over engine operations that follow one another. In each buffer the slots of an operation lie behind those
// of the one before it where there is room, so that it can load while that one still computes.
class Chain {
 public:
  // Both must outlive the chain.
  Chain(const accelerators::EngineConfig& engine, const accelerators::Family& family)
      : engine_(engine), family_(family) {}

  void add(const ChainOp& op);
  // Operations that compute their bands in these turns. What their schedules keep in a buffer from turn to turn must
  // fit into it together.
  void add(std::span<const ChainOp> ops, std::span<const Turn> turns);

  std::vector<std::uint8_t> finish() const { return stream_.finish(); }

 private:
  BufferBytes place_slots(const Schedule& schedule);

  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  StreamBuilder stream_;
  BufferBytes end_{};                    // of the last operation's slots
  std::optional<std::uint32_t> number_;  // of the operation whose commands were last
};

}  // namespace lutra::compiler
