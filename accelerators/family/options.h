#pragma once

#include <set>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"

namespace lutra::accelerators {

// Reads the knobs of EngineConfig that belong to one family. Each function throws Error naming the knob, the value and
// what is possible.
class FamilyOptions {
 public:
  explicit FamilyOptions(const EngineConfig& config) : config_(config) {}

  // config.variant; the first of `variants` where it is empty.
  std::string variant(const std::vector<std::string>& variants) const;

  std::string choice(const std::string& name, const std::vector<std::string>& words);  // default: the first
  int integer(const std::string& name, int low, int high, int otherwise);
  bool flag(const std::string& name, bool otherwise);  // "true" or "false"

  // Throws Error for an option that none of the calls before has asked for.
  void finish() const;

 private:
  const std::string* find(const std::string& name);

  const EngineConfig& config_;
  std::set<std::string> known_;
};

// Knobs every array has, within what command fields and registers can express.
void check_array_knobs(const EngineConfig& config);

}  // namespace lutra::accelerators
