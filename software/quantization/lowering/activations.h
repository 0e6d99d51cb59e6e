#pragma once

#include "software/network/quantised/quantised_network.h"
#include "software/quantization/calibration/histogram.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// What a tensor's codes are and stand for: code = round half up (x / step) + encoding.pad_code, clamped.
struct CodeChoice {
  network::ActivationEncoding encoding;
  double step = 1.0;
  double unit = 1.0;  // real value of one unit of the codes' values: the scale of the edge
};

// Codes of plain integers with the step that Options::range finds. With RequantiseForm::shift the step is `root` times
// a power of two: among these the one of least squared error, or, for the other ranges, the least that covers the
// range.
CodeChoice choose_integers(const Histogram& histogram, int bits, bool is_signed, const Options& options, double root);

// Codes for matrix operations to read, in the coding of Options::activations:
// ternary: values -1, 0, 1. Of a signed tensor these are -step, 0, step. Of one that is never negative they are 0, step
//   and 2 * step: the zero is code -1, which is also what padding inserts, and readers add the sum of their weights.
// bwa: integers of `bits` (2..4), code 0 the zero, thresholds uniform; the value of a code is the sum over its set bits
//   of integers of 8 bits, fitted to the histogram by least squares. (The post-training form is ours; the published
//   one, Electronics 2023, 12(24), 5043, trains the values.)
// Plain integers where is_coded() says that the coding has no such width.
CodeChoice choose_activation(const Histogram& histogram, int bits, bool is_signed, const Options& options, double root);

// Whether codes of `bits` for a matrix operation are of another coding than plain integers: 2 bits of ternary, 2..4 of
// bwa. Other widths are plain integers under every coding.
bool is_coded(ActivationCoding coding, int bits);

// The width of plain integers where a coding other than uniform governs the rest.
inline constexpr int plain_bits = 8;

}  // namespace lutra::quantization
