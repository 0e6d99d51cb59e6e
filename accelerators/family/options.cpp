#include "accelerators/family/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "accelerators/family/check_knob.h"
#include "accelerators/family/engine_knobs.h"
#include "software/common/error.h"

namespace lutra::accelerators {

std::string FamilyOptions::variant(const std::vector<std::string>& variants) const {
  if (config_.variant.empty()) return variants.front();
  if (std::find(variants.begin(), variants.end(), config_.variant) == variants.end())
    throw Error(fmt::format("engine: the {} family has no variant '{}'; it has: {}", config_.family, config_.variant,
                            fmt::join(variants, ", ")));
  return config_.variant;
}

const std::string* FamilyOptions::find(const std::string& name) {
  known_.insert(name);
  const auto found = config_.options.find(name);
  return found == config_.options.end() ? nullptr : &found->second;
}

std::string FamilyOptions::choice(const std::string& name, const std::vector<std::string>& words) {
  const std::string* written = find(name);
  if (written == nullptr) return words.front();
  if (std::find(words.begin(), words.end(), *written) == words.end())
    throw Error(fmt::format("engine: options.{} is '{}'; it can be: {}", name, *written, fmt::join(words, ", ")));
  return *written;
}

int FamilyOptions::integer(const std::string& name, int low, int high, int otherwise) {
  const std::string* written = find(name);
  if (written == nullptr) return otherwise;
  int value = 0;
  const auto [end, error] = std::from_chars(written->data(), written->data() + written->size(), value);
  if (error != std::errc() || end != written->data() + written->size() || value < low || value > high)
    throw Error(
        fmt::format("engine: options.{} is '{}'; it can be an integer within {}..{}", name, *written, low, high));
  return value;
}

bool FamilyOptions::flag(const std::string& name, bool otherwise) {
  if (find(name) == nullptr) return otherwise;
  return choice(name, {"false", "true"}) == "true";
}

void FamilyOptions::finish() const {
  for (const auto& [name, value] : config_.options)
    if (!known_.contains(name))
      throw Error(fmt::format("engine: the {} family{} has no option '{}'{}", config_.family,
                              config_.variant.empty() ? "" : fmt::format(" ({})", config_.variant), name,
                              known_.empty() ? "; it has none" : fmt::format("; it has: {}", fmt::join(known_, ", "))));
}

void check_array_knobs(const EngineConfig& config) {
  for_each_array_knob(config, [](const char* name, const auto& value, const auto& accepted, const char*) {
    check_knob(name, value, accepted);
  });
  for_each_shell_knob(config, [&](const char* name, const auto& value, const auto& accepted, const char*) {
    // Sums leave the array on as many lanes as the post-processor has.
    if (static_cast<const void*>(&value) == &config.post_lanes) check_knob(name, value, accepted);
  });
  constexpr int most_lanes = 1 << 18;  // far more than any device of the cost tables holds
  const int lanes = config.rows * config.columns * config.lanes;
  if (lanes > most_lanes)
    throw Error(
        fmt::format("engine: rows {} x columns {} x lanes {} are {} lanes, and an array has up to {}; reduce "
                    "one of them",
                    config.rows, config.columns, config.lanes, lanes, most_lanes));
}

}  // namespace lutra::accelerators
