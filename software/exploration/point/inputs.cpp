#include "software/exploration/point/inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "software/common/digest.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/own/load_own.h"
#include "software/network/data/random_dataset.h"
#include "software/network/onnx/onnx_format.h"
#include "software/network/onnx/onnx_import.h"
#include "software/network/quantised_onnx/quantised_onnx.h"
#include "software/network/zoo/zoo.h"

namespace lutra::exploration {

namespace {

constexpr const char* inside = "embedded";  // the network and the data set that are part of the program
constexpr const char* embedded_model = "embedded_resnet.onnx";

std::string stem(const std::string& path) { return std::filesystem::path(path).stem().string(); }

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

template <typename Value>
std::span<const std::uint8_t> as_bytes(const std::vector<Value>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(Value)};
}

}  // namespace

network::Graph Inputs::model(const scenario::Scenario& scenario) {
  const std::string& asked = scenario.network.model;
  const std::string written = asked == inside ? embedded_model : asked;
  if (const auto bytes = network::find_in_zoo(written))
    return network::import_onnx(as_bytes(*bytes), written, stem(written));
  if (asked == inside)
    throw Error(fmt::format("the embedded network '{}' is not part of this program", embedded_model));
  const File& model = file(scenario, written);
  return network::import_onnx(model.bytes, model.place, stem(model.place));
}

network::QuantisedNetwork Inputs::quantised(const scenario::Scenario& scenario) {
  const std::string& written = scenario.quantisation.file;
  if (const auto bytes = network::find_in_zoo(written)) return network::quantised_from_onnx(*bytes, written);
  if (auto foreign = given(scenario)) return std::move(foreign->taken.network);
  const File& network = file(scenario, written);
  return network::quantised_from_onnx(
      std::string_view(reinterpret_cast<const char*>(network.bytes.data()), network.bytes.size()), network.place);
}

std::optional<network::Graph> Inputs::given_graph(const scenario::Scenario& scenario) {
  const std::string& written = scenario.quantisation.file;
  if (written.empty() || network::find_in_zoo(written)) return std::nullopt;
  const File& network = file(scenario, written);
  if (network::is_quantised(network.bytes, network.place)) return std::nullopt;
  return network::import_any_onnx(network.bytes, network.place, stem(network.place));
}

std::optional<GivenNetwork> Inputs::given(const scenario::Scenario& scenario) {
  std::optional<network::Graph> graph = given_graph(scenario);
  if (!graph) return std::nullopt;
  const bool is_float = std::ranges::none_of(
      graph->nodes, [](const network::Node& node) { return std::holds_alternative<network::Quantise>(node.op); });
  const std::string& place = scenario.quantisation.file;
  if (is_float)
    throw Error(fmt::format("{}: 'quantized: {}' is a float network; name it as network.model and give a 'scheme'",
                            scenario.file, place));
  try {
    network::given::Taken taken = network::given::take(*graph, normalisation(scenario), scenario.quantisation.inexact);
    return GivenNetwork{std::move(*graph), std::move(taken)};
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", place, error.what()));
  }
}

const network::Dataset& Inputs::images(const scenario::Scenario& scenario, network::Split split) {
  return load(scenario, split).data;
}

network::Normalisation Inputs::normalisation(const scenario::Scenario& scenario) {
  if (!scenario.network.own) return scenario.network.normalisation;
  return images(scenario, network::Split::test).meaning.value_or(scenario.network.normalisation);
}

std::string Inputs::digests(const scenario::Scenario& scenario) {
  std::string text;
  const std::string& quantised = scenario.quantisation.file;
  if (!scenario.network.model.empty() && scenario.network.model != inside)
    text += fmt::format("model {}\n", file_digest(scenario, scenario.network.model));
  if (!quantised.empty()) text += fmt::format("quantized {}\n", file_digest(scenario, quantised));
  text += fmt::format("test images {}\n", images_digest(scenario, network::Split::test));
  if (quantised.empty())
    text += fmt::format("calibration images {}\n", images_digest(scenario, scenario.quantisation.calibration_split));
  return text;
}

