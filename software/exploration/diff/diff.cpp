#include "software/exploration/diff/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/common/text/text_table.h"
#include "software/reference/double/double_executor.h"

namespace lutra::exploration {

namespace {

// Adds one image: `reals` channel by channel, `codes` pixel by pixel.
void compare(const std::vector<double>& reals, const std::vector<std::int32_t>& codes, const network::Shape& shape,
             const network::given::Held& held, std::size_t image, TensorDifference& difference) {
  const std::size_t pixels = static_cast<std::size_t>(shape.height) * shape.width;
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const std::size_t channel = i / pixels;
    const std::size_t pixel = i % pixels;
    const auto file = static_cast<std::int64_t>(std::llround(reals[i] / held.scale + held.zero));
    const std::int64_t here = codes[pixel * shape.channels + channel];
    ++difference.codes;
    if (file == here || difference.different++ > 0) continue;
    difference.image = image;
    difference.channel = static_cast<int>(channel);
    difference.row = static_cast<int>(pixel) / shape.width;
    difference.column = static_cast<int>(pixel) % shape.width;
    difference.file = file;
    difference.here = here;
  }
}

template <typename Values>
std::ptrdiff_t largest(const Values& values) {
  return std::ranges::max_element(values) - values.begin();
}

}  // namespace

NetworkDifference diff(const scenario::Scenario& scenario, Inputs& inputs, std::size_t images,
                       const reference::Progress& progress) {
  const std::optional<GivenNetwork> given = inputs.given(scenario);
  if (!given)
    throw Error(fmt::format("{}: diff is about networks that come quantised: 'quantized' names none from elsewhere",
                            scenario.file));
  const network::QuantisedNetwork& network = given->taken.network;
  const network::Dataset& test = inputs.images(scenario, network::Split::test);
  const reference::DoubleExecutor file(given->graph, inputs.normalisation(scenario));
  const reference::IntegerExecutor integers(network);
  NetworkDifference result;
  result.images = std::min(images, test.size());
  result.operations = given->taken.differences;
  for (const network::given::Held& held : given->taken.held)
    result.tensors.push_back({.tensor = given->graph.tensors[static_cast<std::size_t>(held.tensor)].name});
  const network::given::Held& last = given->taken.held.back();
  for (std::size_t image = 0; image < result.images; ++image) {
    const auto reals = file.run_all(test.image(image));
    const auto codes = integers.run_all(test.image(image));
    for (std::size_t i = 0; i < given->taken.held.size(); ++i) {
      const network::given::Held& held = given->taken.held[i];
      compare(reals[static_cast<std::size_t>(held.tensor)], codes[static_cast<std::size_t>(held.edge)],
              network.edges[static_cast<std::size_t>(held.edge)].shape, held, image, result.tensors[i]);
    }
    const std::vector<double>& logits = reals[static_cast<std::size_t>(last.tensor)];
    if (largest(logits) != largest(codes[static_cast<std::size_t>(network.output)])) ++result.other_answers;
    if (progress) progress(image + 1);
  }
  return result;
}

std::string to_text(const NetworkDifference& difference) {
  TextTable table({"tensor", "codes", "different", "%", "first: image", "channel, row, column", "file", "integers"});
  for (const TensorDifference& tensor : difference.tensors) {
    const bool same = tensor.different == 0;
    table.add({tensor.tensor, std::to_string(tensor.codes), std::to_string(tensor.different),
               fmt::format("{:.4f}", 100.0 * static_cast<double>(tensor.different) / static_cast<double>(tensor.codes)),
               same ? "-" : std::to_string(tensor.image),
               same ? "-" : fmt::format("{}, {}, {}", tensor.channel, tensor.row, tensor.column),
               same ? "-" : std::to_string(tensor.file), same ? "-" : std::to_string(tensor.here)});
  }
  std::string text = table.text();
  for (const network::given::Difference& operation : difference.operations)
    text += fmt::format("{}: {} of {} results that can occur are not the file's\n", operation.node, operation.different,
                        operation.possible);
  if (difference.operations.empty()) text += "every operation rounds as the file does, whatever the image\n";
  text += fmt::format("answers other than the file's own: {} of {}\n", difference.other_answers, difference.images);
  return text;
}

}  // namespace lutra::exploration
