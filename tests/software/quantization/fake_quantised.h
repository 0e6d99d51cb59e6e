#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "software/network/encoding/encoding.h"
#include "software/quantization/lowering/input.h"
#include "software/quantization/trained/trained.h"
#include "software/quantization/trained/training_plan.h"
#include "software/reference/executor.h"
#include "software/reference/float/float_executor_kernels.h"
#include "tests/software/quantization/layers.h"

// Networks as a trainer leaves them, and what it computes with them: floats that are rounded to what codes can express.

namespace lutra::test {

using quantization::ActivationCoding;
using quantization::CodeChoice;
using quantization::Options;
using quantization::TrainedNetwork;
using quantization::TrainingPlan;

// A part of the peak that makes no two tensors' steps a simple fraction, whose sums would lie right between two codes.
constexpr double clipped = 0.7931;

// Codes of a tensor whose largest magnitude is `peak`, which they clip a little.
inline CodeChoice made_up_codes(const TrainingPlan::Codes& codes, double peak) {
  CodeChoice choice;
  choice.encoding.bits = codes.bits;
  choice.encoding.is_signed = codes.is_signed;
  if (codes.coding == ActivationCoding::ternary) {
    choice.encoding.is_signed = choice.encoding.is_ternary = true;
    choice.encoding.pad_code = codes.is_signed ? 0 : -1;
    choice.step = choice.unit = codes.is_signed ? 1.0 : 0.35 * peak;
    return choice;
  }
  choice.step = choice.unit = clipped * peak / choice.encoding.highest();
  if (codes.coding == ActivationCoding::uniform) return choice;
  choice.unit = choice.step / 9;
  for (int code = 0; code < 1 << codes.bits; ++code) {
    int level = 0;
    for (int bit = 0; bit < codes.bits; ++bit) {
      const bool is_sign = codes.is_signed && bit + 1 == codes.bits;
      if ((code >> bit & 1) != 0) level += (is_sign ? -1 : 1) * ((9 << bit) + 2 - 3 * bit);
    }
    choice.encoding.levels.push_back(level);
  }
  return choice;
}

inline float rounded(float value, const CodeChoice& choice) {
  const network::ActivationEncoding& encoding = choice.encoding;
  const double code = std::clamp(std::floor(value / choice.step + 0.5) + encoding.pad_code,
                                 static_cast<double>(encoding.lowest()), static_cast<double>(encoding.highest()));
  const int value_above_zero =
      network::value_of(encoding, static_cast<int>(code)) - network::value_of(encoding, encoding.pad_code);
  return static_cast<float>(value_above_zero * choice.unit);
}

// Evaluates a graph node by node. Every read is of the rounded tensor but for the plan's streams.
class FakeQuantised {
 public:
  FakeQuantised(const network::Graph& graph, const network::Normalisation& normalisation, const TrainingPlan& plan)
      : graph_(graph),
        plan_(plan),
        input_(quantization::encode_input(normalisation, shape(graph.input).channels, plan.input_bits)) {
    for (const network::Node& node : graph.nodes) {
      std::vector<network::Shape> inputs;
      for (const network::TensorId input : node.inputs) inputs.push_back(shape(input));
      kernels_.push_back(reference::make_float_kernel(node.op, inputs, shape(node.output), node.name));
    }
  }

