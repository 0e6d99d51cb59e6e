#include "software/compiler/interval_packing.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <tuple>

namespace lutra::compiler {

namespace {

using Order = std::vector<std::size_t>;

std::uint64_t length(const Interval& interval) {
  return static_cast<std::uint64_t>(interval.last - interval.first + 1);
}

// Largest key first; of equal keys the earlier interval.
template <typename Key>
Order order_by(std::size_t count, Key key) {
  Order order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) > key(b); });
  return order;
}

Packing first_fit(const std::vector<Interval>& intervals, const Order& order) {
  Packing packing{std::vector<std::uint64_t>(intervals.size()), 0};
  std::vector<std::size_t> placed;  // by offset
  for (const std::size_t i : order) {
    std::uint64_t offset = 0;
    for (const std::size_t other : placed) {
      if (!intervals[i].meets(intervals[other])) continue;
      if (offset + intervals[i].bytes <= packing.offsets[other]) break;
      offset = std::max(offset, packing.offsets[other] + intervals[other].bytes);
    }
    packing.offsets[i] = offset;
    packing.bytes = std::max(packing.bytes, offset + intervals[i].bytes);
    placed.insert(
        std::upper_bound(placed.begin(), placed.end(), i,
                         [&](std::size_t a, std::size_t b) { return packing.offsets[a] < packing.offsets[b]; }),
        i);
  }
  return packing;
}

class Chooser {
 public:
  Chooser(const std::vector<Candidate>& candidates, std::uint64_t capacity)
      : candidates_(candidates), capacity_(capacity) {}

  // Takes those that must, then each in turn that fits beside those taken before.
  std::vector<bool> take(const Order& order) const {
    std::vector<bool> chosen(candidates_.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = candidates_[i].must;
    if (!fits(chosen)) return std::vector<bool>(chosen.size());
    for (const std::size_t i : order) {
      if (chosen[i]) continue;
      chosen[i] = true;
      if (!fits(chosen)) chosen[i] = false;
    }
    return chosen;
  }

  bool fits(const std::vector<bool>& chosen) const {
    std::vector<Interval> intervals;
    for (std::size_t i = 0; i < chosen.size(); ++i)
      if (chosen[i]) intervals.push_back(candidates_[i].interval);
    return living_bytes(intervals) <= capacity_ && pack(intervals).bytes <= capacity_;
  }

  std::uint64_t saved(const std::vector<bool>& chosen) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < chosen.size(); ++i)
      if (chosen[i]) sum += candidates_[i].saved;
    return sum;
  }

 private:
  const std::vector<Candidate>& candidates_;
  std::uint64_t capacity_;
};

}  // namespace

std::uint64_t living_bytes(const std::vector<Interval>& intervals) {
  std::uint64_t most = 0;
  for (const Interval& at : intervals) {  // the sum grows only where one begins
    std::uint64_t sum = 0;
    for (const Interval& each : intervals)
      if (each.first <= at.first && at.first <= each.last) sum += each.bytes;
    most = std::max(most, sum);
  }
  return most;
}

Packing pack(const std::vector<Interval>& intervals) {
  const std::size_t count = intervals.size();
  const auto of = [&](std::size_t i) -> const Interval& { return intervals[i]; };
  const std::uint64_t least = living_bytes(intervals);
  const std::function<Order()> orders[] = {
      [&] { return order_by(count, [&](std::size_t i) { return -of(i).first; }); },
      [&] { return order_by(count, [&](std::size_t i) { return of(i).bytes; }); },
      [&] { return order_by(count, [&](std::size_t i) { return std::tuple(length(of(i)), of(i).bytes); }); },
      [&] { return order_by(count, [&](std::size_t i) { return of(i).bytes * length(of(i)); }); },
  };
  Packing best;
  for (const auto& order : orders) {
    Packing packing = first_fit(intervals, order());
    if (best.offsets.size() != count || packing.bytes < best.bytes) best = std::move(packing);
    if (best.bytes == least) break;
  }
  return best;
}

std::vector<bool> choose_packable(const std::vector<Candidate>& candidates, std::uint64_t capacity) {
  const Chooser chooser(candidates, capacity);
  const std::size_t count = candidates.size();
  std::vector<bool> best(count, true);
  if (chooser.fits(best)) return best;
  const auto density = [&](std::size_t i) {
    const Interval& interval = candidates[i].interval;
    return static_cast<double>(candidates[i].saved) /
           static_cast<double>(std::max<std::uint64_t>(interval.bytes * length(interval), 1));
  };
  best = chooser.take(order_by(count, density));
  std::vector<bool> largest = chooser.take(order_by(count, [&](std::size_t i) { return candidates[i].saved; }));
  return chooser.saved(largest) > chooser.saved(best) ? largest : best;
}

}  // namespace lutra::compiler
