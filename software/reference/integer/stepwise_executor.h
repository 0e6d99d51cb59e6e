#pragma once

#include <cstdint>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::reference {

// Runs a network that is still being made over the first images of a data set, each operation once. It keeps every edge
// of every image until told to forget it.
class StepwiseExecutor {
 public:
  // `data` must outlive it and hold at least `images`.
  StepwiseExecutor(const network::Dataset& data, std::size_t images) : data_(data), edges_(images) {}

  // Executes what is new in `network`: the network of the call before, with edges and operations added; complete but
  // for its name and its output. Throws Error for what validate() refuses.
  void advance(const network::QuantisedNetwork& network);

  // What the edge's codes stand for, [row][column][channel]. Precondition: computed and not forgotten.
  std::vector<std::int16_t> values(network::EdgeId edge, std::size_t image) const;

  void forget(network::EdgeId edge);

 private:
  using Codes = std::vector<std::int16_t>;

  const network::Dataset& data_;
  std::vector<std::vector<Codes>> edges_;  // [image][edge]
  std::vector<network::ActivationEncoding> encodings_;
  std::size_t done_ = 0;  // operations executed
};

}  // namespace lutra::reference
