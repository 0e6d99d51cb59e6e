#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "models/base/soc_config.h"
#include "software/costs/energy_table.h"

namespace lutra::costs {

// What one count of a counter does to a memory.
struct MemoryAccess {
  std::string component;
  std::string event;
  std::uint64_t capacity_bytes = 0;
  double words = 1;  // of 32 bits
  bool write = false;
};

// What prices depend on besides the event: the widths of the engine's multipliers, and the sizes of the memories.
struct PricingContext {
  int activation_bits = 0;  // 0: no engine
  int weight_bits = 0;
  int rows = 1;  // of its array
  int columns = 1;
  int lanes = 1;
  int pipeline = 0;
  std::vector<MemoryAccess> accesses;  // a counter may stand for several
};

PricingContext pricing_context(const models::SocConfig& soc, const std::optional<accelerators::EngineConfig>& engine);

// What one count of a counter costs.
struct Price {
  double pj = 0;
  Provenance provenance;
};

// The energy tables of one implementation. Throws Error when tables disagree on the node, or two of them price one
// event.
class PriceList {
 public:
  PriceList(std::vector<EnergyTable> tables, PricingContext context);

  const std::string& node() const { return node_; }

  // Empty for a counter listed as free. A multiplier narrower than any that is listed takes the price of the smallest
  // listed one that holds it. What lanes, a row or a column of the array share is divided among them; a pipeline deeper
  // than those listed takes the last factor. Accesses to memories are priced by capacity: linearly between listed
  // sizes, as the square root of the size beyond them. Throws Error naming the counter when it is neither priced nor
  // free: no event is dropped silently.
  std::optional<Price> find(const std::string& component, const std::string& event) const;

 private:
  double of_array(const EventEnergy& entry) const;
  const EventEnergy* by_event(const std::string& component, const std::string& event) const;
  std::optional<Price> by_capacity(const std::string& component, const std::string& event) const;
  bool is_free(const std::string& component, const std::string& event) const;

  std::vector<EnergyTable> tables_;
  PricingContext context_;
  std::string node_;
};

}  // namespace lutra::costs
