#include "software/training/seeds/statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "software/common/error.h"

namespace lutra::training {

namespace {

using StudentsT = boost::math::students_t_distribution<double>;

constexpr double confidence_quantile = 0.975;  // two-sided, 5 %
constexpr double power = 0.8;

double standard_error(const Spread& spread) { return *spread.deviation / std::sqrt(static_cast<double>(spread.count)); }

}  // namespace

Spread spread_of(const std::vector<double>& values) {
  if (values.empty()) throw Error("a mean takes at least one number");
  Spread spread;
  spread.count = values.size();
  const auto count = static_cast<double>(values.size());
  for (const double value : values) spread.mean += value / count;
  if (values.size() < 2) return spread;
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  spread.deviation = std::sqrt(squares / (count - 1));
  spread.half_width = boost::math::quantile(StudentsT(count - 1), confidence_quantile) * standard_error(spread);
  return spread;
}

PairedDifference paired_difference(const std::vector<double>& left, const std::vector<double>& right) {
  if (left.size() != right.size()) throw Error("a paired difference takes as many numbers of one as of the other");
  std::vector<double> differences;
  for (std::size_t i = 0; i < left.size(); ++i) differences.push_back(left[i] - right[i]);
  PairedDifference result;
  result.spread = spread_of(differences);
  if (!result.spread.deviation || *result.spread.deviation == 0) return result;
  const double t = std::abs(result.spread.mean) / standard_error(result.spread);
  const StudentsT distribution(static_cast<double>(differences.size() - 1));
  result.p = 2 * boost::math::cdf(boost::math::complement(distribution, t));
  return result;
}

std::optional<std::size_t> pairs_needed(double deviation, double difference) {
  constexpr std::size_t most = 10000;
  for (std::size_t pairs = 2; pairs <= most; ++pairs) {
    const StudentsT distribution(static_cast<double>(pairs - 1));
    const double reach =
        (boost::math::quantile(distribution, confidence_quantile) + boost::math::quantile(distribution, power)) *
        deviation / difference;
    if (static_cast<double>(pairs) >= reach * reach) return pairs;
  }
  return std::nullopt;
}

}  // namespace lutra::training
