#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"
#include "software/quantization/parameters.h"

namespace lutra::quantization {

enum class RangeMethod { minimum_maximum, percentile, mean_squared_error };

// How the codes that matrix operations read stand for values.
enum class ActivationCoding {
  uniform,  // integers
  ternary,  // three levels
  bwa       // integers whose bits have a fitted value each
};

enum class RequantiseForm {
  multiplier,
  shift  // every multiplier is a power of two, and so is every ratio of scales
};

struct LayerWidths {
  int weight_bits = 8;
  int activation_bits = 8;  // of the layer's output
};

// Weight bits that fall from layer to layer: software/quantization/progressive/progressive.h chooses them, into
// Options::layers.
struct Progressive {
  std::vector<int> levels{4, 3, 2};  // weight bits, descending, 1..8
  // Of the output of a layer at each of the levels, never rising, 2..8; empty: Options::activation_bits at all of them.
  std::vector<int> activation_levels;
  enum class Measure { memory, cycles, energy } measure = Measure::memory;
  // Of the measure: bytes, cycles or microjoules; or, up to 1, the part of what the network with Options::weight_bits
  // in every layer needs.
  double budget = 0.75;
  int images = 2000;  // labelled images on which the layers' features are compared
};

// Knobs every scheme shares; a scheme may have its own in `parameters`.
struct Options {
  std::string scheme = "uniform";
  int weight_bits = 8;
  int activation_bits = 8;
  int first_last_bits = 8;                    // weights and input of the first and the last layer; 0: as the others
  std::map<std::string, LayerWidths> layers;  // by node name; overrides everything above
  RangeMethod range = RangeMethod::mean_squared_error;
  double percentile = 99.99;
  int calibration_images = 256;
  bool wide_skip = false;  // residual additions read a 16-bit stream instead of codes
  ActivationCoding activations = ActivationCoding::uniform;
  RequantiseForm requantise = RequantiseForm::multiplier;
  std::optional<Progressive> progressive;
  std::map<std::string, std::string> parameters;  // the scheme's own knobs, as written
};

struct WidthRange {
  int lowest = 2;
  int highest = 8;
};

// Calibrates and lowers a float network. Deterministic. `calibration` holds at least Options::calibration_images
// images. Throws Error naming the node for what cannot be lowered, and for an accumulator that may leave int32.
class Scheme {
 public:
  virtual ~Scheme() = default;
  virtual std::string name() const = 0;
  virtual std::string summary() const = 0;
  virtual WidthRange weight_widths() const = 0;                     // others are plain integers (or signs, of one bit)
  virtual std::vector<Parameter> parameters() const { return {}; }  // that Options::parameters may hold
  virtual network::QuantisedNetwork quantise(const network::Graph& graph, const network::Normalisation& normalisation,
                                             const network::Dataset& calibration, const Options& options) const = 0;
};

// Throws Error naming the known schemes.
const Scheme& find_scheme(const std::string& name);
std::vector<const Scheme*> schemes();

}  // namespace lutra::quantization
