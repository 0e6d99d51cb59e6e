#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "software/scenario/override.h"

namespace lutra::exploration {

// SHA-256 of the running program: another build is another program.
std::string program_digest();

// Names points by what their results depend on: program, scenario, and the content of every file the scenario reads.
// Equal keys, equal results.
class PointKeys {
 public:
  PointKeys(std::string program, std::optional<std::filesystem::path> data);

  // 64 hexadecimal digits. Throws Error when a file is missing or a data set cannot be read.
  std::string key(const scenario::Variant& variant, bool float_accuracy);

  // The same for the quantised network alone: equal for variants that differ in hardware only. A scheme that looks at
  // the hardware (progressive.measure) depends on everything.
  std::string network_key(const scenario::Variant& variant);

 private:
  std::string inputs(const scenario::Scenario& scenario);  // program and files, as text
  const std::string& file_digest(const scenario::Scenario& scenario, const std::string& written);
  const std::string& images_digest(const scenario::Scenario& scenario, network::Split split);

  std::string program_;
  std::optional<std::filesystem::path> data_;
  std::map<std::string, std::string> digests_;  // by path, or by data set and split
};

}  // namespace lutra::exploration
