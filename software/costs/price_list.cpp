#include "software/costs/price_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "software/common/error.h"

namespace lutra::costs {

namespace {

constexpr double bits_per_word = 32;

bool matches(const std::string& pattern, const std::string& text) {
  if (pattern.ends_with('*')) return text.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
  return pattern == text;
}

// Energy of one bit accessed, by capacity.
double energy_per_bit(const CapacityEnergy& entry, bool write) {
  return (write ? entry.write_pj : entry.read_pj) / entry.word_bits;
}

Price interpolate(const std::vector<CapacityEnergy>& entries, double capacity, bool write) {
  const CapacityEnergy& first = entries.front();
  const CapacityEnergy& last = entries.back();
  if (capacity <= static_cast<double>(first.capacity_bytes)) return {energy_per_bit(first, write), first.provenance};
  if (capacity >= static_cast<double>(last.capacity_bytes))
    return {energy_per_bit(last, write) * std::sqrt(capacity / static_cast<double>(last.capacity_bytes)),
            last.provenance};
  std::size_t upper = 1;
  while (static_cast<double>(entries[upper].capacity_bytes) < capacity) ++upper;
  const CapacityEnergy& low = entries[upper - 1];
  const CapacityEnergy& high = entries[upper];
  const auto from = static_cast<double>(low.capacity_bytes);
  const double share = (capacity - from) / (static_cast<double>(high.capacity_bytes) - from);
  return {energy_per_bit(low, write) * (1 - share) + energy_per_bit(high, write) * share, high.provenance};
}

}  // namespace

PriceList::PriceList(std::vector<EnergyTable> tables, PricingContext context)
    : tables_(std::move(tables)), context_(std::move(context)) {
  std::map<std::string, std::string> seen;
  for (const EnergyTable& table : tables_) {
    if (node_.empty()) node_ = table.node;
    if (table.node != node_)
      throw Error(fmt::format("{}: is for node {}, the tables before it for {}; a result uses one node", table.name,
                              table.node, node_));
    for (const EventEnergy& entry : table.energy) {
      const auto key = fmt::format("{}.{} {}x{}", entry.component, entry.event, entry.width_activation.value_or(0),
                                   entry.width_weight.value_or(0));
      const auto [place, fresh] = seen.emplace(key, table.name);
      if (!fresh)
        throw Error(fmt::format("{}: prices {}.{}, which {} already does", table.name, entry.component, entry.event,
                                place->second));
    }
  }
}

const EventEnergy* PriceList::by_event(const std::string& component, const std::string& event) const {
  const EventEnergy* best = nullptr;
  for (const EnergyTable& table : tables_)
    for (const EventEnergy& entry : table.energy) {
      if (entry.component != component || entry.event != event) continue;
      if (!entry.width_activation) return &entry;
      if (*entry.width_activation < context_.activation_bits || *entry.width_weight < context_.weight_bits) continue;
      if (!best || *entry.width_activation * *entry.width_weight < *best->width_activation * *best->width_weight)
        best = &entry;
    }
  return best;
}

std::optional<Price> PriceList::by_capacity(const std::string& component, const std::string& event) const {
  const auto table =
      std::find_if(tables_.begin(), tables_.end(), [](const EnergyTable& t) { return !t.by_capacity.empty(); });
  if (table == tables_.end()) return std::nullopt;
  std::optional<Price> sum;
  for (const MemoryAccess& access : context_.accesses) {
    if (access.component != component || access.event != event) continue;
    const Price bit = interpolate(table->by_capacity, static_cast<double>(access.capacity_bytes), access.write);
    const double pj = bit.pj * bits_per_word * access.words;
    sum = Price{(sum ? sum->pj : 0) + pj, bit.provenance};
  }
  return sum;
}

bool PriceList::is_free(const std::string& component, const std::string& event) const {
  for (const EnergyTable& table : tables_)
    for (const FreeEvent& entry : table.free)
      if (matches(entry.component, component) && matches(entry.event, event)) return true;
  return false;
}

double PriceList::of_array(const EventEnergy& entry) const {
  const double shared =
      entry.element_pj / context_.lanes + entry.row_pj / context_.columns + entry.column_pj / context_.rows;
  if (entry.by_pipeline.empty()) return entry.pj + shared;
  const auto depth = std::min(static_cast<std::size_t>(context_.pipeline), entry.by_pipeline.size() - 1);
  return (entry.pj + shared) * entry.by_pipeline[depth];
}

std::optional<Price> PriceList::find(const std::string& component, const std::string& event) const {
  if (const EventEnergy* entry = by_event(component, event)) return Price{of_array(*entry), entry->provenance};
  if (auto price = by_capacity(component, event)) return price;
  if (is_free(component, event)) return std::nullopt;
  throw Error(
      fmt::format("no energy table of node {} prices the counter {}.{}; add it to the table beside its block, "
                  "or list it there as free with the reason",
                  node_, component, event));
}

}  // namespace lutra::costs