  // Every tensor, not rounded. Tensors of the plan that `codes` lacks get made-up ones.
  std::vector<std::vector<float>> run(std::span<const std::uint8_t> pixels,
                                      std::map<network::TensorId, CodeChoice>& codes) const {
    std::vector<std::vector<float>> exact(graph_.tensors.size());
    const auto plane = static_cast<std::size_t>(shape(graph_.input).height * shape(graph_.input).width);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const auto code = std::clamp<std::int64_t>(network::apply(input_.channels[i / plane], pixels[i]),
                                                 input_.encoding.lowest(), input_.encoding.highest());
      exact[index(graph_.input)].push_back(static_cast<float>(static_cast<double>(code) * input_.scale));
    }
    std::vector<std::vector<float>> coded = exact;
    reference::FloatScratch scratch;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const network::Node& node = graph_.nodes[i];
      std::vector<const float*> inputs;
      for (std::size_t k = 0; k < node.inputs.size(); ++k)
        inputs.push_back((plan_.streams.count({i, k}) != 0 ? exact : coded)[index(node.inputs[k])].data());
      std::vector<float>& output = exact[index(node.output)];
      output.resize(static_cast<std::size_t>(shape(node.output).elements()));
      kernels_[i](inputs, output.data(), scratch);
      coded[index(node.output)] = output;
      const auto planned = plan_.tensors.find(node.output);
      if (planned == plan_.tensors.end()) continue;
      if (codes.count(node.output) == 0) codes[node.output] = made_up_codes(planned->second, peak(output));
      for (float& value : coded[index(node.output)]) value = rounded(value, codes[node.output]);
    }
    return exact;
  }

 private:
  static std::size_t index(network::TensorId tensor) { return static_cast<std::size_t>(tensor); }
  const network::Shape& shape(network::TensorId tensor) const { return graph_.tensors[index(tensor)].shape; }
  static double peak(const std::vector<float>& values) {
    float largest = 1e-3F;
    for (const float value : values) largest = std::max(largest, std::abs(value));
    return largest;
  }

  const network::Graph& graph_;
  const TrainingPlan& plan_;
  quantization::InputEncoding input_;
  std::vector<reference::FloatKernel> kernels_;
};

// Random values of the encoding, and scales with which a layer's gain is about one.
inline network::Weights random_codes(const network::WeightEncoding& encoding, int filters, std::size_t per_filter,
                                     Draw& draw) {
  network::Weights weights{{}, encoding, {}};
  for (int filter = 0; filter < filters; ++filter) {
    const std::vector<int> values = network::weight_values(encoding, filter);
    double power = 1e-9;
    for (std::size_t i = 0; i < per_filter; ++i) {
      const int value = values[static_cast<std::size_t>(draw.between(0, static_cast<int>(values.size()) - 1))];
      power += value * value;
      weights.values.push_back(static_cast<std::int16_t>(value));
    }
    weights.scales.push_back(draw.between(70, 130) / 100.0 / std::sqrt(power));
  }
  return weights;
}

using MakeEncoding = std::function<network::WeightEncoding(int filters, Draw& draw)>;

// Shifts the biases of the linear layer that ends the network so that no class is the largest for most images.
inline void centre_logits(TrainedNetwork& trained, const TrainingPlan& plan, const network::Dataset& data) {
  auto& bias = std::get<network::Linear>(trained.graph.nodes.back().op).bias;
  std::vector<double> means(bias.size());
  const FakeQuantised floats(trained.graph, signed_pixels, plan);
  for (std::size_t image = 0; image < data.size(); ++image) {
    const auto tensors = floats.run(data.image(image), trained.activations);
    for (std::size_t i = 0; i < means.size(); ++i)
      means[i] += static_cast<double>(tensors[static_cast<std::size_t>(trained.graph.output)][i]);
  }
  for (std::size_t i = 0; i < means.size(); ++i)
    bias[i] -= static_cast<float>(means[i] / static_cast<double>(data.size()));
}

// Puts random codes in place of the weights of `graph`, and of its tensors all that the plan names.
inline TrainedNetwork make_trained(network::Graph graph, const TrainingPlan& plan, const MakeEncoding& make,
                                   const network::Dataset& data, unsigned seed) {
  Draw draw(seed);
  TrainedNetwork trained;
  for (network::Node& node : graph.nodes) {
    auto* convolution = std::get_if<network::Convolution>(&node.op);
    auto* linear = std::get_if<network::Linear>(&node.op);
    if (convolution == nullptr && linear == nullptr) continue;
    std::vector<float>& weights = convolution != nullptr ? convolution->weights : linear->weights;
    const int filters = convolution != nullptr ? convolution->output_channels : linear->outputs;
    const TrainingPlan::LayerBits& layer = plan.weights.at(node.name);
    const network::WeightEncoding encoding =
        layer.first_or_last ? network::UniformWeights{layer.bits} : make(filters, draw);
    const std::size_t per_filter = weights.size() / static_cast<std::size_t>(filters);
    const network::Weights codes = random_codes(encoding, filters, per_filter, draw);
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] = static_cast<float>(codes.values[i] * codes.scales[i / per_filter]);
    trained.weights[node.name] = codes;
  }
  trained.graph = std::move(graph);
  centre_logits(trained, plan, data);
  return trained;
}

