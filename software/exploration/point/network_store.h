#pragma once

#include <optional>
#include <string>

#include "software/exploration/point/entry_folder.h"
#include "software/network/quantised/quantised_network.h"
#include "software/result/result.h"

namespace lutra::exploration {

// Quantised networks and their accuracy by the key of what they depend on (PointKeys::network_key), so that points
// which differ in hardware alone quantise once: a folder of `<key>.onnx.gz` and `<key>.json.gz`. What cannot be
// believed is set aside (entry_folder.h) and absent.
class NetworkStore {
 public:
  // Makes the folder. Throws Error when nothing can be written there.
  NetworkStore(std::filesystem::path folder, Warn warn) : entries_(std::move(folder), std::move(warn)) {}

  std::optional<network::QuantisedNetwork> network(const std::string& key) const;
  void save(const std::string& key, const network::QuantisedNetwork& network) const;

  // Over this many images, and with the float network's where that is wanted.
  std::optional<result::AccuracyFacts> accuracy(const std::string& key, std::uint64_t images, bool with_float) const;
  void save(const std::string& key, const result::AccuracyFacts& accuracy) const;

 private:
  EntryFolder entries_;
};

// One network of a store.
struct StoredNetwork {
  const NetworkStore* store = nullptr;
  std::string key;
};

}  // namespace lutra::exploration
