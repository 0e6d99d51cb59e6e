#include "software/quantization/calibration/calibration_run.h"

#include <algorithm>

#include "software/network/encoding/encoding.h"
#include "software/reference/executor.h"
#include "software/reference/image_workers.h"

namespace lutra::quantization {

namespace {

constexpr std::size_t wanted_samples = 16384;

// Pixel `i` of `count` sampled from a plane of `pixels`: one from each of `count` equal stretches, where in it decided
// by the image. (The constants are those of Knuth's MMIX generator.)
std::int64_t sampled_pixel(std::size_t image, std::int64_t i, std::int64_t count, std::int64_t pixels) {
  std::uint64_t state = image * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(i) + 1;
  for (int round = 0; round < 3; ++round) state = state * 6364136223846793005u + 1442695040888963407u;
  const std::int64_t first = i * pixels / count;
  const std::int64_t length = (i + 1) * pixels / count - first;
  return first + static_cast<std::int64_t>((state >> 33) % static_cast<std::uint64_t>(length));
}

struct Values {
  const network::Shape& shape;
  std::vector<std::int16_t> values;  // [row][column][channel]

  bool holds(int channel, int y, int x) const {
    return channel >= 0 && channel < shape.channels && y >= 0 && y < shape.height && x >= 0 && x < shape.width;
  }
  std::int16_t at(int channel, int y, int x) const {
    return values[(static_cast<std::size_t>(y) * shape.width + x) * shape.channels + channel];
  }
};

// Values less `zero`, which is what padding holds.
void append_patch(const Values& input, const network::Window& window, int y, int x, int zero,
                  std::vector<std::int16_t>& patches) {
  for (int channel = 0; channel < input.shape.channels; ++channel)
    for (int row = 0; row < window.height; ++row)
      for (int column = 0; column < window.width; ++column) {
        const int source_y = y * window.stride_y - window.pad_top + row * window.dilation_y;
        const int source_x = x * window.stride_x - window.pad_left + column * window.dilation_x;
        const bool inside = input.holds(channel, source_y, source_x);
        patches.push_back(inside ? static_cast<std::int16_t>(input.at(channel, source_y, source_x) - zero)
                                 : std::int16_t{0});
      }
}

}  // namespace

CalibrationRun::CalibrationRun(const network::Graph& graph, const network::Normalisation& normalisation,
                               const network::Dataset& data, std::size_t images,
                               const std::vector<network::TensorId>& targets)
    : images_(images), quantised_(data, images) {
  for (const network::TensorId id : targets) {
    Target& target = targets_[id];
    target.shape = graph.tensors[static_cast<std::size_t>(id)].shape;
    const std::int64_t plane = std::int64_t{target.shape.height} * target.shape.width;
    target.pixels =
        static_cast<int>(std::min(plane, static_cast<std::int64_t>((wanted_samples + images - 1) / images)));
    target.samples.resize(images);
  }
  const reference::FloatExecutor executor(graph, normalisation);
  const auto make_worker = [&]() -> reference::ImageWorker {
    return [&](std::size_t image) { keep(executor.run_all(data.image(image)), image); };
  };
  reference::for_each_image(images, 0, make_worker, {});
}

void CalibrationRun::keep(const std::vector<std::vector<float>>& tensors, std::size_t image) {
  for (auto& [id, target] : targets_) {
    const std::vector<float>& values = tensors[static_cast<std::size_t>(id)];
    const std::int64_t plane = std::int64_t{target.shape.height} * target.shape.width;
    for (int i = 0; i < target.pixels; ++i)
      for (int channel = 0; channel < target.shape.channels; ++channel)
        target.samples[image].push_back(
            values[static_cast<std::size_t>(channel * plane + sampled_pixel(image, i, target.pixels, plane))]);
  }
}

std::vector<GroupMoments> CalibrationRun::moments(const network::QuantisedNetwork& so_far, const network::MatrixOp& op,
                                                  network::TensorId id, const network::Skip* skip) {
  quantised_.advance(so_far);
  const Target& target = targets_.at(id);
  const network::Edge& edge = so_far.edges[static_cast<std::size_t>(op.input)];
  const int zero = network::value_of(edge.encoding, edge.encoding.pad_code);
  const std::int64_t plane = std::int64_t{target.shape.height} * target.shape.width;
  LayerSamples samples;
  samples.groups = op.groups;
  samples.inputs = edge.shape.channels / op.groups * op.window.height * op.window.width;
  samples.outputs = op.output_channels;
  for (std::size_t image = 0; image < images_; ++image) {
    const Values input{edge.shape, quantised_.values(op.input, image)};
    samples.targets.insert(samples.targets.end(), target.samples[image].begin(), target.samples[image].end());
    double* wanted = samples.targets.data() + samples.targets.size() - target.samples[image].size();
    const network::Edge* skip_edge = skip ? &so_far.edges[static_cast<std::size_t>(skip->edge)] : nullptr;
    const Values added{skip_edge ? skip_edge->shape : edge.shape,
                       skip ? quantised_.values(skip->edge, image) : std::vector<std::int16_t>()};
    for (int i = 0; i < target.pixels; ++i, wanted += op.output_channels) {
      const std::int64_t pixel = sampled_pixel(image, i, target.pixels, plane);
      const int y = static_cast<int>(pixel / target.shape.width);
      const int x = static_cast<int>(pixel % target.shape.width);
      append_patch(input, op.window, y, x, zero, samples.patches);
      for (int channel = 0; skip && channel < op.output_channels; ++channel) {
        const int source = channel - skip->channel_offset;
        if (added.holds(source, y * skip->stride_y, x * skip->stride_x))
          wanted[channel] -= skip_edge->scale * added.at(source, y * skip->stride_y, x * skip->stride_x);
      }
    }
  }
  return compute_moments(samples);
}

}  // namespace lutra::quantization
