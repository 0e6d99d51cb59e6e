#include "tests/software/compiler/support/layers.h"

#include "tests/software/compiler/support/random_network.h"

namespace lutra::test {

using namespace network;

namespace {

QuantisedNetwork network_of_input(const Shape& input, const ActivationEncoding& encoding) {
  QuantisedNetwork network;
  network.name = "test";
  network.scheme = "test";
  network.edges.push_back({"input", input, encoding, 1.0});
  network.input.edge = 0;
  const Requantise pixel{.multiplier = 1, .bias = encoding.lowest(), .shift = 0};
  network.input.channels.assign(static_cast<std::size_t>(input.channels), pixel);
  return network;
}

void add(QuantisedNetwork& network, const char* name, const Operation& operation) {
  network.operations.push_back(operation);
  network.operations.back().name = name;
  network.output = network.edges.size() - 1;
}

}  // namespace

ActivationEncoding codes(int bits, bool is_signed) {
  ActivationEncoding encoding;
  encoding.bits = bits;
  encoding.is_signed = is_signed;
  return encoding;
}

ActivationEncoding stream() { return codes(16, true); }

QuantisedNetwork network_of(const ConvolutionLayer& layer) {
  // A stream is no network's input: it is made from one.
  const bool from_stream = layer.encoding.bits == 16;
  QuantisedNetwork network = network_of_input(layer.input, from_stream ? codes(8, true) : layer.encoding);
  if (from_stream) {
    ElementwiseOp widen;
    widen.input = 0;
    widen.post.scale = {{.multiplier = 200, .bias = -77, .shift = 0}};
    widen.post.stream = 1;
    network.edges.push_back({"wide", layer.input, stream(), 1.0});
    add(network, "widen", {"", widen});
  }
  Random random(1);
  MatrixOp op;
  op.input = network.edges.size() == 1 ? 0 : 1;
  op.window = layer.window;
  op.groups = layer.groups;
  op.output_channels = layer.output_channels;
  op.weights.encoding = layer.weights.value_or(UniformWeights{layer.weight_bits});
  const std::int64_t per_channel =
      std::int64_t{layer.input.channels / layer.groups} * layer.window.height * layer.window.width;
  for (int channel = 0; channel < layer.output_channels; ++channel) {
    const std::vector<int> values = weight_values(op.weights.encoding, channel);
    for (std::int64_t i = 0; i < per_channel; ++i)
      op.weights.values.push_back(static_cast<std::int16_t>(random.one_of(values)));
  }
  op.weights.scales.assign(static_cast<std::size_t>(layer.output_channels), 1.0);
  const int shift = (from_stream ? 16 : 10) + 8 - layer.output_bits;
  op.post.scale = {{.multiplier = 1,
                    .bias = std::int64_t{1} << (layer.output_bits - 1 + shift),
                    .shift = static_cast<std::uint8_t>(shift)}};
  op.post.codes =
      CodeOutput{.edge = network.edges.size(), .requantise = {}, .low = 0, .high = (1 << layer.output_bits) - 1};
  network.edges.push_back({"output",
                           {layer.output_channels, layer.window.output_height(layer.input.height),
                            layer.window.output_width(layer.input.width)},
                           codes(layer.output_bits),
                           1.0});
  add(network, "convolution", {"", op});
  return network;
}

QuantisedNetwork network_of_pool(const Shape& input, const ActivationEncoding& encoding, const Window& window,
                                 PoolKind kind) {
  QuantisedNetwork network = network_of_input(input, encoding);
  PoolOp op;
  op.input = 0;
  op.window = window;
  op.kind = kind;
  op.post.scale = {{}};
  op.post.codes = CodeOutput{.edge = 1, .requantise = {}, .low = encoding.lowest(), .high = encoding.highest()};
  network.edges.push_back({"output",
                           {input.channels, window.output_height(input.height), window.output_width(input.width)},
                           encoding,
                           1.0});
  add(network, "pool", {"", op});
  return network;
}

QuantisedNetwork network_of_concatenation() {
  QuantisedNetwork network = network_of_input({3, 4, 4}, codes(8));
  ConcatOp op;
  op.inputs = {0, 0};
  op.requantise = {{}, {}};
  op.output = 1;
  network.edges.push_back({"output", {6, 4, 4}, codes(8), 1.0});
  add(network, "stack", {"", op});
  return network;
}

}  // namespace lutra::test
