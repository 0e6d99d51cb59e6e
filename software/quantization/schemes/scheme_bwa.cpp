#include <algorithm>
#include <map>

#include "software/network/encoding/encoding.h"
#include "software/quantization/fit/least_squares.h"
#include "software/quantization/lowering/encodings.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int most_plane_rounds = 8;
// The bits of each value; of several codes the least.
std::map<int, unsigned> codes_by_value(const network::PlaneWeights& planes) {
  std::map<int, unsigned> codes;
  for (unsigned code = 0; code < 1u << planes.planes.size(); ++code) {
    int value = 0;
    for (std::size_t plane = 0; plane < planes.planes.size(); ++plane)
      value += planes.coefficients[plane] * plane_letter(planes.planes[plane], code, plane);
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
      letters(i, plane) = plane_letter(planes.planes[static_cast<std::size_t>(plane)], codes.at(static_cast<int>(q(i))),
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

struct FilterPlanes {
  network::PlaneWeights planes;  // of this filter alone
  FilterFit fit;
};

FilterPlanes fit_planes(const Filter& filter, const network::PlaneWeights& start) {
  FilterPlanes best{start, fit_filter(filter, network::weight_values(start, 0))};
  for (int round = 0; round < most_plane_rounds; ++round) {
    FilterPlanes next = best;
    const VectorXd real = best_coefficients(filter, best.planes, best.fit.q);
    const auto [integers, unit] = round_coefficients({real.begin(), real.end()}, best.planes.planes);
    if (!(unit > 0)) break;
    next.planes.coefficients = integers;
    const std::vector<int> values = network::weight_values(next.planes, 0);
    next.fit.scale = unit;
    next.fit.q = filter.problem.round(filter.output, unit, values);
    const std::map<int, unsigned> codes = codes_by_value(best.planes);
    VectorXd kept = best.fit.q;
    for (Index i = 0; i < kept.size(); ++i) {
      const unsigned code = codes.at(static_cast<int>(kept(i)));
      kept(i) = 0;
      for (std::size_t plane = 0; plane < next.planes.planes.size(); ++plane)
        kept(i) += next.planes.coefficients[plane] * plane_letter(next.planes.planes[plane], code, plane);
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

EncodedLayer encode_fitted_planes(const LayerProblem& layer, int bits, const Parameters& parameters) {
  const network::PlaneWeights start = integer_planes(bits, parameters.at("letters") == "signs");
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
          encode_fitted_planes};
}

}  // namespace lutra::quantization
