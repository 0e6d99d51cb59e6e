#include "software/common/terminal/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace lutra::terminal {

namespace {

ValueKind kind_named(const Program& program, std::string name, Paths otherwise) {
  name = name.substr(0, name.find('.'));
  for (char& letter : name)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  const auto found = std::find_if(program.kinds.begin(), program.kinds.end(),
                                  [&](const ValueKind& kind) { return kind.name == name; });
  return found == program.kinds.end() ? ValueKind{name, {}, otherwise} : *found;
}

}  // namespace

ValueKind value_of(const Program& program, const Option& option) {
  if (!option.choices.empty()) return {"", option.choices, Paths::none};
  return kind_named(program, option.argument, Paths::none);
}

ValueKind value_of_argument(const Program& program, const std::string& name) {
  return kind_named(program, name, Paths::files);
}

std::string listed(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

}  // namespace lutra::terminal
