#include "software/quantization/fit/least_squares.h"

#include <algorithm>

namespace lutra::quantization {

Eigen::VectorXd least_squares(Eigen::MatrixXd a, Eigen::VectorXd b) {
  const Eigen::Index count = b.size();
  double largest = 0;
  for (Eigen::Index i = 0; i < count; ++i) largest = std::max(largest, a(i, i));
  const auto decides = [&](Eigen::Index i) { return a(i, i) > largest * 0x1p-40; };
  for (Eigen::Index k = 0; k < count; ++k) {
    if (!decides(k)) continue;
    for (Eigen::Index row = k + 1; row < count; ++row) {
      const double factor = a(row, k) / a(k, k);
      for (Eigen::Index column = k; column < count; ++column) a(row, column) -= factor * a(k, column);
      b(row) -= factor * b(k);
    }
  }
  Eigen::VectorXd x = Eigen::VectorXd::Zero(count);
  for (Eigen::Index k = count - 1; k >= 0; --k) {
    if (!decides(k)) continue;
    double value = b(k);
    for (Eigen::Index column = k + 1; column < count; ++column) value -= a(k, column) * x(column);
    x(k) = value / a(k, k);
  }
  return x;
}

}  // namespace lutra::quantization
