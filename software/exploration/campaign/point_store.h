#pragma once

#include <filesystem>
#include <string>

#include "software/result/result.h"

namespace lutra::exploration {

// Results by the key of what they depend on (point_key.h): a folder of <key>.json, each a result as `lutra run` writes
// it. Programs may share one at the same time.
class PointStore {
 public:
  // Makes the folder. Throws Error when nothing can be written there.
  explicit PointStore(std::filesystem::path folder);

  bool has(const std::string& key) const;
  // Throws Error naming the file where it is damaged.
  result::Result load(const std::string& key) const;
  void save(const std::string& key, const std::string& result_json) const;

 private:
  std::filesystem::path file(const std::string& key) const;

  std::filesystem::path folder_;
};

}  // namespace lutra::exploration
