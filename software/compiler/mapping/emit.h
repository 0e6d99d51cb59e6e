#pragma once

#include <cstdint>
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

// One stream over engine operations that follow one another. In each buffer the slots of an operation lie behind those
// of the one before it where there is room, so that it can load while that one still computes.
class Chain {
 public:
  // Both must outlive the chain.
  Chain(const accelerators::EngineConfig& engine, const accelerators::Family& family)
      : engine_(engine), family_(family) {}

  // `number`: the operation's in the image's op table.
  void add(std::uint32_t number, const Layer& layer, const Tiling& tiling, const Schedule& schedule,
           const Placement& placement);

  std::vector<std::uint8_t> finish() const { return stream_.finish(); }

 private:
  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  StreamBuilder stream_;
  BufferBytes end_{};  // of the last operation's slots
  bool empty_ = true;
};

}  // namespace lutra::compiler