// Images of which no two look alike: a gradient and some noise, different in every channel.
inline network::Dataset gradients(const network::Shape& shape, int images, unsigned seed) {
  network::Dataset data;
  data.name = "gradients";
  data.shape = shape;
  Draw draw(seed);
  for (int plane = 0; plane < images * shape.channels; ++plane) {
    const int start = draw.between(0, 255);
    const int down = draw.between(-40, 40);
    const int right = draw.between(-40, 40);
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x)
        data.pixels.push_back(
            static_cast<std::uint8_t>(std::clamp(start + down * y + right * x + draw.between(-20, 20), 0, 255)));
  }
  data.labels.resize(static_cast<std::size_t>(images));
  return data;
}

// How far the integers are from the trainer's floats, over all images of `data`.
struct Agreement {
  double mean_error = 0;    // of an image: power of the logits' difference over that of the logits, mean of the images
  double decile_error = 0;  // that of a tenth of the images is less
  double same_class = 0;    // part of the images whose two largest logits are not nearly tied
  double same_of_all = 0;   // part of all images; a third of them, of random networks, are near ties
  std::size_t classes = 0;  // that occur
};

inline bool is_near_tie(std::vector<float> logits) {
  std::sort(logits.rbegin(), logits.rend());
  return logits[0] - logits[1] < 0.1F * (logits[0] - logits.back());
}

inline Agreement compare(const TrainedNetwork& trained, const TrainingPlan& plan,
                         const network::QuantisedNetwork& lowered, const network::Dataset& data) {
  const FakeQuantised floats(trained.graph, signed_pixels, plan);
  const reference::IntegerExecutor integers(lowered);
  const double scale = lowered.edges[static_cast<std::size_t>(lowered.output)].scale;
  auto codes = trained.activations;
  const auto largest = [](const auto& v) { return std::max_element(v.begin(), v.end()) - v.begin(); };
  std::vector<double> differences;
  std::set<std::ptrdiff_t> seen;
  Agreement agreement;
  double power = 0;
  double decided = 0;
  for (std::size_t image = 0; image < data.size(); ++image) {
    const std::vector<float> logits =
        floats.run(data.image(image), codes)[static_cast<std::size_t>(trained.graph.output)];
    const std::vector<std::int32_t> found = integers.run(data.image(image));
    EXPECT_EQ(logits.size(), found.size());
    differences.push_back(0);
    for (std::size_t i = 0; i < found.size(); ++i) {
      differences.back() += std::pow(found[i] * scale - static_cast<double>(logits[i]), 2);
      power += std::pow(static_cast<double>(logits[i]), 2);
    }
    seen.insert(largest(logits));
    const double same = largest(found) == largest(logits) ? 1.0 : 0.0;
    agreement.same_of_all += same / static_cast<double>(data.size());
    if (is_near_tie(logits)) continue;
    ++decided;
    agreement.same_class += same;
  }
  std::sort(differences.begin(), differences.end());
  agreement.mean_error = std::accumulate(differences.begin(), differences.end(), 0.0) / power;
  agreement.decile_error = differences[data.size() / 10] * static_cast<double>(data.size()) / power;
  agreement.same_class /= decided;
  agreement.classes = seen.size();
  return agreement;
}

// Batch normalisation as training leaves it behind a convolution.
inline network::BatchNormalization positive_normalization(Layers& build, int channels) {
  network::BatchNormalization op = build.normalization(channels);
  for (float& scale : op.scale) scale = 0.4F + std::abs(scale);
  return op;
}

