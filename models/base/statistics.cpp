#include "models/base/statistics.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"

namespace lutra::models {

std::uint64_t& Statistics::add(CounterInfo info) {
  const bool taken = std::any_of(infos_.begin(), infos_.end(), [&](const CounterInfo& other) {
    return other.component == info.component && other.event == info.event;
  });
  if (taken) throw Error(fmt::format("counter {}.{} is registered twice", info.component, info.event));
  infos_.push_back(std::move(info));
  return values_.emplace_back(0);
}

void Statistics::before_snapshot(std::function<void()> update) { updates_.push_back(std::move(update)); }

std::vector<std::uint64_t> Statistics::snapshot() const {
  for (const auto& update : updates_) update();
  return {values_.begin(), values_.end()};
}

}  // namespace lutra::models
