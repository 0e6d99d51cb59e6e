#pragma once

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "software/common/error.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::network::given {

template <typename... Arguments>
[[noreturn]] void refuse(const std::string& place, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  throw Error(place + ": " + fmt::format(format, std::forward<Arguments>(arguments)...));
}

// What the lowering knows of a tensor of the file.

// Codes on an edge: value = (code - zero) * scale.
struct Codes {
  EdgeId edge = -1;
  double scale = 1;
  double zero = 0;
  int low = 0;  // reachable
  int high = 255;
  bool flattened = false;  // the tensor is a vector, the edge still an image

  // The pad code stands for 0.
  bool has_zero() const { return zero >= low && zero <= high && zero == static_cast<int>(zero); }
};

// One step from sums to values, of a channel; lists have one entry, or one per channel.
//   (x - centre) / divisor * factor + offset
struct Affine {
  std::vector<double> centre{0};
  double divisor = 1;
  std::vector<double> factor{1};
  std::vector<double> offset{0};
};

using Stage = std::variant<Affine, Clip, PRelu>;

double apply(const Stage& stage, std::size_t channel, double value);
double apply(const std::vector<Stage>& stages, std::size_t channel, double value);

using Body = std::variant<MatrixOp, PoolOp, ElementwiseOp>;

// Sums that still have to become codes, in an operation without its post-processing.
struct Sums {
  std::string name;
  std::shared_ptr<const Body> body;
  Shape shape;
  std::vector<std::int64_t> low, high;  // reachable, one or one per channel
  std::vector<Stage> stages;            // in front of the addition, then behind it
  std::optional<Codes> skip;
  std::vector<Stage> after;
  std::vector<Window> pools;  // maxima that are taken of the codes instead
  bool flattened = false;

  std::vector<Stage>& last_stages() { return skip ? after : stages; }
};

// Tensors side by side along channels.
struct Parts {
  std::string name;
  std::vector<Codes> inputs;
};

// The network's input as pixels.
struct Pixels {
  std::vector<Stage> stages;
};

using Value = std::variant<Pixels, Codes, Sums, Parts>;

}  // namespace lutra::network::given
