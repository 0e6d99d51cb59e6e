#include "software/network/quantised_onnx/quantised_onnx_weights.h"

#include <bit>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::network::quantised_onnx {

namespace {

constexpr const char* ternary = "weight_ternary";
constexpr const char* terms[] = {"weight_term0", "weight_term1"};
constexpr const char* planes = "weight_planes";
constexpr const char* coefficients = "weight_coefficients";
constexpr const char* table = "weight_table";

using Attributes = std::map<std::string, std::vector<std::int64_t>>;

Attributes attributes(const UniformWeights&) { return {}; }

Attributes attributes(const TernaryWeights&) { return {{ternary, {1}}}; }

Attributes attributes(const PowerOfTwoWeights& encoding) {
  Attributes all;
  for (std::size_t term = 0; term < encoding.terms.size(); ++term)
    all[terms[term]] = {encoding.terms[term].begin(), encoding.terms[term].end()};
  return all;
}

Attributes attributes(const PlaneWeights& encoding) {
  Attributes all{{coefficients, {encoding.coefficients.begin(), encoding.coefficients.end()}}};
  for (const PlaneAlphabet alphabet : encoding.planes) all[planes].push_back(static_cast<std::int64_t>(alphabet));
  return all;
}

Attributes attributes(const CodebookWeights& encoding) {
  return {{table, {encoding.table.begin(), encoding.table.end()}}};
}

WeightEncoding read_terms(const Fields& fields, const importer::OnnxNode& node) {
  PowerOfTwoWeights encoding;
  for (const char* term : terms)
    if (node.has(term)) encoding.terms.push_back(fields.integers<int>(term));
  return encoding;
}

WeightEncoding read_planes(const Fields& fields) {
  PlaneWeights encoding;
  for (const int alphabet : fields.integers<int>(planes))
    encoding.planes.push_back(static_cast<PlaneAlphabet>(alphabet));
  encoding.coefficients = fields.integers<std::int16_t>(coefficients);
  return encoding;
}

WeightEncoding read_table(const Fields& fields) {
  CodebookWeights encoding;
  encoding.table = fields.integers<std::int16_t>(table);
  encoding.bits = encoding.table.empty() ? 0 : static_cast<int>(std::bit_width(encoding.table.size() - 1));
  return encoding;
}

}  // namespace

std::map<std::string, std::vector<std::int64_t>> encoding_attributes(const WeightEncoding& encoding) {
  return std::visit([](const auto& e) { return attributes(e); }, encoding);
}

int quant_bits(const WeightEncoding& encoding) {
  const auto* integers = std::get_if<UniformWeights>(&encoding);
  return integers ? integers->bits : value_bits(encoding);
}

WeightEncoding read_encoding(const importer::OnnxNode& node, int bits, int output_channels) {
  const Fields fields(node);
  WeightEncoding encoding = UniformWeights{bits};
  const bool has_terms = node.has(terms[0]) || node.has(terms[1]);
  const bool has_planes = node.has(planes) || node.has(coefficients);
  if (node.has(ternary) + has_terms + has_planes + node.has(table) > 1)
    node.refuse("has attributes of several weight encodings");
  if (node.has(ternary)) {
    if (fields.integers<int>(ternary) != std::vector{1}) node.refuse("its attribute \"{}\" is not 1", ternary);
    encoding = TernaryWeights{};
  }
  if (has_terms) encoding = read_terms(fields, node);
  if (has_planes) encoding = read_planes(fields);
  if (node.has(table)) encoding = read_table(fields);
  try {
    check_encoding(encoding, output_channels);
  } catch (const Error& error) {
    node.refuse("{}", error.what());
  }
  if (bits != quant_bits(encoding))
    node.refuse("its weights are {}, which have {} bits, and its Quant node says {}", encoding_name(encoding),
                quant_bits(encoding), bits);
  return encoding;
}

}  // namespace lutra::network::quantised_onnx
