#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "software/network/quantised/quantised_network.h"
#include "software/result/result.h"

namespace lutra::exploration {

// Quantised networks and their accuracy by the key of what they depend on (PointKeys::network_key), so that points
// which differ in hardware alone quantise once: a folder of <key>.onnx and <key>.json. Programs may share one at the
// same time.
class NetworkStore {
 public:
  // Makes the folder. Throws Error when nothing can be written there.
  explicit NetworkStore(std::filesystem::path folder);

  std::optional<network::QuantisedNetwork> network(const std::string& key) const;
  void save(const std::string& key, const network::QuantisedNetwork& network) const;

  // Over this many images, and with the float network's where that is wanted. Throws Error where a file is damaged.
  std::optional<result::AccuracyFacts> accuracy(const std::string& key, std::uint64_t images, bool with_float) const;
  void save(const std::string& key, const result::AccuracyFacts& accuracy) const;

 private:
  std::filesystem::path file(const std::string& key, const char* suffix) const;

  std::filesystem::path folder_;
};

// One network of a store.
struct StoredNetwork {
  const NetworkStore* store = nullptr;
  std::string key;
};

}  // namespace lutra::exploration
