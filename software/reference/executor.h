#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"
#include "software/reference/answer.h"

namespace lutra::reference {

// Called from the calling thread with the number of images done; for progress bars.
using Progress = std::function<void(std::size_t done)>;

// Bit-exact integer execution of a quantised network on the host. Immutable after construction; run() may be called
// from several threads.
class IntegerExecutor {
 public:
  explicit IntegerExecutor(const network::QuantisedNetwork& network);
  ~IntegerExecutor();
  IntegerExecutor(IntegerExecutor&&) noexcept;

  // The output edge's values for one image of pixels (channel-planar bytes).
  std::vector<std::int32_t> run(std::span<const std::uint8_t> pixels) const;

  // The input edge's codes, pixel by pixel, channels innermost: [row][column][channel].
  std::vector<std::int32_t> input_codes(std::span<const std::uint8_t> pixels) const;

  // Every edge's codes, [row][column][channel], indexed by EdgeId: for tests and for finding a difference.
  std::vector<std::vector<std::int32_t>> run_all(std::span<const std::uint8_t> pixels) const;

  // Index of the largest logit of each of the first `count` images (ties: the lowest index), with `jobs` threads (0:
  // all cores). The result does not depend on `jobs`.
  std::vector<int> classify(const network::Dataset& data, std::size_t count, int jobs = 0,
                            const Progress& progress = {}) const;

  // The same of images whose labels are known.
  std::vector<Answer> answer(const network::Dataset& data, std::size_t count, int jobs = 0,
                             const Progress& progress = {}) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// Float execution, same results on every machine (no fused multiply-add, fixed order of summation).
class FloatExecutor {
 public:
  FloatExecutor(const network::Graph& graph, const network::Normalisation& normalisation);
  ~FloatExecutor();
  FloatExecutor(FloatExecutor&&) noexcept;

  // The output tensor for one image; Softmax included where the graph has one.
  std::vector<float> run(std::span<const std::uint8_t> pixels) const;

  // Every tensor's values, channel-planar, indexed by TensorId: for calibration.
  std::vector<std::vector<float>> run_all(std::span<const std::uint8_t> pixels) const;

  // Of the exact values, where the data set has them.
  std::vector<int> classify(const network::Dataset& data, std::size_t count, int jobs = 0,
                            const Progress& progress = {}) const;
  std::vector<Answer> answer(const network::Dataset& data, std::size_t count, int jobs = 0,
                             const Progress& progress = {}) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace lutra::reference
