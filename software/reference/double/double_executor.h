#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/reference/executor.h"

namespace lutra::reference {

// What a network that comes quantised says of itself, in double precision and without the integer contract: tensors
// hold real values, Quantise nodes snap them to what codes stand for, layers multiply the given integers. Whole numbers
// of one unit are added up exactly. Slow: a yardstick for lutra diff, not for accuracies.
class DoubleExecutor {
 public:
  DoubleExecutor(const network::Graph& graph, const network::Normalisation& normalisation);
  ~DoubleExecutor();
  DoubleExecutor(DoubleExecutor&&) noexcept;

  // Every tensor's values, channel-planar, indexed by TensorId; without a final Softmax, what it reads stands for it.
  std::vector<std::vector<double>> run_all(std::span<const std::uint8_t> pixels) const;

  // The logits: what a final Softmax reads.
  std::vector<double> run(std::span<const std::uint8_t> pixels) const;

  // Index of the largest logit of each of the first `count` images; of equal ones the lowest.
  std::vector<int> classify(const network::Dataset& data, std::size_t count, int jobs = 0,
                            const Progress& progress = {}) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace lutra::reference
