#pragma once

#include <optional>
#include <string>

#include "software/exploration/point/entry_folder.h"
#include "software/exploration/point/flow.h"

namespace lutra::exploration {

// Measured networks by the key of what they depend on (PointKeys::network_key), so that points which differ in hardware
// alone quantise once: a folder of `<key>.onnx.gz` and `<key>.json.gz`. What cannot be believed is set aside
// (entry_folder.h) and absent.
class NetworkStore {
 public:
  // Makes the folder. Throws Error when nothing can be written there.
  NetworkStore(std::filesystem::path folder, Warn warn) : entries_(std::move(folder), std::move(warn)) {}

  std::optional<MeasuredNetwork> load(const std::string& key) const;
  // `origin`: what the key was made of, as lines.
  void save(const std::string& key, const MeasuredNetwork& measured, const std::string& origin) const;

 private:
  EntryFolder entries_;
};

// A measured network as one text, and back, between processes.
std::string to_text(const MeasuredNetwork& measured);
MeasuredNetwork measured_from_text(std::string_view text, const std::string& place);

}  // namespace lutra::exploration
