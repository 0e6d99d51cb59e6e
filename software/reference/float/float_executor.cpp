#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/network/limits.h"
#include "software/reference/executor.h"
#include "software/reference/float/float_executor_kernels.h"
#include "software/reference/image_workers.h"

namespace lutra::reference {

namespace {

using network::Graph;
using network::Node;
using network::Normalisation;
using network::Shape;
using network::TensorId;

using Tensors = std::vector<std::vector<float>>;

double per_channel(const std::vector<double>& values, int channel, double absent) {
  if (values.empty()) return absent;
  return values.size() == 1 ? values[0] : values[static_cast<std::size_t>(channel)];
}

// The network's input for each byte value: [channel][256].
std::vector<float> pixel_values(const Normalisation& normalisation, int channels) {
  for (const auto& values : {normalisation.mean, normalisation.deviation})
    if (values.size() > 1 && values.size() != static_cast<std::size_t>(channels))
      throw Error(fmt::format("normalisation has {} values for {} channels; give one per channel, or one for all",
                              values.size(), channels));
  std::vector<float> values;
  for (int channel = 0; channel < channels; ++channel) {
    const double deviation = per_channel(normalisation.deviation, channel, 1.0);
    if (!(deviation > 0))
      throw Error(fmt::format("normalisation deviation {} of channel {} is not positive", deviation, channel));
    for (int pixel = 0; pixel < 256; ++pixel)
      values.push_back(static_cast<float>(
          (pixel / 255.0 * normalisation.range - per_channel(normalisation.mean, channel, 0.0)) / deviation));
  }
  return values;
}

// The tensor whose largest element is the class: a final Softmax keeps the order of one pixel's channels.
TensorId logits(const Graph& graph) {
  TensorId id = graph.output;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (node->output != id) continue;
    const Shape& shape = graph.tensors[static_cast<std::size_t>(id)].shape;
    const bool keeps_order = std::holds_alternative<network::Flatten>(node->op) ||
                             (std::holds_alternative<network::Softmax>(node->op) && shape.height * shape.width == 1);
    if (!keeps_order) break;
    id = node->inputs[0];
  }
  return id;
}

}  // namespace

struct FloatExecutor::Implementation {
  struct Step {
    FloatKernel kernel;
    std::vector<TensorId> inputs;
    TensorId output;
  };

  std::vector<Shape> shapes;  // per tensor
  TensorId input;
  TensorId output;
  TensorId decision;
  std::vector<float> pixel_table;
  std::vector<Step> steps;

  const Shape& shape(TensorId id) const { return shapes[static_cast<std::size_t>(id)]; }

  Tensors allocate() const {
    Tensors tensors;
    for (const Shape& tensor : shapes) tensors.emplace_back(static_cast<std::size_t>(tensor.elements()));
    return tensors;
  }

  void read_pixels(std::span<const std::uint8_t> pixels, Tensors& tensors) const {
    const auto plane = static_cast<std::size_t>(shape(input).height) * static_cast<std::size_t>(shape(input).width);
    std::vector<float>& image = tensors[static_cast<std::size_t>(input)];
    for (std::size_t i = 0; i < pixels.size(); ++i) image[i] = pixel_table[i / plane * 256 + pixels[i]];
  }

  // From what the input tensor holds.
  void execute(Tensors& tensors, FloatScratch& scratch) const {
    std::vector<const float*> inputs;
    for (const Step& step : steps) {
      inputs.clear();
      for (const TensorId id : step.inputs) inputs.push_back(tensors[static_cast<std::size_t>(id)].data());
      step.kernel(inputs, tensors[static_cast<std::size_t>(step.output)].data(), scratch);
    }
  }

  Tensors execute(std::span<const std::uint8_t> pixels) const {
    if (static_cast<std::int64_t>(pixels.size()) != shape(input).elements())
      throw Error(fmt::format("an image of {} bytes does not fit the network's input of {}", pixels.size(),
                              network::to_string(shape(input))));
    Tensors tensors = allocate();
    FloatScratch scratch;
    read_pixels(pixels, tensors);
    execute(tensors, scratch);
    return tensors;
  }

  // visit(image, scores), of several images at once.
  template <typename Visit>
  void decide(const network::Dataset& data, std::size_t count, int jobs, const Progress& progress,
              const Visit& visit) const {
    if (data.shape != shape(input))
      throw Error(fmt::format("data set \"{}\" has images of {}; the network takes {}", data.name,
                              network::to_string(data.shape), network::to_string(shape(input))));
    if (count > data.size())
      throw Error(
          fmt::format("data set \"{}\" has {} images, fewer than the {} asked for", data.name, data.size(), count));
    const auto make_worker = [&]() -> ImageWorker {
      return [&, tensors = allocate(), scratch = FloatScratch()](std::size_t image) mutable {
        if (data.values.empty())
          read_pixels(data.image(image), tensors);
        else
          std::ranges::copy(data.exact_image(image), tensors[static_cast<std::size_t>(input)].begin());
        execute(tensors, scratch);
        visit(image, std::span<const float>(tensors[static_cast<std::size_t>(decision)]));
      };
    };
    for_each_image(count, jobs, make_worker, progress);
  }
};

FloatExecutor::FloatExecutor(const Graph& graph, const Normalisation& normalisation)
    : implementation_(std::make_unique<Implementation>()) {
  network::validate(graph);
  Implementation& self = *implementation_;
  for (const network::Tensor& tensor : graph.tensors) self.shapes.push_back(tensor.shape);
  self.input = graph.input;
  self.output = graph.output;
  self.decision = logits(graph);
  self.pixel_table = pixel_values(normalisation, self.shape(graph.input).channels);
  for (const Node& node : graph.nodes) {
    std::vector<Shape> inputs;
    for (const TensorId id : node.inputs) inputs.push_back(self.shape(id));
    self.steps.push_back(
        {make_float_kernel(node.op, inputs, self.shape(node.output), node.name), node.inputs, node.output});
  }
}

FloatExecutor::~FloatExecutor() = default;
FloatExecutor::FloatExecutor(FloatExecutor&&) noexcept = default;

std::vector<float> FloatExecutor::run(std::span<const std::uint8_t> pixels) const {
  return std::move(implementation_->execute(pixels)[static_cast<std::size_t>(implementation_->output)]);
}

std::vector<std::vector<float>> FloatExecutor::run_all(std::span<const std::uint8_t> pixels) const {
  return implementation_->execute(pixels);
}

std::vector<int> FloatExecutor::classify(const network::Dataset& data, std::size_t count, int jobs,
                                         const Progress& progress) const {
  std::vector<int> classes(count);
  implementation_->decide(data, count, jobs, progress, [&](std::size_t image, std::span<const float> scores) {
    classes[image] = static_cast<int>(std::ranges::max_element(scores) - scores.begin());
  });
  return classes;
}

std::vector<Answer> FloatExecutor::answer(const network::Dataset& data, std::size_t count, int jobs,
                                          const Progress& progress) const {
  std::vector<Answer> answers(count);
  implementation_->decide(data, count, jobs, progress, [&](std::size_t image, std::span<const float> scores) {
    answers[image] = answer_of(scores, data.labels.at(image));
  });
  return answers;
}

}  // namespace lutra::reference
