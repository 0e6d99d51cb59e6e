#include "software/training/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/onnx/onnx_import.h"
#include "software/network/onnx/onnx_save.h"
#include "software/network/quantised_onnx/quantised_onnx.h"
#include "software/quantization/trained/trained.h"
#include "software/reference/executor.h"
#include "software/training/core/checkpoint.h"
#include "software/training/setup.h"

namespace lutra::training {

namespace {

constexpr double tolerance_of_10000 = 0.1;  // percent

// What chance alone leaves between two evaluations shrinks with the square root of the images.
double tolerance_for(std::size_t images) {
  return tolerance_of_10000 * std::sqrt(std::max(1.0, 10000.0 / static_cast<double>(images)));
}

double percent_correct(const std::vector<int>& answers, const network::Dataset& data) {
  std::size_t correct = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) correct += answers[i] == data.labels[i] ? 1 : 0;
  return 100.0 * static_cast<double>(correct) / static_cast<double>(answers.size());
}

std::vector<int> classify(Model& model, Batches& batches) {
  const torch::NoGradGuard no_gradient;
  std::vector<int> answers;
  batches.in_order();
  for (std::size_t i = 0; i < batches.count(); ++i) {
    const torch::Tensor best = model->forward(batches.get(i).images).argmax(1).to(torch::kCPU, torch::kInt32);
    answers.insert(answers.end(), best.data_ptr<int>(), best.data_ptr<int>() + best.numel());
  }
  return answers;
}

std::size_t count_other(const std::vector<int>& left, const std::vector<int>& right) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < left.size(); ++i) count += left[i] != right[i] ? 1 : 0;
  return count;
}

// Of convolutions and linear layers, as those of a quantised file are counted.
std::size_t weight_bytes_of(const network::Graph& graph) {
  std::size_t values = 0;
  for (const network::Node& node : graph.nodes) {
    if (const auto* convolution = std::get_if<network::Convolution>(&node.op)) values += convolution->weights.size();
    if (const auto* linear = std::get_if<network::Linear>(&node.op)) values += linear->weights.size();
  }
  return values * sizeof(float);
}

nlohmann::ordered_json to_json(const Origin& origin) {
  if (origin == Origin()) return nullptr;
  return {{"torch", origin.torch}, {"device", origin.device}, {"threads", origin.threads}};
}

void require_file(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    throw Error(
        fmt::format("{}: the file does not exist; 'lutra train' writes it, and without it this training cannot "
                    "be told",
                    file.string()));
}

std::map<network::TensorId, quantization::Rescaling> rescalings_of(const network::QuantisedNetwork& quantised,
                                                                   Model& model) {
  const network::Graph graph = model->trained_graph();
  std::map<std::string, double> steps;
  for (const auto& [tensor, codes] : model->activation_codes())
    steps[graph.tensors[static_cast<std::size_t>(tensor)].name] = codes.step;
  const auto by_name = quantization::rescalings(quantised, steps);
  std::map<network::TensorId, quantization::Rescaling> by_tensor;
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    const auto found = by_name.find(graph.tensors[i].name);
    if (found != by_name.end()) by_tensor[static_cast<network::TensorId>(i)] = found->second;
  }
  return by_tensor;
}

network::QuantisedNetwork lower(const TrainingFile& training, const Phase& phase, Model& model,
                                const network::Dataset& calibration) {
  quantization::TrainedNetwork trained;
  trained.graph = model->trained_graph();
  trained.weights = model->weight_codes();
  for (const auto& [tensor, codes] : model->activation_codes())
    trained.activations[tensor] = {codes.encoding, codes.step, codes.unit};
  try {
    return quantization::lower_trained(trained, training.normalisation, calibration, phase.scheme->section.options);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", training.file, error.what()));
  }
}

}  // namespace

bool ExportReport::agrees() const {
  constexpr double of_rescaling = 10;
  return !must_agree || (std::abs(rescaled_accuracy - reference_accuracy) <= tolerance &&
                         std::abs(rescaled_accuracy - trainer_accuracy) <= of_rescaling * tolerance);
}

std::string ExportReport::disagreement() const {
  return fmt::format(
      "{}: {:.2f} % in the trainer, {:.2f} % with the file's rescaling, {:.2f} % in the reference executor; over "
      "{} images the last two are expected to differ by at most {:.3f} points, the first two by ten times as "
      "much (--allow-difference accepts it)",
      file.string(), trainer_accuracy, rescaled_accuracy, reference_accuracy, images, tolerance);
}

