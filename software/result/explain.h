#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "software/result/result.h"

namespace lutra::result {

// Where a result's cycles and energy went and what would help: every number is computed from the result alone.
// README.md has the equations.

enum class Limit { compute, load, store, command, software };
inline constexpr int limit_count = 5;
std::string_view name(Limit limit);

// Cycles of the whole array, which add up to the layer's: the useful ones and why the others were lost.
struct ArrayCycles {
  double useful = 0;
  double rows = 0;     // output channels that do not fill the rows
  double columns = 0;  // output pixels that do not fill the columns
  double lanes = 0;    // products that do not fill the lanes
  double tiles = 0;    // fill, drain, edges of tiles, several passes per product
  double waiting = 0;  // for load, store and commands
  double software = 0;

  double total() const { return useful + rows + columns + lanes + tiles + waiting + software; }
};

struct LayerExplanation {
  std::size_t layer = 0;                         // index into Result::layers
  std::array<std::uint64_t, limit_count> needs;  // cycles each would take by itself, by Limit
  Limit bound = Limit::software;                 // the largest of them
  Limit next = Limit::software;                  // the second largest
  std::uint64_t not_overlapped = 0;              // of the engine's cycles, those beyond its largest need
  std::optional<ArrayCycles> array;       // of a layer of products on an engine; absent where the split is unknown
  std::uint64_t minimum_read_bytes = 0;   // weights once and input once
  std::uint64_t minimum_write_bytes = 0;  // output once
  costs::Femtojoules energy = 0;
};

// Something that would help, with the most it could save. Savings of two levers overlap: they do not add up.
struct Lever {
  std::string what;
  std::string why;  // the numbers it follows from
  double cycles = 0;
  double energy_fj = 0;  // 0 without energy in the result
};

struct ComponentEnergy {
  std::string component;
  costs::Femtojoules energy = 0;
  double uncertainty_percent = 0;
};

struct BufferTraffic {
  std::string component;
  std::uint64_t read_bytes = 0;
  std::uint64_t write_bytes = 0;
};

struct Explanation {
  std::vector<LayerExplanation> layers;  // one for each of the result's
  std::optional<ArrayCycles> array;      // of all layers that have one
  std::uint64_t hart_layer_cycles = 0;   // of layers that the hart computes
  std::uint64_t minimum_read_bytes = 0;
  std::uint64_t minimum_write_bytes = 0;
  std::vector<BufferTraffic> buffers;       // of the engine; empty without energy in the result
  std::vector<ComponentEnergy> components;  // largest first
  std::vector<Lever> for_cycles;            // at most three, best first
  std::vector<Lever> for_energy;            // at most three, best first
};

Explanation explain(const Result& result);

// Every lever there is something to gain from, in no order.
std::vector<Lever> find_levers(const Result& result, const std::vector<LayerExplanation>& layers);

std::string to_text(const Result& result, const Explanation& explanation);
std::string to_json(const Result& result, const Explanation& explanation);

}  // namespace lutra::result