const Inputs::File& Inputs::file(const scenario::Scenario& scenario, const std::string& written) {
  const std::pair name(std::filesystem::path(scenario.file).parent_path().string(), written);
  const auto known = files_.find(name);
  if (known != files_.end()) return known->second;
  expect_open(written);
  const std::filesystem::path path = scenario::resolve_path(scenario, written, data_);
  File read{path.string(), read_file(path, network::largest_onnx_bytes), {}};
  read.digest = sha256(read.bytes);
  return files_.emplace(name, std::move(read)).first->second;
}

const network::Shape& Inputs::input_shape(const scenario::Scenario& scenario) {
  const std::tuple name(std::filesystem::path(scenario.file).parent_path().string(), scenario.network.model,
                        scenario.quantisation.file);
  const auto known = input_shapes_.find(name);
  if (known != input_shapes_.end()) return known->second;
  return input_shapes_.emplace(name, read_input_shape(scenario)).first->second;
}

network::Shape Inputs::read_input_shape(const scenario::Scenario& scenario) {
  if (!scenario.quantisation.file.empty()) {
    if (const auto graph = given_graph(scenario))
      return graph->tensors.at(static_cast<std::size_t>(graph->input)).shape;
    const network::QuantisedNetwork network = quantised(scenario);
    return network.edges.at(static_cast<std::size_t>(network.input.edge)).shape;
  }
  const network::Graph graph = model(scenario);
  return graph.tensors.at(static_cast<std::size_t>(graph.input)).shape;
}

Inputs::Images& Inputs::load(const scenario::Scenario& scenario, network::Split split) {
  const scenario::NetworkSource& source = scenario.network;
  Images wanted;
  if (source.own) wanted.folder = std::filesystem::path(scenario.file).parent_path().string();
  wanted.dataset = source.dataset;
  wanted.own = source.own;
  wanted.split = split;
  if (source.is_random()) wanted.random_seed = source.random_seed;
  if (source.is_random() || source.own) wanted.input_shape = input_shape(scenario);
  const auto known = std::find_if(images_.begin(), images_.end(), [&](const Images& images) {
    return images.folder == wanted.folder && images.dataset == wanted.dataset && images.own == wanted.own &&
           images.random_seed == wanted.random_seed && images.input_shape == wanted.input_shape &&
           images.split == wanted.split;
  });
  if (known != images_.end()) return *known;
  expect_open(source.dataset);
  wanted.data = read_images(scenario, wanted.input_shape, split);
  return images_.emplace_back(std::move(wanted));
}

network::Dataset Inputs::read_images(const scenario::Scenario& scenario, const network::Shape& input_shape,
                                     network::Split split) const {
  const scenario::NetworkSource& source = scenario.network;
  if (source.own)
    return network::load_own(
        *source.own, split,
        [&](const std::string& written) { return scenario::resolve_path(scenario, written, data_); }, input_shape);
  if (source.is_random()) return network::make_random(input_shape, source.random_seed, split);
  if (source.dataset == inside) return network::make_embedded(split);
  if (!data_)
    throw Error(fmt::format("{}: data set '{}' is not part of Lutra; name the folder that holds it with --data",
                            scenario.file, source.dataset));
  return network::load_dataset(source.dataset, *data_, split);
}

std::string Inputs::file_digest(const scenario::Scenario& scenario, const std::string& written) {
  if (const auto bytes = network::find_in_zoo(written)) return sha256(as_bytes(*bytes));
  return file(scenario, written).digest;
}

const std::string& Inputs::images_digest(const scenario::Scenario& scenario, network::Split split) {
  Images& images = load(scenario, split);
  const network::Dataset& data = images.data;
  if (images.digest.empty()) {
    const network::Normalisation meaning = data.meaning.value_or(network::Normalisation());
    std::string names;
    for (const std::string& name : data.class_names) names += "\n" + name;
    images.digest = sha256(fmt::format("{} {}x{}x{} of {} classes, {} {}\n{}\n{}\n{}{}", data.size(),
                                       data.shape.channels, data.shape.height, data.shape.width, data.classes,
                                       meaning.range, fmt::join(meaning.mean, " "), sha256(data.pixels),
                                       sha256(as_bytes(data.labels)), sha256(as_bytes(data.values)), names));
  }
  return images.digest;
}

void Inputs::expect_open(const std::string& what) const {
  if (sealed_) throw Error(fmt::format("'{}' was not read before the points began", what));
}

}  // namespace lutra::exploration
