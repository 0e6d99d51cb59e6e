#include <algorithm>
#include <cmath>
#include <map>

#include "software/network/encoding.h"
#include "software/quantization/least_squares.h"
#include "software/quantization/weight_schemes.h"

namespace lutra::quantization {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using network::PlaneAlphabet;

constexpr int most_rounds = 8;
constexpr int lowest_value = -128;
constexpr int highest_value = 127;

// Planes and the coefficients of plain integers, as large as eight bits hold.
network::PlaneWeights uniform_start(int bits, bool signs) {
  network::PlaneWeights start;
  start.planes.assign(static_cast<std::size_t>(bits), signs ? PlaneAlphabet::signs : PlaneAlphabet::positive);
  const int unit = signs ? highest_value / ((1 << bits) - 1) : 1 << (8 - bits);
  for (int plane = 0; plane < bits; ++plane)
    start.coefficients.push_back(
        static_cast<std::int16_t>((!signs && plane == bits - 1 ? -unit : unit) * (1 << plane)));
  return start;
}

int letter(PlaneAlphabet alphabet, unsigned code, std::size_t plane) {
  const int bit = static_cast<int>(code >> plane & 1u);
  return alphabet == PlaneAlphabet::signs ? 2 * bit - 1 : bit;
}

// The bits of each value; of several codes the least.
std::map<int, unsigned> codes_by_value(const network::PlaneWeights& planes) {
  std::map<int, unsigned> codes;
  for (unsigned code = 0; code < 1u << planes.planes.size(); ++code) {
    int value = 0;
    for (std::size_t plane = 0; plane < planes.planes.size(); ++plane)
      value += planes.coefficients[plane] * letter(planes.planes[plane], code, plane);
    codes.emplace(value, code);
  }
  return codes;
}

// The real coefficients of least error for the weights' bits as they are.
VectorXd best_coefficients(const Filter& filter, const network::PlaneWeights& planes, const VectorXd& q) {
  const auto count = static_cast<Index>(planes.planes.size());
  const std::map<int, unsigned> codes = codes_by_value(planes);
  MatrixXd letters(q.size(), count);
  for (Index i = 0; i < q.size(); ++i)
    for (Index plane = 0; plane < count; ++plane)
      letters(i, plane) = letter(planes.planes[static_cast<std::size_t>(plane)], codes.at(static_cast<int>(q(i))),
                                 static_cast<std::size_t>(plane));
  MatrixXd products = MatrixXd::Zero(q.size(), count);
  for (Index i = 0; i < q.size(); ++i)
    for (Index plane = 0; plane < count; ++plane)
      if (letters(i, plane) != 0) products.col(plane) += letters(i, plane) * filter.problem.hessian().col(i);
  MatrixXd a = MatrixXd::Zero(count, count);
  VectorXd b = VectorXd::Zero(count);
  for (Index row = 0; row < count; ++row)
    for (Index i = 0; i < q.size(); ++i) {
      b(row) += letters(i, row) * filter.problem.cross(filter.output)(i);
      for (Index column = 0; column < count; ++column) a(row, column) += letters(i, row) * products(i, column);
    }
  return least_squares(std::move(a), std::move(b));
}

// The planes with those coefficients as integers, the largest that keep every value within eight bits; the real value
// of 1 is the result.
double round_coefficients(const VectorXd& real, network::PlaneWeights& planes) {
  double lowest = 0;
  double highest = 0;
  for (Index plane = 0; plane < real.size(); ++plane) {
    const bool signs = planes.planes[static_cast<std::size_t>(plane)] == PlaneAlphabet::signs;
    lowest += signs ? -std::abs(real(plane)) : std::min(0.0, real(plane));
    highest += signs ? std::abs(real(plane)) : std::max(0.0, real(plane));
  }
  // Rounding moves a sum by at most half a unit per plane.
  const double slack = 0.5 * static_cast<double>(real.size());
  const double unit = std::max(-lowest / (-lowest_value - slack), highest / (highest_value - slack));
  if (!(unit > 0)) return 0;
  for (Index plane = 0; plane < real.size(); ++plane)
    planes.coefficients[static_cast<std::size_t>(plane)] =
        static_cast<std::int16_t>(std::floor(real(plane) / unit + 0.5));
  return unit;
}

struct FilterPlanes {
  network::PlaneWeights planes;  // of this filter alone
  FilterFit fit;
};

FilterPlanes fit_planes(const Filter& filter, const network::PlaneWeights& start) {
  FilterPlanes best{start, fit_filter(filter, network::weight_values(start, 0))};
  for (int round = 0; round < most_rounds; ++round) {
    FilterPlanes next = best;
    const double unit = round_coefficients(best_coefficients(filter, best.planes, best.fit.q), next.planes);
    if (unit == 0) break;
    const std::vector<int> values = network::weight_values(next.planes, 0);
    next.fit.scale = unit;
    next.fit.q = filter.problem.round(filter.output, unit, values);
    const std::map<int, unsigned> codes = codes_by_value(best.planes);
    VectorXd kept = best.fit.q;
    for (Index i = 0; i < kept.size(); ++i) {
      const unsigned code = codes.at(static_cast<int>(kept(i)));
      kept(i) = 0;
      for (std::size_t plane = 0; plane < next.planes.planes.size(); ++plane)
        kept(i) += next.planes.coefficients[plane] * letter(next.planes.planes[plane], code, plane);
    }
    const double error_rounded = filter.problem.error(filter.output, unit, next.fit.q);
    const double error_kept = filter.problem.error(filter.output, unit, kept);
    next.fit.error = std::min(error_rounded, error_kept);
    if (error_kept < error_rounded) next.fit.q = std::move(kept);
    next.fit = improve(filter, values, std::move(next.fit));
    if (!(next.fit.error < best.fit.error)) break;
    best = std::move(next);
  }
  return best;
}

EncodedLayer encode(const LayerProblem& layer, int bits, const Parameters& parameters) {
  const network::PlaneWeights start = uniform_start(bits, parameters.at("letters") == "signs");
  EncodedLayer encoded;
  network::PlaneWeights encoding{start.planes, {}};
  for (std::size_t output = 0; output < layer.filters(); ++output) {
    FilterPlanes filter = fit_planes(layer.filter(output), start);
    encoding.coefficients.insert(encoding.coefficients.end(), filter.planes.coefficients.begin(),
                                 filter.planes.coefficients.end());
    encoded.filters.push_back(std::move(filter.fit));
  }
  encoded.encoding = std::move(encoding);
  return encoded;
}

}  // namespace

WeightScheme bwa() {
  return {"bwa",
          "bit planes with fitted coefficients per filter (BWA)",
          {2, 6},
          {{"letters",
            {"bits", "signs"},
            "a plane's letters: 0 and 1, the top coefficient starting negative; or -1 and 1"}},
          encode};
}

}  // namespace lutra::quantization
