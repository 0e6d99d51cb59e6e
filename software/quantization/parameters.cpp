#include "software/quantization/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/common/nearest.h"

namespace lutra::quantization {

Parameters::Parameters(const std::vector<Parameter>& known, const std::map<std::string, std::string>& given) {
  std::vector<std::string> names;
  for (const Parameter& parameter : known) {
    names.push_back(parameter.name);
    values_[parameter.name] = parameter.choices.front();
  }
  for (const auto& [name, value] : given) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&wanted = name](const Parameter& parameter) { return parameter.name == wanted; });
    if (found == known.end()) {
      const std::string close = nearest(name, names);
      throw Error(fmt::format("parameter '{}' is not one of the scheme's{}; it has: {}", name,
                              close.empty() ? "" : fmt::format("; did you mean '{}'?", close),
                              names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
    }
    if (std::find(found->choices.begin(), found->choices.end(), value) == found->choices.end())
      throw Error(
          fmt::format("parameter '{}' cannot be '{}'; it can be: {}", name, value, fmt::join(found->choices, ", ")));
    values_[name] = value;
  }
}

}  // namespace lutra::quantization
