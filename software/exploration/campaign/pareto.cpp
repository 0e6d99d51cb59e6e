#include "software/exploration/campaign/pareto.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace lutra::exploration {

namespace {

bool beats(const std::vector<double>& a, const std::vector<double>& b) {
  bool smaller = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    smaller = smaller || a[i] < b[i];
  }
  return smaller;
}

}  // namespace

std::vector<bool> pareto_front(const std::vector<std::vector<double>>& points) {
  // In lexical order nothing is beaten by what comes after it.
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  std::vector<std::size_t> front;
  for (const std::size_t candidate : order) {
    const auto beaten = [&](std::size_t other) { return beats(points[other], points[candidate]); };
    if (std::none_of(front.begin(), front.end(), beaten)) front.push_back(candidate);
  }
  std::vector<bool> on_front(points.size(), false);
  for (const std::size_t index : front) on_front[index] = true;
  return on_front;
}

}  // namespace lutra::exploration
