#include "models/base/dram_kinds.h"

#include <string_view>

#include "software/common/embedded.h"

namespace lutra::models {

std::vector<std::string> dram_kinds() {
  constexpr std::string_view prefix = "models/dram/timing/";
  constexpr std::string_view suffix = ".yaml";
  std::vector<std::string> kinds;
  for (const std::string& file : list_embedded(std::string(prefix)))
    kinds.push_back(file.substr(prefix.size(), file.size() - prefix.size() - suffix.size()));
  return kinds;
}

}  // namespace lutra::models
