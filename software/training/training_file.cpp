#include "software/training/training_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/nearest.h"
#include "software/common/yaml.h"
#include "software/network/data/dataset_yaml.h"

namespace lutra::training {

namespace {

constexpr std::string_view carried_folder = "scenarios/training/";
constexpr std::string_view suffix = ".yaml";
constexpr int most_epochs = 100000;
constexpr double largest_rate = 100;

// Takes `key: float` out of the mapping `section`: a scheme knows numbers only. Whether it was there.
bool take_float(YamlValue& root, std::string_view section, std::string_view key) {
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    if (root.keys[i] != section) continue;
    YamlValue& mapping = root.items[i];
    for (std::size_t k = 0; k < mapping.keys.size(); ++k) {
      if (mapping.keys[k] != key || mapping.items[k].text != "float") continue;
      const auto at = static_cast<std::ptrdiff_t>(k);
      mapping.keys.erase(mapping.keys.begin() + at);
      mapping.key_lines.erase(mapping.key_lines.begin() + at);
      mapping.items.erase(mapping.items.begin() + at);
      return true;
    }
  }
  return false;
}

// Of a key in a mapping; its size where it is not there.
std::size_t position_of(const YamlValue& mapping, std::string_view key) {
  return static_cast<std::size_t>(std::find(mapping.keys.begin(), mapping.keys.end(), key) - mapping.keys.begin());
}

StartNetwork read_network(const YamlReader& reader) {
  const YamlMapping keys = reader.mapping({"name", "model"});
  StartNetwork network;
  keys.read("name", network.name);
  keys.read("model", network.model);
  if (network.name.empty() == network.model.empty())
    reader.fail("give either 'name' (a network from nothing) or 'model' (a float ONNX file to start from)");
  return network;
}

void read_schedule(const YamlMapping& keys, Recipe& recipe) {
  constexpr Schedule schedules[] = {Schedule::constant, Schedule::cosine, Schedule::step};
  if (keys.has("schedule")) recipe.schedule = schedules[keys.at("schedule").choice({"constant", "cosine", "step"})];
  const bool steps = recipe.schedule == Schedule::step;
  for (const char* key : {"milestones", "factor"})
    if (keys.has(key) && !steps) keys.at(key).fail("belongs to 'schedule: step'");
  if (steps)
    for (const YamlReader& item : keys.at("milestones").items())
      recipe.milestones.push_back(item.number(0, most_epochs));
  if (!std::is_sorted(recipe.milestones.begin(), recipe.milestones.end()))
    keys.at("milestones").fail("the epochs must rise");
  keys.read("factor", recipe.factor, 1e-6, 1);
  keys.read("warm_up", recipe.warm_up, 0, recipe.epochs);
}

void read_optimiser(const YamlMapping& keys, Recipe& recipe) {
  if (keys.has("optimiser"))
    recipe.optimiser = keys.at("optimiser").choice({"sgd", "adam"}) == 0 ? Optimiser::sgd : Optimiser::adam;
  recipe.rate = keys.at("rate").number(1e-9, largest_rate);
  if (keys.has("momentum") && recipe.optimiser == Optimiser::adam)
    keys.at("momentum").fail("belongs to 'optimiser: sgd'; Adam takes its usual moments");
  keys.read("momentum", recipe.momentum, 0, 0.9999);
  keys.read("weight_decay", recipe.weight_decay, 0, 1);
}

void read_distillation(const YamlReader& reader, TrainingFile& training) {
  const YamlMapping keys = reader.mapping({"teacher", "share", "temperature"});
  training.teacher = keys.at("teacher").text();
  training.recipe.distillation = 0.5;
  keys.read("share", training.recipe.distillation, 1e-6, 1);
  keys.read("temperature", training.recipe.temperature, 1e-3, 1000);
}

std::optional<std::size_t> read_count(const YamlMapping& keys, const char* key) {
  if (!keys.has(key)) return std::nullopt;
  return static_cast<std::size_t>(keys.at(key).integer(1, 10000000));
}

void read_recipe(const YamlReader& reader, TrainingFile& training) {
  const YamlMapping keys =
      reader.mapping({"epochs", "batch", "optimiser", "rate", "momentum", "weight_decay", "schedule", "milestones",
                      "factor", "warm_up", "label_smoothing", "augmentation", "distillation", "seed", "precision",
                      "test_every", "train_images", "test_images", "parameters"});
  Recipe& recipe = training.recipe;
  recipe.epochs = static_cast<int>(keys.at("epochs").integer(1, most_epochs));
  keys.read("batch", recipe.batch, 1, 65536);
  read_optimiser(keys, recipe);
  read_schedule(keys, recipe);
  keys.read("label_smoothing", recipe.label_smoothing, 0, 0.999);
  if (keys.has("augmentation")) {
    const YamlMapping augmentation =
        keys.at("augmentation").mapping({"pad", "flip", "turn", "permute_channels", "invert"});
    augmentation.read("pad", recipe.augmentation.pad, 0, 64);
    augmentation.read("flip", recipe.augmentation.flip);
    augmentation.read("turn", recipe.augmentation.turn);
    augmentation.read("permute_channels", recipe.augmentation.permute_channels);
    augmentation.read("invert", recipe.augmentation.invert);
  }
  if (keys.has("distillation")) read_distillation(keys.at("distillation"), training);
  if (keys.has("seed"))
    recipe.seed = static_cast<std::uint64_t>(keys.at("seed").integer(0, std::numeric_limits<std::int64_t>::max()));
  if (keys.has("precision") && keys.at("precision").choice({"float", "bfloat16"}) == 1)
    training.precision = Precision::bfloat16;
  keys.read("test_every", training.test_every, 1, most_epochs);
  training.train_images = read_count(keys, "train_images");
  training.test_images = read_count(keys, "test_images");
  if (!keys.has("parameters")) return;
  if (!training.scheme) keys.at("parameters").fail("a float training has no scheme that could take parameters");
  for (const auto& [name, value] : keys.at("parameters").entries()) training.scheme->parameters[name] = value.text();
}

Lowering read_lowering(const YamlReader& reader, const TrainedScheme& scheme) {
  const YamlMapping keys = reader.mapping({"weight_bits", "activation_bits", "epochs", "rate"});
  Lowering lowering;
  lowering.weight_bits = static_cast<int>(keys.at("weight_bits").integer(1, 8));
  lowering.epochs = static_cast<int>(keys.at("epochs").integer(1, most_epochs));
  if (keys.has("activation_bits")) {
    if (scheme.float_activations) keys.at("activation_bits").fail("the scheme leaves activations float in training");
    if (scheme.section.options.activations != quantization::ActivationCoding::uniform)
      keys.at("activation_bits").fail("only 'activations: uniform' has bits that can fall");
    lowering.activation_bits = static_cast<int>(keys.at("activation_bits").integer(2, 8));
  }
  if (keys.has("rate")) lowering.rate = keys.at("rate").number(1e-9, largest_rate);
  return lowering;
}

// `{name: float}`: no scheme, and so none of a scheme's other keys.
bool is_float(const YamlReader& scheme) {
  if (scheme.value().kind != YamlValue::Kind::mapping) return false;
  for (const auto& [key, value] : scheme.entries()) {
    if (key != "name" || value.value().text != "float") continue;
    scheme.mapping({"name"});
    return true;
  }
  return false;
}

TrainingFile read_training(const YamlReader& reader, bool float_activations) {
  const YamlMapping keys =
      reader.mapping({"training", "description", "network", "dataset", "normalisation", "scheme", "recipe", "lower"});
  TrainingFile training;
  training.name = keys.at("training").text();
  keys.read("description", training.description);
  training.network = read_network(keys.at("network"));
  training.dataset = network::read_dataset_name(keys.at("dataset"));
  if (keys.has("normalisation")) training.normalisation = network::read_normalisation(keys.at("normalisation"));
  if (keys.has("scheme") && !is_float(keys.at("scheme"))) {
    TrainedScheme scheme;
    scheme.section = quantization::read_scheme(keys.at("scheme"));
    scheme.float_activations = float_activations;
    scheme.parameters = scheme.section.options.parameters;
    const quantization::Options& options = scheme.section.options;
    if (float_activations && options.activations != quantization::ActivationCoding::uniform)
      keys.at("scheme").fail("'activation_bits: float' contradicts the activations' coding");
    if (options.progressive && options.progressive->measure != quantization::Progressive::Measure::memory)
      keys.at("scheme").fail("progressive: a training has no hardware to measure; give 'measure: memory'");
    training.scheme = scheme;
  }
  read_recipe(keys.at("recipe"), training);
  if (keys.has("lower")) {
    if (!training.scheme) keys.at("lower").fail("a float training has no bits that could fall; give a 'scheme'");
    for (const YamlReader& item : keys.at("lower").items())
      training.lower.push_back(read_lowering(item, *training.scheme));
  }
  return training;
}

std::string carried_name(std::string name) {
  if (name.starts_with(carried_folder)) name.erase(0, carried_folder.size());
  if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  return name;
}

}  // namespace

