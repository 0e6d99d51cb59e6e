#include "software/costs/table_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "software/common/digest.h"
#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/files.h"

namespace lutra::costs {

namespace {

constexpr std::string_view suffix = ".yaml";
constexpr std::string_view own_folder = "software/costs/tables/";
constexpr std::string_view beside_block = "costs";
constexpr std::string_view named_as_block = "asic";
constexpr std::string_view lut_factors = "lut_factors";

// models/cpu/costs/hart_45nm.yaml is energy/45nm/hart, accelerators/mac/costs/asic_45nm.yaml is energy/45nm/mac, and
// accelerators/mac/costs/lut_factors.yaml is lut_factors/mac. Empty: the file is no table of prices.
std::string table_id(const std::filesystem::path& path) {
  const std::string stem = path.stem().string();
  const std::size_t before_node = stem.rfind('_');
  if (path.parent_path().filename() != beside_block || before_node == std::string::npos) return "";
  const std::string name = stem.substr(0, before_node);
  const std::string block = path.parent_path().parent_path().filename().string();
  if (stem == lut_factors) return fmt::format("{}/{}", lut_factors, block);
  return fmt::format("energy/{}/{}", stem.substr(before_node + 1), name == named_as_block ? block : name);
}

std::map<std::string, TableText> carried_tables() {
  std::map<std::string, TableText> tables;
  const auto add = [&](const std::string& id, const std::string& path) {
    const auto [there, fresh] = tables.emplace(id, TableText{id, path, std::string(find_embedded(path).value())});
    if (!fresh) throw Error(fmt::format("{} and {} are both cost table '{}'", there->second.file, path, id));
  };
  for (const std::string& path : list_embedded(own_folder))
    add(path.substr(own_folder.size(), path.size() - own_folder.size() - suffix.size()), path);
  for (const char* blocks : {"models/", "accelerators/"})
    for (const std::string& path : list_embedded(blocks))
      if (const std::string id = table_id(path); !id.empty()) add(id, path);
  return tables;
}

}  // namespace

TableFiles::TableFiles() : carried_(carried_tables()) {}

TableFiles::TableFiles(const std::filesystem::path& folder) : TableFiles() {
  std::error_code failure;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, failure)) {
    if (entry.path().extension() != suffix) continue;
    const std::string id = entry.path().lexically_relative(folder).replace_extension().generic_string();
    const std::string text = read_text_file(entry.path());
    user_[id] = {fmt::format("user:{}@{}", id, sha256(text).substr(0, 8)), entry.path().string(), text};
  }
  if (failure) throw Error(fmt::format("{}: is no folder of cost tables: {}", folder.string(), failure.message()));
  if (user_.empty())
    throw Error(fmt::format("{}: holds no cost table; a table is a file <id>.yaml, as devices.yaml", folder.string()));
  std::string all;
  for (const auto& [id, table] : user_) all += fmt::format("{} {}\n", id, sha256(table.text));
  digest_ = sha256(all);
}

const TableText& TableFiles::at(const std::string& id) {
  const std::vector<const TableText*> found = layers(id);
  if (found.empty())
    throw Error(
        fmt::format("there is no cost table '{}'; the folder of cost tables must hold it as {}{}", id, id, suffix));
  return *found.back();
}

std::vector<const TableText*> TableFiles::layers(const std::string& id) {
  asked_.insert(id);
  std::vector<const TableText*> found;
  for (const auto* tables : {&carried_, &user_})
    if (const auto table = tables->find(id); table != tables->end()) found.push_back(&table->second);
  return found;
}

bool TableFiles::has(const std::string& id) const { return carried_.contains(id) || user_.contains(id); }

void TableFiles::refuse_unread() const {
  for (const auto& [id, table] : user_)
    if (!asked_.contains(id))
      throw Error(fmt::format("{}: nothing reads a cost table '{}'; correct its name, or name it in targets.yaml",
                              table.file, id));
}

}  // namespace lutra::costs
