#include "software/exploration/campaign/point_store.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/result/result_json.h"

namespace lutra::exploration {

PointStore::PointStore(std::filesystem::path folder) : folder_(std::move(folder)) { require_writable(folder_); }

std::filesystem::path PointStore::file(const std::string& key) const { return folder_ / (key + ".json"); }

bool PointStore::has(const std::string& key) const {
  std::error_code ignored;
  return std::filesystem::exists(file(key), ignored);
}

result::Result PointStore::load(const std::string& key) const {
  const std::string name = file(key).string();
  const std::string text = read_text_file(name);
  try {
    return result::from_json(text, name);
  } catch (const Error& error) {
    throw Error(fmt::format("{}; the stored result is damaged: remove it, and the point runs again", error.what()));
  }
}

void PointStore::save(const std::string& key, const std::string& result_json) const {
  write_file(file(key), result_json);
}

}  // namespace lutra::exploration
