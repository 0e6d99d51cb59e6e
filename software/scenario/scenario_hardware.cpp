#include "software/scenario/scenario_hardware.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "accelerators/family/engine_knobs.h"
#include "accelerators/family/family.h"
#include "models/base/soc_checks.h"
#include "models/base/soc_knobs.h"
#include "software/common/embedded.h"
#include "software/scenario/knob_reader.h"

namespace lutra::scenario {

std::vector<std::string> table_names(const std::string& folder) {
  constexpr std::string_view suffix = ".yaml";
  std::vector<std::string> names;
  for (const std::string& path : list_embedded(folder + "/"))
    names.push_back(path.substr(folder.size() + 1, path.size() - folder.size() - 1 - suffix.size()));
  return names;
}

void check_together(const YamlReader& reader, const models::CacheConfig& cache) {
  if (cache.bytes != 0 && cache.bytes < cache.ways * cache.line_bytes)
    reader.fail(
        fmt::format("{} bytes cannot hold {} ways of {}-byte lines", cache.bytes, cache.ways, cache.line_bytes));
}

void check_together(const YamlReader& reader, const models::SocConfig& soc) {
  if (const std::string found = models::contradiction(soc); !found.empty()) reader.fail(found);
}

std::optional<accelerators::EngineConfig> read_engine(const YamlReader& reader) {
  accelerators::EngineConfig engine;
  if (reader.is_scalar()) {
    if (reader.choice({"none", accelerators::automatic_family}) == 0) return std::nullopt;
    engine.family = accelerators::automatic_family;
    return engine;
  }
  read_knobs(reader, engine);
  for (const auto& [key, value] : reader.entries()) {
    if (key != "family") continue;
    auto names = accelerators::family_names();
    names.emplace_back(accelerators::automatic_family);
    value.choice(names);
  }
  return engine;
}

models::SocConfig read_soc(const YamlReader& reader) {
  models::SocConfig soc;
  read_knobs(reader, soc);
  return soc;
}

}  // namespace lutra::scenario
