#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/quantization/options_yaml.h"
#include "software/training/core/recipe.h"

namespace lutra::training {

enum class Precision { float32, bfloat16 };

// Where training starts: a network of make_network() with random weights, or a float ONNX file ("embedded": the one
// Lutra carries). One of the two is empty.
struct StartNetwork {
  std::string name;
  std::string model;
};

// Float weights under float activations, or a scheme.
struct TrainedScheme {
  quantization::SchemeSection section;
  bool float_activations = false;                 // in training; exported with section's activation bits
  std::map<std::string, std::string> parameters;  // of the trainer's quantiser, the scheme's own included
};

// A phase before the last: what it changes of the last one.
struct Lowering {
  int weight_bits = 8;
  std::optional<int> activation_bits;
  int epochs = 1;
  std::optional<double> rate;
};

// A training recipe. software/training/README.md documents every key.
struct TrainingFile {
  std::string file;                             // where it was read, for messages
  std::optional<std::filesystem::path> folder;  // of relative paths; absent: carried by the program
  std::string text;                             // as read
  std::string name;
  std::string description;
  StartNetwork network;
  std::string dataset;
  network::Normalisation normalisation;
  std::optional<TrainedScheme> scheme;
  Recipe recipe;
  std::string teacher;  // a float ONNX file; empty: none
  Precision precision = Precision::float32;
  int test_every = 1;
  std::optional<std::size_t> train_images, test_images;  // the first ones; absent: all
  std::vector<Lowering> lower;
};

// `file` names the text in messages. Throws Error "file:line: ..." for anything that is not a complete, valid recipe.
TrainingFile parse_training(std::string_view text, const std::string& file);

// A file, or the name of a recipe Lutra carries ("embedded_float", with or without "scenarios/training/" and ".yaml").
// Throws Error naming what there is.
TrainingFile load_training(const std::string& path_or_name);

// The same recipe with this seed; `text` says so too.
TrainingFile with_seed(const TrainingFile& training, std::uint64_t seed);

std::vector<std::string> carried_trainings();  // names, sorted

// Whether two texts say the same: comments and layout do not count.
bool is_same_recipe(std::string_view left, std::string_view right);

}  // namespace lutra::training
