#include "software/training/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/network/encoding/encoding.h"
#include "software/network/onnx/onnx_import.h"
#include "software/quantization/lowering/input.h"

namespace lutra::training {

namespace {

constexpr const char* embedded_model = "software/network/zoo/embedded_resnet.onnx";

std::filesystem::path resolve(const TrainingFile& training, const Places& places, const std::string& written) {
  const std::filesystem::path path(written);
  std::vector<std::filesystem::path> tried;
  if (path.is_absolute()) {
    tried.push_back(path);
  } else {
    if (training.folder) tried.push_back(*training.folder / path);
    if (places.data) tried.push_back(*places.data / path);
    tried.push_back(places.others.value_or(folder_around(places.output)) / path);
  }
  std::string names;
  for (const auto& place : tried) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", place.string());
  }
  throw Error(
      fmt::format("{}: network '{}' does not exist (looked for: {}); train it first into a folder beside the "
                  "output, or name the folder that holds it with --data",
                  training.file, written, names));
}

}  // namespace

std::filesystem::path folder_around(const std::filesystem::path& folder) {
  return std::filesystem::absolute(folder / "").lexically_normal().parent_path().parent_path();
}

network::Graph load_model(const TrainingFile& training, const Places& places, const std::string& written) {
  if (written != "embedded") return network::import_onnx(resolve(training, places, written));
  const auto bytes = find_embedded(embedded_model);
  if (!bytes) throw Error(fmt::format("the embedded network '{}' is not part of this program", embedded_model));
  return network::import_onnx(std::span(reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()),
                              std::filesystem::path(embedded_model).stem().string());
}

network::Dataset load_images(const TrainingFile& training, const Places& places, network::Split split,
                             std::optional<std::size_t> images) {
  network::Dataset data;
  if (training.dataset == "embedded") {
    data = network::make_embedded(split);
  } else {
    if (!places.data)
      throw Error(fmt::format("{}: data set '{}' is not part of Lutra; name the folder that holds it with --data",
                              training.file, training.dataset));
    data = network::load_dataset(training.dataset, *places.data, split);
  }
  if (!images || *images == data.size()) return data;
  if (*images > data.size())
    throw Error(fmt::format("{}: asks for {} images; the {} split of '{}' has {}", training.file, *images,
                            split == network::Split::train ? "train" : "test", training.dataset, data.size()));
  data.pixels.resize(*images * static_cast<std::size_t>(data.shape.elements()));
  data.labels.resize(*images);
  return data;
}

std::vector<float> pixel_values(const network::Normalisation& normalisation, int channels, std::optional<int> bits) {
  constexpr int any_bits = 8;
  const quantization::InputEncoding input =
      quantization::encode_input(normalisation, channels, bits.value_or(any_bits));
  const network::ValueRange range = network::value_range(input.encoding);
  const auto of_channel = [](const std::vector<double>& values, int channel, double otherwise) {
    return values.empty() ? otherwise : values[static_cast<std::size_t>(channel) % values.size()];
  };
  std::vector<float> values;
  for (int channel = 0; channel < channels; ++channel) {
    const network::Requantise& transform = input.channels[static_cast<std::size_t>(channel) % input.channels.size()];
    for (int pixel = 0; pixel < 256; ++pixel) {
      const auto code = std::clamp<std::int64_t>(network::apply(transform, pixel), range.lowest, range.highest);
      const double exact = (pixel / 255.0 * normalisation.range - of_channel(normalisation.mean, channel, 0)) /
                           of_channel(normalisation.deviation, channel, 1);
      values.push_back(static_cast<float>(bits ? static_cast<double>(code) * input.scale : exact));
    }
  }
  return values;
}

}  // namespace lutra::training
