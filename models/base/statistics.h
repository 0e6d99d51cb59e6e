#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace lutra::models {

enum class Quantity { events, cycles, bytes };

struct CounterInfo {
  std::string component;  // "dram", "hart", "engine.array"
  std::string event;      // "activate", "multiply"
  Quantity quantity = Quantity::events;
  std::string description;
};

// Every counter of one simulation, in the order of registration. Models count events and times; what an event costs is
// known to the cost stage alone.
class Statistics {
 public:
  // The reference stays valid for the life of this object. Names are unique: a second registration throws Error.
  std::uint64_t& add(CounterInfo info);

  // Called before each snapshot, for models that count lazily.
  void before_snapshot(std::function<void()> update);

  std::vector<std::uint64_t> snapshot() const;
  const std::vector<CounterInfo>& counters() const { return infos_; }

 private:
  std::vector<CounterInfo> infos_;
  std::deque<std::uint64_t> values_;
  std::vector<std::function<void()>> updates_;
};

}  // namespace lutra::models
