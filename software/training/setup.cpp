#include "software/training/setup.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <malloc.h>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/yaml.h"
#include "software/network/data/classes.h"
#include "software/network/float/fit_input.h"
#include "software/network/onnx/onnx_import.h"
#include "software/network/onnx/onnx_save.h"
#include "software/training/core/networks.h"

namespace lutra::training {

namespace {

YamlValue scalar(const std::string& text, bool quoted = false) {
  YamlValue value;
  value.kind = YamlValue::Kind::scalar;
  value.text = text;
  value.quoted = quoted;
  return value;
}

void append(YamlValue& mapping, const std::string& key, const YamlValue& value) {
  mapping.kind = YamlValue::Kind::mapping;
  mapping.keys.push_back(key);
  mapping.key_lines.push_back(0);
  mapping.items.push_back(value);
}

std::string to_yaml(const std::map<std::string, quantization::LayerWidths>& layers) {
  YamlValue root;
  root.kind = YamlValue::Kind::mapping;
  for (const auto& [name, widths] : layers) {
    YamlValue entry;
    append(entry, "weight_bits", scalar(std::to_string(widths.weight_bits)));
    append(entry, "activation_bits", scalar(std::to_string(widths.activation_bits)));
    append(root, name, entry);
  }
  return layers.empty() ? "{}\n" : emit_yaml(root);
}

std::map<std::string, quantization::LayerWidths> read_layers(const std::filesystem::path& file) {
  const YamlDocument document = parse_yaml(read_text_file(file), file.string());
  std::map<std::string, quantization::LayerWidths> layers;
  for (const auto& [name, reader] : YamlReader(document).entries()) {
    const YamlMapping keys = reader.mapping({"weight_bits", "activation_bits"});
    layers[name] = {static_cast<int>(keys.at("weight_bits").integer(1, 8)),
                    static_cast<int>(keys.at("activation_bits").integer(2, 8))};
  }
  return layers;
}

std::string text_of(const network::Shape& shape) {
  return fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width);
}

void require_fit(const TrainingFile& training, const network::Graph& graph, const network::Dataset& images) {
  const network::Shape& input = graph.tensors[static_cast<std::size_t>(graph.input)].shape;
  if (input != images.shape)
    throw Error(fmt::format("{}: the network takes images of {}; those of '{}' are {}", training.file, text_of(input),
                            training.dataset, text_of(images.shape)));
  if (training.recipe.augmentation.turn && images.shape.height != images.shape.width)
    throw Error(fmt::format("{}: augmentation.turn takes square images; those of '{}' are {}", training.file,
                            training.dataset, text_of(images.shape)));
  try {
    network::require_classes(graph.name, network::output_shape(graph), images);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", training.file, error.what()));
  }
}

}  // namespace

void configure_torch(const TrainingFile& training, int threads) {
  // Activations come and go with every batch: their memory is kept, not handed back to the system.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
  ::mallopt(M_TOP_PAD, 1 << 28);
  at::set_num_threads(threads);
  torch::manual_seed(training.recipe.seed);
}

torch::Device choose_device(DeviceChoice choice) {
  const bool has_cuda = torch::cuda::is_available();
  if (choice == DeviceChoice::cuda && !has_cuda)
    throw Error("--device cuda: torch sees no CUDA device here; use --device cpu, or a libtorch built with CUDA");
  return has_cuda && choice != DeviceChoice::cpu ? torch::kCUDA : torch::kCPU;
}

network::Graph start_graph(const TrainingFile& training, const Places& places, const OutputFolder& folder,
                           const network::Dataset& images) {
  network::Graph graph;
  std::error_code ignored;
  if (!training.network.name.empty()) {
    try {
      graph = make_network(training.network.name, images.shape, images.classes, training.recipe.seed);
    } catch (const std::invalid_argument& error) {
      throw Error(fmt::format("{}: network.name: {}", training.file, error.what()));
    }
  } else if (std::filesystem::exists(folder.start(), ignored)) {
    graph = network::import_onnx(folder.start());
  } else {
    graph = network::fit_input(load_model(training, places, training.network.model), images.shape);
    require_fit(training, graph, images);
    network::save_onnx(graph, folder.start());
    graph = network::import_onnx(folder.start());
  }
  require_fit(training, graph, images);
  return graph;
}

network::Graph teacher_graph(const TrainingFile& training, const Places& places, const OutputFolder& folder) {
  if (!std::filesystem::exists(folder.teacher()))
    network::save_onnx(load_model(training, places, training.teacher), folder.teacher());
  return network::import_onnx(folder.teacher());
}

quantization::Options phase_options(const TrainingFile& training, const OutputFolder& folder,
                                    const network::Graph& start, const network::Dataset& calibration) {
  if (!training.scheme) return {};
  std::error_code ignored;
  if (std::filesystem::exists(folder.widths(), ignored)) {
    quantization::Options options = training.scheme->section.options;
    options.progressive.reset();
    options.layers = read_layers(folder.widths());
    return options;
  }
  try {
    const quantization::Options options = complete_options(training, start, calibration);
    write_file(folder.widths(), to_yaml(options.layers));
    return options;
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", training.file, error.what()));
  }
}

PhaseModel make_model(const TrainingFile& training, const Phase& phase, const network::Graph& graph,
                      torch::Device device) {
  PhaseModel result;
  std::optional<int> input_bits;
  try {
    const PhasePlan plan = plan_phase(training, phase, graph);
    input_bits = plan.input_bits;
    result.model = Model(graph, plan.plan, training.recipe.seed);
  } catch (const std::exception& error) {
    throw Error(fmt::format("{}: {}", training.file, error.what()));
  }
  result.model->to(device);
  const int channels = graph.tensors[static_cast<std::size_t>(graph.input)].shape.channels;
  result.pixels.values = pixel_values(training.normalisation, channels, input_bits);
  return result;
}

}  // namespace lutra::training
