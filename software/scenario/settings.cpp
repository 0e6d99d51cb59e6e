#include "software/scenario/settings.h"

#include <filesystem>

#include "software/common/error.h"

namespace lutra::scenario {

BaseScenario read_base(const YamlReader& reader, const std::string& file, const costs::Tables& tables) {
  const std::string written = reader.text();
  const std::filesystem::path beside = std::filesystem::path(file).parent_path() / written;
  std::error_code ignored;
  const bool is_file = std::filesystem::exists(beside, ignored);
  try {
    return load_base(is_file ? beside.string() : written, tables);
  } catch (const Error& error) {
    reader.fail(error.what());
  }
}

Overrides read_settings(const YamlReader& reader, const std::string& file) {
  Overrides settings;
  for (const auto& [key, value] : reader.entries())
    settings.push_back(std::make_shared<const Override>(
        Override{parse_key_path(key, value.place()), value.value(), file, value.value().line}));
  return settings;
}

}  // namespace lutra::scenario
