#pragma once

#include <optional>
#include <string>

#include "software/exploration/point/entry_folder.h"
#include "software/result/result.h"

namespace lutra::exploration {

// Results by the key of what they depend on (point_key.h): a folder of `<key>.json.gz`, each a result as `lutra run`
// writes it. What cannot be believed is set aside (entry_folder.h) and absent.
class PointStore {
 public:
  // Makes the folder. Throws Error when nothing can be written there.
  PointStore(std::filesystem::path folder, Warn warn) : entries_(std::move(folder), std::move(warn)) {}

  bool has(const std::string& key) const { return find(key).has_value(); }
  std::optional<result::Result> find(const std::string& key) const;
  // Throws Error where there is none.
  result::Result load(const std::string& key) const;
  // `origin`: what the key was made of, as lines.
  void save(const std::string& key, const std::string& result_json, const std::string& origin) const;

 private:
  EntryFolder entries_;
};

}  // namespace lutra::exploration
