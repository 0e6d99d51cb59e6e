#pragma once

#include <functional>

#include "software/network/data/dataset.h"
#include "software/network/given/inexact.h"
#include "software/network/given/steps.h"
#include "software/network/given/value.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::network::given {

// A slope is among them.
bool is_bent(const std::vector<Stage>& stages);

// The network in the making: values become codes on edges, and operations that make them.
class Finisher {
 public:
  Finisher(const Normalisation& normalisation, Inexact inexact) : normalisation_(normalisation), inexact_(inexact) {}

  // Each yields the codes that `quantise` makes of a value, on an edge called `name`; `place` names the node.
  Codes finish(const Pixels& pixels, const Shape& shape, const Quantise& quantise, const std::string& name,
               const std::string& place);
  Codes finish(const Sums& sums, const Quantise& quantise, const std::string& name, const std::string& place);
  Codes finish(const Parts& parts, const Quantise& quantise, const std::string& name, const std::string& place);

  // Pixels that the file does not quantise, as codes 0..255.
  Codes take_pixels(const Pixels& pixels, const Shape& shape, const std::string& name, const std::string& place);
  // Sums that are the network's output, as a 16-bit stream.
  Codes finish_logits(const Sums& sums, const std::string& name, const std::string& place);

  Codes pool_maximum(const Codes& codes, const Window& window, const std::string& name);
  Codes resample(const Codes& codes, const Shape& shape, const std::array<int, 3>& start,
                 const std::array<int, 3>& step, const std::string& name, const std::string& place);

  const Shape& shape(const Codes& codes) const { return network_.edges[static_cast<std::size_t>(codes.edge)].shape; }
  QuantisedNetwork& network() { return network_; }
  std::vector<Difference> differences() const { return differences_; }

 private:
  struct Fit {
    std::vector<Requantise> requantise;
    std::int64_t different = 0;
    std::int64_t possible = 0;
    std::string example;  // of a difference
  };

  Codes finish_alone(Sums sums, const Quantise& quantise, const std::string& name, const std::string& place);
  Codes finish_bent(const Sums& sums, const Quantise& quantise, const std::string& name, const std::string& place);
  Codes finish_added(const Sums& sums, const Quantise& quantise, const std::string& name, const std::string& place);
  std::optional<PostProcess> add_exactly(const Sums& sums, const Quantise& quantise, const ClampRange& clamp) const;
  PostProcess add_nearly(const Sums& sums, const Quantise& quantise, const ClampRange& clamp, const std::string& place);
  // `steps` of every channel, one after the other.
  static Fit fit(std::size_t channels, const std::function<Steps(std::size_t)>& steps, const ClampRange& clamp);
  void accept(const Fit& fit, const Quantise& quantise, const std::string& place);
  Codes write(const Sums& sums, PostProcess post, const ClampRange& range, const Quantise& quantise,
              const std::string& name, const std::string& place);
  Codes add_edge(const std::string& name, const Shape& shape, const Quantise& quantise, const ClampRange& range,
                 const std::string& place);
  double real_pixel(int channel, int pixel) const;

  const Normalisation& normalisation_;
  Inexact inexact_;
  QuantisedNetwork network_;
  std::vector<Difference> differences_;
};

}  // namespace lutra::network::given