ExportReport export_trained(const TrainingFile& training, const TrainOptions& options,
                            const std::optional<std::filesystem::path>& file) {
  configure_torch(training, options.threads);
  at::globalContext().setAllowTF32CuDNN(false);  // integers are to come out exactly
  const torch::Device device = choose_device(options.device);
  const OutputFolder folder{options.places.output};
  if (!training.network.model.empty()) require_file(folder.start());
  if (training.scheme) require_file(folder.widths());
  const network::Dataset calibration = load_images(
      training, options.places, training.scheme ? training.scheme->section.calibration_split : network::Split::train);
  const network::Dataset test = load_images(training, options.places, network::Split::test);
  const network::Graph start = start_graph(training, options.places, folder, test);
  const Phase phase = make_phases(training, phase_options(training, folder, start, calibration)).back();
  PhaseModel made = make_model(training, phase, start, device);

  ExportReport report;
  std::vector<EpochFigures> epochs;
  const std::filesystem::path checkpoint = folder.file(phase.checkpoint);
  if (!load_checkpoint(checkpoint.string(), made.model, nullptr, epochs))
    throw Error(fmt::format("{}: the checkpoint does not exist; 'lutra train' writes it", checkpoint.string()));
  made.model->eval();
  report.epochs = static_cast<int>(epochs.size());
  report.epochs_wanted = phase.recipe.epochs;
  report.images = test.size();
  report.tolerance = tolerance_for(test.size());
  report.must_agree = !phase.scheme || !phase.scheme->float_activations;
  Batches batches(test, made.pixels, evaluation_batch, torch::kFloat32, device);
  std::vector<int> trained_answers = classify(made.model, batches);
  report.trainer_accuracy = percent_correct(trained_answers, test);

  report.rescaled_accuracy = report.trainer_accuracy;
  std::size_t weight_bytes = 0;
  std::string scheme = "float";
  std::vector<int> answers;
  if (phase.scheme) {
    report.file = file.value_or(folder.file("quantized.onnx"));
    try {
      network::save_quantised(lower(training, phase, made.model, calibration), report.file);
    } catch (const Error& error) {
      throw Error(fmt::format(
          "{}\nThe last epoch, {}, had a loss of {:.4g} and {:.2f} % of the train images right: where that is no "
          "better than guessing, training diverged; lower recipe.rate ({:g}) or raise recipe.warm_up ({:g}).",
          error.what(), epochs.size(), epochs.empty() ? 0 : epochs.back().loss,
          epochs.empty() ? 0 : 100 * epochs.back().train_accuracy, phase.recipe.rate, phase.recipe.warm_up));
    }
    const network::QuantisedNetwork saved = network::load_quantised(report.file);
    scheme = saved.scheme;
    weight_bytes = static_cast<std::size_t>((network::weight_bits(saved) + 7) / 8);
    answers = reference::IntegerExecutor(saved).classify(test, test.size(), options.threads);
    made.model->rescale_as(rescalings_of(saved, made.model));
    trained_answers = classify(made.model, batches);
    report.rescaled_accuracy = percent_correct(trained_answers, test);
  } else {
    report.file = file.value_or(folder.file("float.onnx"));
    network::save_onnx(made.model->trained_graph(), report.file);
    weight_bytes = weight_bytes_of(made.model->trained_graph());
    const reference::FloatExecutor executor(network::import_onnx(report.file), training.normalisation);
    answers = executor.classify(test, test.size(), options.threads);
  }
  report.reference_accuracy = percent_correct(answers, test);
  report.other_answers = count_other(trained_answers, answers);

  const nlohmann::ordered_json json{
      {"training", training.name},
      {"scheme", scheme},
      {"seed", training.recipe.seed},
      {"epochs", report.epochs},
      {"epochs_wanted", report.epochs_wanted},
      {"test_images", report.images},
      {"trainer_accuracy", report.trainer_accuracy},
      {"rescaled_accuracy", report.rescaled_accuracy},
      {"reference", phase.scheme ? "integer" : "float"},
      {"reference_accuracy", report.reference_accuracy},
      {"difference", report.reference_accuracy - report.rescaled_accuracy},
      {"other_answers", report.other_answers},
      {"activations_in_training", report.must_agree && phase.scheme ? "quantised" : "float"},
      {"weight_bytes", weight_bytes},
      {"precision", training.precision == Precision::bfloat16 ? "bfloat16" : "float"},
      {"trained_with", to_json(load_origin(checkpoint.string()))},
      {"evaluated_with", to_json(this_origin(device))}};
  write_file(folder.file("report.json"), json.dump(1) + "\n");
  return report;
}

}  // namespace lutra::training
