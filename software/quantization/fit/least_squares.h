#pragma once

#include <Eigen/Core>

namespace lutra::quantization {

// x of least x.Ax - 2 b.x for a symmetric A without negative eigenvalues; unknowns that A says nothing about (a pivot
// below 2^-40 of the largest diagonal entry) are 0. The same on every machine.
Eigen::VectorXd least_squares(Eigen::MatrixXd a, Eigen::VectorXd b);

}  // namespace lutra::quantization
