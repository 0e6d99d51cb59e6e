#include "software/quantization/progressive/separability.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/reference/executor.h"
#include "software/reference/image_workers.h"

namespace lutra::quantization {

namespace {

using Features = std::vector<double>;  // one per channel

// A class whose images agree to the last bit would divide by zero.
constexpr double least_scatter = 0x1p-100;

Features pool(const std::vector<float>& values, int channels) {
  Features features(static_cast<std::size_t>(channels));
  const std::size_t plane = values.size() / features.size();
  for (std::size_t i = 0; i < values.size(); ++i) features[i / plane] += values[i];
  for (double& feature : features) feature /= static_cast<double>(plane);
  return features;
}

double squared_distance(const Features& a, const Features& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

struct Mean {
  Features sum;
  double count = 0;

  void add(const Features& features) {
    sum.resize(features.size());
    for (std::size_t i = 0; i < features.size(); ++i) sum[i] += features[i];
    ++count;
  }
  Features value() const {
    Features mean = sum;
    for (double& each : mean) each /= count;
    return mean;
  }
};

double separability_of(const std::vector<Features>& features, const std::vector<network::Label>& labels) {
  std::vector<Mean> classes(std::size_t{*std::max_element(labels.begin(), labels.end())} + 1);
  Mean all;
  for (std::size_t image = 0; image < features.size(); ++image) {
    classes[labels[image]].add(features[image]);
    all.add(features[image]);
  }
  const Features centre = all.value();
  std::vector<Features> centres(classes.size());
  double between = 0;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (classes[c].count == 0) continue;
    centres[c] = classes[c].value();
    between += classes[c].count * squared_distance(centres[c], centre);
  }
  double within = 0;
  for (std::size_t image = 0; image < features.size(); ++image)
    within += squared_distance(features[image], centres[labels[image]]);
  return between / std::max(within, least_scatter);
}

}  // namespace

std::vector<double> separability(const network::Graph& graph, const network::Normalisation& normalisation,
                                 const network::Dataset& data, int images,
                                 const std::vector<network::TensorId>& tensors) {
  const auto count = static_cast<std::size_t>(images);
  if (data.labels.empty())
    throw Error(
        fmt::format("progressive bits compare the features of classes, and data set '{}' has no labels", data.name));
  if (data.size() < count || count == 0)
    throw Error(fmt::format("progressive bits compare the features of {} images, data set '{}' has {}", images,
                            data.name, data.size()));
  const reference::FloatExecutor executor(graph, normalisation);
  std::vector<std::vector<Features>> features(tensors.size(), std::vector<Features>(count));
  const auto make_worker = [&]() -> reference::ImageWorker {
    return [&](std::size_t image) {
      const auto values = executor.run_all(data.image(image));
      for (std::size_t t = 0; t < tensors.size(); ++t) {
        const auto tensor = static_cast<std::size_t>(tensors[t]);
        features[t][image] = pool(values[tensor], graph.tensors[tensor].shape.channels);
      }
    };
  };
  reference::for_each_image(count, 0, make_worker, {});
  std::vector<double> result;
  for (const std::vector<Features>& of_tensor : features) result.push_back(separability_of(of_tensor, data.labels));
  return result;
}

}  // namespace lutra::quantization