TrainingFile parse_training(std::string_view text, const std::string& file) {
  YamlDocument document = parse_yaml(text, file);
  const bool float_activations = take_float(document.root, "scheme", "activation_bits");
  TrainingFile training = read_training(YamlReader(document), float_activations);
  training.file = file;
  training.text = text;
  return training;
}

TrainingFile with_seed(const TrainingFile& training, std::uint64_t seed) {
  YamlValue root = parse_yaml(training.text, training.file).root;
  YamlValue& recipe = root.items[position_of(root, "recipe")];
  const std::size_t at = position_of(recipe, "seed");
  if (at == recipe.keys.size()) {
    recipe.keys.emplace_back("seed");
    recipe.key_lines.push_back(recipe.line);
    recipe.items.emplace_back();
  }
  recipe.items[at].kind = YamlValue::Kind::scalar;
  recipe.items[at].text = fmt::format("{}", seed);
  recipe.items[at].quoted = false;
  TrainingFile changed = parse_training(emit_yaml(root), training.file);
  changed.folder = training.folder;
  return changed;
}

std::vector<std::string> carried_trainings() {
  std::vector<std::string> names;
  for (const std::string& path : list_embedded(carried_folder)) names.push_back(carried_name(path));
  return names;
}

TrainingFile load_training(const std::string& path_or_name) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path_or_name, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_directory(status)) {
    TrainingFile training = parse_training(read_text_file(path_or_name), path_or_name);
    training.folder = std::filesystem::absolute(path_or_name).parent_path();
    return training;
  }
  const std::string path = fmt::format("{}{}{}", carried_folder, carried_name(path_or_name), suffix);
  if (const auto text = find_embedded(path)) return parse_training(*text, path);
  const auto names = carried_trainings();
  const std::string close = nearest(carried_name(path_or_name), names);
  throw Error(fmt::format("training recipe '{}' is neither a file nor one that Lutra carries{}; it carries: {}",
                          path_or_name, close.empty() ? "" : fmt::format("; did you mean '{}'?", close),
                          fmt::join(names, ", ")));
}

bool is_same_recipe(std::string_view left, std::string_view right) {
  return emit_yaml(parse_yaml(left, "recipe").root) == emit_yaml(parse_yaml(right, "recipe").root);
}

}  // namespace lutra::training