// A ResNet of option-A shortcuts: two blocks, the second of stride 2. Its nodes are node0, node1, ...
inline network::Graph small_resnet(unsigned seed) {
  Layers build({3, 8, 8}, seed);
  const auto normalised = [&](network::TensorId x, int inputs, int outputs, int stride) {
    network::Convolution op = build.convolution(inputs, outputs, same(3, stride));
    op.bias.clear();
    return build.add(positive_normalization(build, outputs), {build.add(op, {x})});
  };
  network::TensorId x = build.add(relu, {normalised(0, 3, 8, 1)});                       // node0..2
  network::TensorId y = normalised(build.add(relu, {normalised(x, 8, 8, 1)}), 8, 8, 1);  // node3..7
  x = build.add(relu, {build.add(network::Add{}, {y, x})});                              // node8, 9
  y = normalised(build.add(relu, {normalised(x, 8, 16, 2)}), 16, 16, 1);                 // node10..14
  network::TensorId skip = build.add(network::Slice{{0, 0, 0}, {8, 8, 8}, {1, 2, 2}}, {x});
  skip = build.add(network::Pad{{4, 0, 0}, {4, 0, 0}}, {skip});                     // node15, 16
  x = build.add(relu, {build.add(network::Add{}, {y, skip})});                      // node17, 18
  x = build.add(network::AveragePool{{4, 4, 1, 1, 1, 1, 0, 0, 0, 0}, false}, {x});  // node19
  build.add(build.linear(16, 10), {x});                                             // node20
  return build.graph();
}

// A projection shortcut, pools, clips, slopes, a depthwise convolution, a concatenation, a linear layer behind a
// Flatten.
inline network::Graph many_forms(unsigned seed) {
  Layers build({3, 8, 8}, seed);
  const auto normalised = [&](const network::Convolution& op, network::TensorId x) {
    x = build.add(op, {x});
    return build.add(positive_normalization(build, op.output_channels), {x});
  };
  network::TensorId x = build.add(relu, {normalised(build.convolution(3, 8, same(3)), 0)});
  network::TensorId y = build.add(relu, {normalised(build.convolution(8, 12, same(3)), x)});
  y = normalised(build.convolution(12, 12, same(3)), y);
  x = build.add(network::Add{}, {normalised(build.convolution(8, 12, same(1)), x), y});
  x = build.add(network::MaxPool{{2, 2, 2, 2, 1, 1, 0, 0, 0, 0}}, {build.add(relu, {x})});
  y = build.add(network::Clip{0.0F, 1.5F}, {build.add(build.convolution(12, 8, same(3)), {x})});
  x = build.add(network::PRelu{{0.25F}}, {normalised(build.convolution(12, 12, same(3), 12), x)});
  x = build.add(network::Concat{}, {x, y});
  x = build.add(network::AveragePool{{2, 2, 2, 2, 1, 1, 0, 0, 0, 0}, false}, {x});
  build.add(build.linear(80, 10), {build.add(network::Flatten{}, {x})});
  return build.graph();
}

// The block form of STTN, with `blocks` blocks of stride 1 in front of one of stride 2.
inline network::Graph ternary_blocks(int blocks, unsigned seed) {
  Layers build({3, 8, 8}, seed);
  const auto sloped = [&](network::TensorId x) {
    network::PRelu prelu;
    for (int i = 0; i < build.output_shape().channels; ++i)
      prelu.slope.push_back(0.1F + 0.05F * static_cast<float>(i % 5));
    return build.add(prelu, {x});
  };
  network::TensorId x = build.add(build.convolution(3, 8, same(3)), {0});
  x = sloped(build.add(positive_normalization(build, 8), {x}));
  for (int block = 0; block <= blocks; ++block) {
    const bool last = block == blocks;
    network::TensorId skip = x;
    if (last) skip = build.add(network::MaxPool{{2, 2, 2, 2, 1, 1, 0, 0, 0, 0}}, {x});
    if (last) skip = build.add(network::Pad{{0, 0, 0}, {8, 0, 0}}, {skip});
    network::BatchNormalization alone = build.normalization(8);
    for (float& scale : alone.scale) scale += scale < 0 ? -0.3F : 0.3F;
    network::TensorId y = build.add(alone, {x});
    y = build.add(build.convolution(8, last ? 16 : 8, same(3, last ? 2 : 1)), {y});
    y = build.add(positive_normalization(build, last ? 16 : 8), {y});
    x = sloped(build.add(network::Add{}, {y, skip}));
  }
  x = build.add(network::AveragePool{{4, 4, 1, 1, 1, 1, 0, 0, 0, 0}, false}, {x});
  build.add(build.linear(16, 10), {x});
  return build.graph();
}

}  // namespace lutra::test
