#include <fmt/format.h>
#include <fmt/ranges.h>

#include "software/common/error.h"
#include "software/quantization/scheme.h"
#include "software/quantization/uniform.h"

namespace lutra::quantization {

std::vector<const Scheme*> schemes() {
  static const UniformScheme uniform;
  return {&uniform};
}

const Scheme& find_scheme(const std::string& name) {
  std::vector<std::string> names;
  for (const Scheme* scheme : schemes()) {
    if (scheme->name() == name) return *scheme;
    names.push_back(scheme->name());
  }
  throw Error(fmt::format("there is no scheme '{}'; the schemes are: {}", name, fmt::join(names, ", ")));
}

}  // namespace lutra::quantization
