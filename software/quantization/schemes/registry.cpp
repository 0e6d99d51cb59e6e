#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "software/common/error.h"
#include "software/quantization/scheme.h"
#include "software/quantization/schemes/uniform.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

std::vector<const Scheme*> schemes() {
  static const UniformScheme uniform;
  static const std::array fitted{FittedScheme(twn()),          FittedScheme(bwn()),  FittedScheme(sttn()),
                                 FittedScheme(stqn()),         FittedScheme(aptq()), FittedScheme(apq()),
                                 FittedScheme(power_of_two()), FittedScheme(apot()), FittedScheme(codebook()),
                                 FittedScheme(bwa())};
  std::vector<const Scheme*> all{&uniform};
  for (const FittedScheme& scheme : fitted) all.push_back(&scheme);
  return all;
}

const Scheme& find_scheme(const std::string& name) {
  std::vector<std::string> names;
  for (const Scheme* scheme : schemes()) {
    if (scheme->name() == name) return *scheme;
    names.push_back(scheme->name());
  }
  throw Error(fmt::format("unknown scheme '{}'; the schemes are: {}", name, fmt::join(names, ", ")));
}

}  // namespace lutra::quantization
