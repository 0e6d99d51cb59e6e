#include "software/quantization/calibration/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>

#include "software/common/error.h"
#include "software/network/limits.h"
#include "software/reference/executor.h"
#include "software/reference/image_workers.h"

namespace lutra::quantization {

namespace {

using network::Dataset;
using network::Graph;

// Images whose channel sums are kept apart, to be added in the order of the images.
constexpr std::size_t batch_images = 32;

using ChannelSums = std::vector<std::vector<double>>;  // [tensor][channel]

void check(const Graph& graph, const Dataset& data, int images) {
  if (images < 1) throw Error(fmt::format("calibration with {} images is not possible; give 1 or more", images));
  if (data.size() < static_cast<std::size_t>(images))
    throw Error(
        fmt::format("calibration needs {} images, data set '{}' has {}; lower calibration_images or give more data",
                    images, data.name, data.size()));
  const network::Shape& input = graph.tensors[static_cast<std::size_t>(graph.input)].shape;
  if (data.shape != input)
    throw Error(fmt::format("data set '{}' has images of {}, network '{}' takes {}", data.name,
                            network::to_string(data.shape), graph.name, network::to_string(input)));
}

void observe(const std::vector<float>& values, const network::Tensor& tensor, Histogram& histogram,
             std::vector<double>& sums) {
  const std::size_t plane = values.size() / static_cast<std::size_t>(tensor.shape.channels);
  sums.assign(static_cast<std::size_t>(tensor.shape.channels), 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]))
      throw Error(
          fmt::format("calibration: tensor '{}' of the float network takes the value {}; its range cannot be found",
                      tensor.name, values[i]));
    histogram.add(values[i]);
    sums[i / plane] += values[i];
  }
}

class Calibrator {
 public:
  Calibrator(const Graph& graph, const network::Normalisation& normalisation, const Dataset& data)
      : graph_(graph), data_(data), executor_(graph, normalisation), totals_(graph.tensors.size()) {
    for (std::size_t tensor = 0; tensor < totals_.size(); ++tensor)
      totals_[tensor].channel_means.resize(static_cast<std::size_t>(graph.tensors[tensor].shape.channels));
  }

  std::vector<TensorStatistics> run(std::size_t images) {
    for (std::size_t first = 0; first < images; first += batch_images)
      run_batch(first, std::min(batch_images, images - first));
    for (std::size_t tensor = 0; tensor < totals_.size(); ++tensor) {
      const network::Shape& shape = graph_.tensors[tensor].shape;
      const double pixels = static_cast<double>(images) * shape.height * shape.width;
      for (double& mean : totals_[tensor].channel_means) mean /= pixels;
    }
    return std::move(totals_);
  }

 private:
  void run_batch(std::size_t first, std::size_t count) {
    std::vector<ChannelSums> sums(count, ChannelSums(totals_.size()));
    std::deque<std::vector<Histogram>> seen;  // one per worker
    std::mutex mutex;
    const auto make_worker = [&]() -> reference::ImageWorker {
      const std::lock_guard lock(mutex);
      return worker(first, sums, seen.emplace_back(totals_.size()));
    };
    reference::for_each_image(count, 0, make_worker, {});
    for (const ChannelSums& image : sums)
      for (std::size_t tensor = 0; tensor < totals_.size(); ++tensor)
        for (std::size_t channel = 0; channel < image[tensor].size(); ++channel)
          totals_[tensor].channel_means[channel] += image[tensor][channel];
    for (const std::vector<Histogram>& part : seen)
      for (std::size_t tensor = 0; tensor < totals_.size(); ++tensor) totals_[tensor].histogram.merge(part[tensor]);
  }

  reference::ImageWorker worker(std::size_t first, std::vector<ChannelSums>& sums, std::vector<Histogram>& seen) const {
    return [this, first, &sums, &seen](std::size_t image) {
      const auto tensors = executor_.run_all(data_.image(first + image));
      for (std::size_t tensor = 0; tensor < tensors.size(); ++tensor)
        observe(tensors[tensor], graph_.tensors[tensor], seen[tensor], sums[image][tensor]);
    };
  }

  const Graph& graph_;
  const Dataset& data_;
  reference::FloatExecutor executor_;
  std::vector<TensorStatistics> totals_;
};

}  // namespace

std::vector<TensorStatistics> calibrate(const Graph& graph, const network::Normalisation& normalisation,
                                        const Dataset& data, int images) {
  check(graph, data, images);
  return Calibrator(graph, normalisation, data).run(static_cast<std::size_t>(images));
}

}  // namespace lutra::quantization
