#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/rtl_twin.h"
#include "accelerators/family/structure.h"
#include "accelerators/family/tile.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators {

struct EventInfo {
  std::string event;  // "multiply_8x8"
  std::string description;
};

// A PE family: its arithmetic on packed bits, its timing and its structure, and nothing else. One instance per engine;
// const and free of side effects, so the compiler and tests call it without a simulation.
class Family {
 public:
  virtual ~Family() = default;

  virtual std::string name() const = 0;
  virtual std::string summary() const = 0;

  // Why this family cannot compute a matrix operation between these encodings; empty when it can.
  virtual std::string refuses(const network::ActivationEncoding& activation,
                              const network::WeightEncoding& weights) const = 0;

  // Packs a tile's weights, and whatever tables its encodings need, into the layout `compute` reads; the family's page
  // specifies it.
  virtual PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                             const network::ActivationEncoding& activation) const = 0;
  // Whether `pack` takes a weight of zero for this output channel, whatever the values of the encoding.
  virtual bool packs_zero(const network::WeightEncoding& encoding, int output_channel) const;
  // The size `pack` yields, without the values.
  virtual std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                                   const network::ActivationEncoding& activation) const = 0;

  // Why the array cannot compute this tile; empty when it can. Only a tile that passes may be handed to what follows.
  virtual std::string refuses_tile(const MatrixTile& tile) const = 0;
  // Bytes of the weight buffer the tile reads, from its first byte.
  virtual std::size_t weight_bytes(const MatrixTile& tile) const = 0;

  // Bits of a weight word as the array takes it in one cycle; 0: rows x lanes weights of EngineConfig::weight_bits.
  virtual int weight_port_bits() const { return 0; }

  // Bits of an activation word as a column takes it in one read; 0: lanes values of EngineConfig::activation_bits.
  virtual int activation_port_bits() const { return 0; }

  // The sums of a tile lie in the accumulator buffer while it runs, at the tile's accumulator offset.
  virtual bool sums_in_buffer() const { return false; }

  // Cycles of a tile whose data do not matter (an upper bound where they do). `finishes`: the tile is post-processed.
  virtual std::uint64_t cycles(const MatrixTile& tile, bool finishes) const = 0;
  // The fewest, whatever the data.
  virtual std::uint64_t least_cycles(const MatrixTile& tile, bool finishes) const { return cycles(tile, finishes); }

  // What `compute` reports of a tile, of whose products such a share has no factor of zero; no word of weights is
  // skipped.
  virtual TileWork expected(const MatrixTile& tile, double share) const = 0;

  // Event names whose counts `compute` reports, in order.
  virtual std::vector<EventInfo> events() const = 0;

  // accumulators[(y * columns + x) * channels + k] += dot product, modulo 2^accumulator_bits, sign-extended to 32.
  // `activations` starts at the tile's first element and `weights` at its first byte; both are bounds-checked by the
  // caller through activation_bytes and weight_bytes.
  virtual TileWork compute(const MatrixTile& tile, bool finishes, std::span<const std::uint8_t> activations,
                           std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const = 0;

  // The PE array alone; buffers, post-processor and control are the shell's.
  virtual Structure structure() const = 0;

  // The RTL of this array.
  virtual RtlTwin rtl_twin() const = 0;
};

// Bytes of the activation buffer a tile reads, from its first element.
std::size_t activation_bytes(const MatrixTile& tile);

// Runs of outputs of one group within a tile, in order: what a row block must not cross.
std::vector<int> group_runs(int channels, int group_outputs, int group_phase);

// What the engine's register LUTRA_ENGINE_FAMILY holds: the 32-bit FNV-1a hash of the family's name.
std::uint32_t family_id(const std::string& name);

// The family named by config.family. Throws Error naming the known ones, or the knob this family cannot build.
std::unique_ptr<Family> make_family(const EngineConfig& config);
std::vector<std::string> family_names();

// A variant of a family with options that make it compute what it is for.
struct Preset {
  std::string variant;
  std::map<std::string, std::string> options;
};

// `base` as each preset of each family; some may not be buildable with its other knobs.
std::vector<EngineConfig> preset_engines(const EngineConfig& base);

}  // namespace lutra::accelerators
