#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "software/network/quantised_onnx/quantised_onnx_fields.h"

namespace lutra::network::quantised_onnx {

// The attributes of a Matrix node that say how its weights are stored; none where they are the integers that its Quant
// node describes. (The Quant node of other encodings has the two's-complement width that holds every value.)
//   weight_ternary: [1]
//   weight_term0, weight_term1: exponents of the terms of powers of two; the second may be absent
//   weight_planes: per plane 0 for signs, 1 for positive, 2 for negative letters;
//   weight_coefficients: per output channel one of each plane
//   weight_table: the entries of a codebook
std::map<std::string, std::vector<std::int64_t>> encoding_attributes(const WeightEncoding& encoding);

// The width for the Quant node of such weights.
int quant_bits(const WeightEncoding& encoding);

// Throws Error naming the node for attributes of several encodings, parameters that no encoding has, and a `quant_bits`
// that is not the encoding's.
WeightEncoding read_encoding(const importer::OnnxNode& node, int quant_bits, int output_channels);

}  // namespace lutra::network::quantised_onnx
