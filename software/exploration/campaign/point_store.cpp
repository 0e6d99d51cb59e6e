#include "software/exploration/campaign/point_store.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/result/result_json.h"

namespace lutra::exploration {

namespace {

std::string name_of(const std::string& key) { return key + ".json.gz"; }

}  // namespace

std::optional<result::Result> PointStore::find(const std::string& key) const {
  return entries_.load(
      name_of(key), [](const std::string& json, const std::string& place) { return result::from_json(json, place); });
}

result::Result PointStore::load(const std::string& key) const {
  if (auto result = find(key)) return std::move(*result);
  throw Error(fmt::format("the stored result {} was damaged or removed while points ran; run again", name_of(key)));
}

void PointStore::save(const std::string& key, const std::string& result_json, const std::string& origin) const {
  entries_.save(name_of(key), result_json, origin);
}

}  // namespace lutra::exploration
