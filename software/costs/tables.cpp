#include "software/costs/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/digest.h"
#include "software/common/error.h"
#include "software/common/files.h"

namespace lutra::costs {

namespace {

constexpr const char* devices_file = "devices.yaml";

// A file that nothing reads would leave its writer with the carried figures.
void refuse_other_files(const std::filesystem::path& folder) {
  std::vector<std::string> others;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml" && entry.path().filename() != devices_file)
      others.push_back(entry.path().string());
  if (others.empty()) return;
  std::sort(others.begin(), others.end());
  throw Error(fmt::format("{}: a folder of cost tables holds {} and no other table; move it away", others.front(),
                          devices_file));
}

}  // namespace

Tables carried_tables() { return {carried_devices(), {}}; }

Tables tables_before(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder))
    throw Error(fmt::format("{}: is no folder of cost tables; give one that holds {}", folder.string(), devices_file));
  refuse_other_files(folder);
  const std::filesystem::path file = folder / devices_file;
  const std::string text = read_text_file(file);
  const std::string digest = sha256(text);
  const YamlDocument document = parse_yaml(text, file.string());
  return {devices_before(document, fmt::format("user:devices@{}", digest.substr(0, 8))), digest};
}

const Device& find_device(const Tables& tables, const std::string& name) { return find_device(tables.devices, name); }

}  // namespace lutra::costs
