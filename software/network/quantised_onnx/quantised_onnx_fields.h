#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "software/network/onnx/onnx_node.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::network::quantised_onnx {

// A node's attributes as the types of quantised_network.h. Each throws Error naming the node when the attribute is
// absent, of another type or length, or out of range.
class Fields {
 public:
  explicit Fields(const importer::OnnxNode& node) : node_(node) {}

  int integer(const std::string& name) const;
  template <typename Integer>
  std::vector<Integer> integers(const std::string& name) const;  // of int or std::int16_t
  template <std::size_t count>
  std::array<int, count> integers_of(const std::string& name) const;  // two, three or four
  std::vector<double> doubles(const std::string& name) const;
  std::vector<Requantise> requantises(const std::string& prefix) const;
  Requantise requantise(const std::string& prefix) const;
  Window window() const;

 private:
  const importer::OnnxNode& node_;
};

}  // namespace lutra::network::quantised_onnx
