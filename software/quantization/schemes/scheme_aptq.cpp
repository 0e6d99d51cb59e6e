#include "software/quantization/schemes/sign_planes.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

namespace {

using network::PlaneAlphabet;

constexpr int most_difference = 6;

// 2^a B1 + 2^b B2, the smaller exponent 0: a filter's scale holds the rest.
PlaneChoices choices(const Parameters& parameters) {
  const std::string& form = parameters.at("form");
  const int difference = std::stoi(parameters.at("largest_difference"));
  PlaneChoices all;
  const bool asymmetric = form == "asymmetric";
  all.planes = asymmetric ? std::vector{PlaneAlphabet::positive, PlaneAlphabet::negative}
                          : std::vector{PlaneAlphabet::signs, PlaneAlphabet::signs};
  if (form != "different") all.coefficients.push_back({1, 1});
  for (int d = 1; d <= difference && form != "equal"; ++d) {
    const auto power = static_cast<std::int16_t>(1 << d);
    all.coefficients.push_back({power, 1});
    if (asymmetric) all.coefficients.push_back({1, power});
  }
  return all;
}

std::vector<std::string> differences() {
  std::vector<std::string> names{"3"};
  for (int d = 1; d <= most_difference; ++d)
    if (d != 3) names.push_back(std::to_string(d));
  return names;
}

}  // namespace

WeightScheme aptq() {
  return {"aptq",
          "two sign planes with powers of two, exponents per filter (APTQ)",
          {2, 2},
          {{"form",
            {"equal", "different", "free", "asymmetric"},
            "exponents: a = b (ternary), a != b, the better of both, or planes of {0, 2^a} and {0, -2^b}"},
           {"largest_difference", differences(), "of a filter's two exponents"}},
          [](const LayerProblem& layer, int, const Parameters& parameters) {
            return encode_planes(layer, choices(parameters));
          }};
}

}  // namespace lutra::quantization
