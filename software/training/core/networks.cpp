#include "software/training/core/networks.h"

#include <array>
#include <functional>
#include <stdexcept>
#include <utility>

#include "software/training/core/graph_builder.h"

namespace lutra::training {

namespace {

using network::TensorId;

struct Stages {
  std::array<int, 3> widths;
  int blocks;  // a stage
};

std::string at(const std::string& block, const char* part) { return block + "." + part; }

TensorId normalised(GraphBuilder& net, const std::string& block, const char* number, TensorId x, int channels,
                    int window, int stride) {
  const TensorId y = net.convolution(block + ".conv" + number, x, channels, window, stride);
  return net.normalisation(block + ".bn" + number, y);
}

TensorId stem(GraphBuilder& net, int channels) {
  const TensorId x = net.convolution("conv1", net.input(), channels, 3, 1);
  return net.normalisation("bn1", x);
}

TensorId classifier(GraphBuilder& net, TensorId x, int classes) {
  return net.linear("linear", net.global_pool("pool", x), classes);
}

std::string block_name(std::size_t stage, int block) {
  return "layer" + std::to_string(stage + 1) + "." + std::to_string(block);
}

// The shortcut of option A: every second pixel, zero channels on both sides.
TensorId option_a(GraphBuilder& net, const std::string& block, TensorId x, int channels, int stride) {
  const int missing = channels - net.shape(x).channels;
  if (missing == 0 && stride == 1) return x;
  const TensorId small = net.subsample(at(block, "shortcut"), x, stride);
  return net.pad_channels(at(block, "shortcut.pad"), small, missing / 2, missing - missing / 2);
}

TensorId projection(GraphBuilder& net, const std::string& block, TensorId x, int channels, int stride) {
  return channels == net.shape(x).channels && stride == 1
             ? x
             : net.convolution(at(block, "shortcut"), x, channels, 1, stride);
}

using Shortcut = TensorId (*)(GraphBuilder&, const std::string&, TensorId, int, int);

network::Graph resnet(GraphBuilder net, const Stages& stages, Shortcut shortcut, int classes) {
  TensorId x = net.relu("relu1", stem(net, stages.widths[0]));
  for (std::size_t stage = 0; stage < stages.widths.size(); ++stage)
    for (int block = 0; block < stages.blocks; ++block) {
      const std::string name = block_name(stage, block);
      const int channels = stages.widths[stage];
      const int stride = stage > 0 && block == 0 ? 2 : 1;
      TensorId y = net.relu(at(name, "relu1"), normalised(net, name, "1", x, channels, 3, stride));
      y = normalised(net, name, "2", y, channels, 3, 1);
      x = net.relu(at(name, "relu2"), net.add(at(name, "add"), y, shortcut(net, name, x, channels, stride)));
    }
  return net.finish(classifier(net, x, classes));
}

// One convolution of the block form of STTN [code]: the shortcut goes around each; at stride 2 it is a 2x2 maximum,
// then zero channels.
TensorId ternary_convolution(GraphBuilder& net, const std::string& name, TensorId x, int channels, int stride) {
  TensorId skip = stride == 1 ? x : net.max_pool(at(name, "shortcut"), x, stride);
  const int missing = channels - net.shape(x).channels;
  if (missing > 0) skip = net.pad_channels(at(name, "shortcut.pad"), skip, 0, missing);
  TensorId y = net.normalisation(at(name, "ternary"), x);
  y = net.convolution(at(name, "conv"), y, channels, 3, stride);
  y = net.normalisation(at(name, "bn"), y);
  return net.prelu(at(name, "prelu"), net.add(at(name, "add"), y, skip));
}

network::Graph ternary_resnet(GraphBuilder net, const Stages& stages, int classes) {
  TensorId x = net.prelu("prelu1", stem(net, stages.widths[0]));
  for (std::size_t stage = 0; stage < stages.widths.size(); ++stage)
    for (int i = 0; i < 2 * stages.blocks; ++i) {
      const std::string name = block_name(stage, i / 2) + "." + std::to_string(i % 2 + 1);
      x = ternary_convolution(net, name, x, stages.widths[stage], stage > 0 && i == 0 ? 2 : 1);
    }
  return net.finish(classifier(net, x, classes));
}

network::Graph vgg_small(GraphBuilder net, int classes) {
  TensorId x = net.input();
  int number = 0;
  for (const int channels : {128, 256, 512}) {
    for (int i = 0; i < 2; ++i) {
      const std::string name = "block" + std::to_string(++number);
      x = net.relu(at(name, "relu"), normalised(net, name, "", x, channels, 3, 1));
    }
    x = net.max_pool("pool" + std::to_string(number / 2), x, 2);
  }
  return net.finish(net.linear("linear", x, classes));
}

constexpr Stages of_depth(int depth) { return {{16, 32, 64}, (depth - 2) / 6}; }
constexpr Stages embedded{{8, 16, 32}, 2};

using Maker = std::function<network::Graph(GraphBuilder, int)>;

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> all = [] {
    std::vector<std::pair<std::string, Maker>> list;
    const auto add = [&](const std::string& name, const Stages& stages) {
      list.emplace_back(name, [=](GraphBuilder net, int n) { return resnet(std::move(net), stages, option_a, n); });
      list.emplace_back("ternary_" + name,
                        [=](GraphBuilder net, int n) { return ternary_resnet(std::move(net), stages, n); });
    };
    for (const int depth : {20, 32, 56}) add("resnet" + std::to_string(depth), of_depth(depth));
    add("embedded_resnet", embedded);
    list.emplace_back("resnet8", [](GraphBuilder net, int n) {
      return resnet(std::move(net), {{16, 32, 64}, 1}, projection, n);
    });
    list.emplace_back("vgg_small", [](GraphBuilder net, int n) { return vgg_small(std::move(net), n); });
    return list;
  }();
  return all;
}

}  // namespace

network::Graph make_network(const std::string& name, const network::Shape& input, int classes, std::uint64_t seed) {
  for (const auto& [known, make] : makers())
    if (known == name) return make(GraphBuilder(name, input, seed), classes);
  std::string all;
  for (const std::string& known : network_names()) all += (all.empty() ? "" : ", ") + known;
  throw std::invalid_argument("cannot train '" + name + "': unknown network; the networks are " + all);
}

std::vector<std::string> network_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : makers()) names.push_back(name);
  return names;
}

}  // namespace lutra::training
