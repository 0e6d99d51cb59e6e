#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "software/network/quantised/quantised_network.h"
#include "software/reference/integer/integer_kernels.h"

namespace lutra::reference {

// The edges of one image, [row][column][channel]. Each holds one element more than its shape, which dot products may
// read and never use.
struct IntegerFrame {
  explicit IntegerFrame(const network::QuantisedNetwork& network);

  // What the codes of an edge stand for.
  const std::int16_t* values(network::EdgeId edge) const {
    const auto& decoded = decoded_values[static_cast<std::size_t>(edge)];
    return decoded.empty() ? codes[static_cast<std::size_t>(edge)].data() : decoded.data();
  }

  std::vector<std::vector<std::int16_t>> codes;           // by EdgeId
  std::vector<std::vector<std::int16_t>> decoded_values;  // by EdgeId; empty where a code is its value
  std::vector<std::int16_t> padded;
  std::vector<std::int32_t> accumulators;
  std::vector<std::int32_t> group;
  std::vector<std::int32_t> post;
};

// One operation, prepared; immutable.
class IntegerStep {
 public:
  virtual ~IntegerStep() = default;
  virtual void run(IntegerFrame& frame) const = 0;
};

// The post-processing of an operation, prepared.
class IntegerPost {
 public:
  IntegerPost(const network::QuantisedNetwork& network, const network::PostProcess& post, const network::Shape& shape,
              const IntegerKernels& kernels);

  // Post-processes output row `y`. `accumulators` are `stride` apart from pixel to pixel.
  void run(const std::int32_t* accumulators, std::ptrdiff_t stride, int y, IntegerFrame& frame) const;

 private:
  struct PerChannel {
    PerChannel(const std::vector<network::Requantise>& all, int channels);
    ChannelRequantise view() const;
    std::vector<std::int64_t> multiplier, bias, shift;
  };

  network::PostProcess post_;
  network::Shape shape_;
  network::Shape skip_shape_;
  PerChannel scale_;
  PerChannel prelu_;
  IntegerKernels kernels_;
};

// Precondition: `network` is valid.
std::unique_ptr<IntegerStep> make_step(const network::QuantisedNetwork& network, const network::MatrixOp& op,
                                       const IntegerKernels& kernels);
std::unique_ptr<IntegerStep> make_step(const network::QuantisedNetwork& network, const network::PoolOp& op,
                                       const IntegerKernels& kernels);
std::unique_ptr<IntegerStep> make_step(const network::QuantisedNetwork& network, const network::ElementwiseOp& op,
                                       const IntegerKernels& kernels);
std::unique_ptr<IntegerStep> make_step(const network::QuantisedNetwork& network, const network::ConcatOp& op,
                                       const IntegerKernels& kernels);
std::unique_ptr<IntegerStep> make_step(const network::QuantisedNetwork& network, const network::ResampleOp& op,
                                       const IntegerKernels& kernels);

}  // namespace lutra::reference
