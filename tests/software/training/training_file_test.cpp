#include "software/training/training_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/training/phases.h"
#include "tests/support/damage_text.h"
#include "tests/support/scratch.h"

namespace lutra::training {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* complete = R"(training: all
description: every key
network: {model: base/float.onnx}
dataset: cifar10
normalisation: {mean: [0.5], deviation: [0.25]}
scheme:
  name: apq
  weight_bits: 3
  activation_bits: float
  parameters: {zero: "false"}
recipe:
  epochs: 20
  batch: 32
  optimiser: sgd
  rate: 0.05
  momentum: 0.8
  weight_decay: 0.001
  schedule: step
  milestones: [10, 15]
  factor: 0.2
  warm_up: 2
  label_smoothing: 0.1
  augmentation: {pad: 4, flip: true}
  distillation: {teacher: embedded, share: 0.25, temperature: 2}
  seed: 7
  precision: bfloat16
  test_every: 5
  train_images: 1000
  test_images: 100
  parameters: {start: split}
lower: [{weight_bits: 8, epochs: 3, rate: 0.2}, {weight_bits: 5, epochs: 1}]
)";

constexpr const char* shortest = R"(training: short
network: {name: resnet8}
dataset: embedded
recipe: {epochs: 2, rate: 0.1}
)";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string refusal(const std::string& text) {
  try {
    parse_training(text, "r.yaml");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(TrainingFile, EveryKeyIsRead) {
  const TrainingFile training = parse_training(complete, "r.yaml");
  EXPECT_EQ(training.name, "all");
  EXPECT_EQ(training.description, "every key");
  EXPECT_EQ(training.network.model, "base/float.onnx");
  EXPECT_EQ(training.network.name, "");
  EXPECT_EQ(training.dataset, "cifar10");
  EXPECT_THAT(training.normalisation.deviation, ElementsAre(0.25));
  ASSERT_TRUE(training.scheme);
  EXPECT_EQ(training.scheme->section.options.scheme, "apq");
  EXPECT_EQ(training.scheme->section.options.weight_bits, 3);
  EXPECT_EQ(training.scheme->section.options.activation_bits, 8);
  EXPECT_TRUE(training.scheme->float_activations);
  EXPECT_EQ(training.scheme->parameters, (std::map<std::string, std::string>{{"start", "split"}, {"zero", "false"}}));
  const Recipe& recipe = training.recipe;
  EXPECT_EQ(recipe.epochs, 20);
  EXPECT_EQ(recipe.batch, 32);
  EXPECT_EQ(recipe.optimiser, Optimiser::sgd);
  EXPECT_EQ(recipe.rate, 0.05);
  EXPECT_EQ(recipe.momentum, 0.8);
  EXPECT_EQ(recipe.weight_decay, 0.001);
  EXPECT_EQ(recipe.schedule, Schedule::step);
  EXPECT_THAT(recipe.milestones, ElementsAre(10, 15));
  EXPECT_EQ(recipe.factor, 0.2);
  EXPECT_EQ(recipe.warm_up, 2);
  EXPECT_EQ(recipe.label_smoothing, 0.1);
  EXPECT_EQ(recipe.augmentation.pad, 4);
  EXPECT_TRUE(recipe.augmentation.flip);
  EXPECT_EQ(training.teacher, "embedded");
  EXPECT_EQ(recipe.distillation, 0.25);
  EXPECT_EQ(recipe.temperature, 2);
  EXPECT_EQ(recipe.seed, 7U);
  EXPECT_EQ(training.precision, Precision::bfloat16);
  EXPECT_EQ(training.test_every, 5);
  EXPECT_EQ(training.train_images, 1000U);
  EXPECT_EQ(training.test_images, 100U);
  ASSERT_EQ(training.lower.size(), 2U);
  EXPECT_EQ(training.lower[0].weight_bits, 8);
  EXPECT_EQ(training.lower[0].rate, 0.2);
  EXPECT_EQ(training.lower[1].epochs, 1);
  EXPECT_FALSE(training.lower[1].rate);
}

TEST(TrainingFile, AnAbsentKeyHasItsDefault) {
  const TrainingFile training = parse_training(shortest, "r.yaml");
  EXPECT_EQ(training.network.name, "resnet8");
  EXPECT_FALSE(training.scheme);
  EXPECT_EQ(training.recipe.schedule, Schedule::cosine);
  EXPECT_EQ(training.recipe.distillation, 0);
  EXPECT_EQ(training.precision, Precision::float32);
  EXPECT_FALSE(training.train_images);
}

TEST(TrainingFile, TheSchemeFloatMeansNoScheme) {
  const std::string recipe = std::string(shortest) + "scheme: {name: float}\n";
  EXPECT_FALSE(parse_training(recipe, "r.yaml").scheme);
  EXPECT_FALSE(parse_training(replaced(recipe, "float}", "float, activation_bits: float}"), "r.yaml").scheme);
  EXPECT_THAT(refusal(replaced(recipe, "float}", "float, weight_bits: 4}")),
              AllOf(StartsWith("r.yaml:5: "), HasSubstr("'weight_bits'")));
  EXPECT_THAT(refusal(recipe + "lower: [{weight_bits: 4, epochs: 1}]\n"),
              AllOf(StartsWith("r.yaml:6: lower"), HasSubstr("scheme")));
}

TEST(TrainingFile, RefusalsNamePlaceValueAndWayOut) {
  EXPECT_THAT(refusal(replaced(complete, "epochs: 20", "epoch: 20")),
              AllOf(StartsWith("r.yaml:12: "), HasSubstr("'epoch'"), HasSubstr("did you mean 'epochs'?")));
  EXPECT_THAT(refusal(replaced(complete, "optimiser: sgd", "optimiser: sdg")),
              AllOf(StartsWith("r.yaml:14: recipe.optimiser"), HasSubstr("'sdg'"), HasSubstr("sgd, adam")));
  EXPECT_THAT(refusal(replaced(complete, "optimiser: sgd", "optimiser: adam")),
              AllOf(StartsWith("r.yaml:16: recipe.momentum"), HasSubstr("sgd")));
  EXPECT_THAT(refusal(replaced(complete, "schedule: step", "schedule: cosine")),
              AllOf(StartsWith("r.yaml:19: recipe.milestones"), HasSubstr("schedule: step")));
  EXPECT_THAT(refusal(replaced(complete, "[10, 15]", "[15, 10]")), HasSubstr("rise"));
  EXPECT_THAT(refusal(replaced(complete, "rate: 0.05", "rate: -1")), StartsWith("r.yaml:15: recipe.rate"));
  EXPECT_THAT(refusal(replaced(complete, "name: apq", "name: apg")), HasSubstr("did you mean 'apq'?"));
  EXPECT_THAT(refusal(replaced(complete, "{model: base/float.onnx}", "{}")), StartsWith("r.yaml:3: network"));
  EXPECT_THAT(
      refusal(replaced(complete, "{weight_bits: 5, epochs: 1}", "{weight_bits: 5, epochs: 1, activation_bits: 4}")),
      AllOf(StartsWith("r.yaml:31: lower[1].activation_bits"), HasSubstr("float")));
  EXPECT_THAT(refusal(replaced(complete, "  parameters: {zero: \"false\"}", "  progressive: {measure: cycles}")),
              HasSubstr("measure: memory"));
  EXPECT_THAT(refusal(std::string(shortest) + "lower: [{weight_bits: 4, epochs: 1}]\n"),
              AllOf(StartsWith("r.yaml:5: lower"), HasSubstr("scheme")));
  EXPECT_THAT(refusal(replaced(shortest, "rate: 0.1", "rate: 0.1, parameters: {start: split}")),
              StartsWith("r.yaml:4: recipe.parameters"));
}

TEST(TrainingFile, CarriedRecipesAreFoundAndComplete) {
  const std::vector<std::string> names = carried_trainings();
  EXPECT_THAT(names, ::testing::Contains("embedded_float"));
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const TrainingFile training = load_training(name);
    EXPECT_EQ(training.name, name);
    EXPECT_FALSE(training.folder);
  }
  EXPECT_EQ(load_training("scenarios/training/embedded_float.yaml").name, "embedded_float");
  try {
    load_training("embeded_float");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'embedded_float'?"));
  }
}

TEST(TrainingFile, AFileKnowsItsFolder) {
  const test::Scratch scratch;
  write_file(scratch / "own.yaml", shortest);
  const TrainingFile training = load_training((scratch / "own.yaml").string());
  EXPECT_EQ(training.text, shortest);
  ASSERT_TRUE(training.folder);
  EXPECT_TRUE(std::filesystem::equivalent(*training.folder, scratch / ""));
}

TEST(TrainingFile, CommentsAndLayoutDoNotMakeAnotherRecipe) {
  EXPECT_TRUE(is_same_recipe(shortest, std::string("# why\n") + shortest));
  EXPECT_TRUE(is_same_recipe(shortest, replaced(shortest, "{epochs: 2, rate: 0.1}", "\n  epochs: 2\n  rate: 0.1")));
  EXPECT_FALSE(is_same_recipe(shortest, replaced(shortest, "rate: 0.1", "rate: 0.2")));
}

TEST(TrainingFile, ADamagedRecipeIsReadOrRefused) {
  std::vector<std::string> recipes;
  for (const std::string& name : carried_trainings())
    recipes.emplace_back(find_embedded("scenarios/training/" + name + ".yaml").value());
  recipes.emplace_back(complete);
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  std::size_t refused = 0;
  constexpr std::size_t rounds = 4000;
  for (std::size_t round = 0; round < rounds; ++round) {
    std::string text = recipes[random() % recipes.size()];
    for (unsigned i = 0; i <= random() % 4; ++i) test::damage_bytes(text, random, recipes);
    try {
      parse_training(text, "r.yaml");
    } catch (const Error& error) {
      ++refused;
      EXPECT_THAT(error.what(), StartsWith("r.yaml:")) << text;
    }
  }
  EXPECT_GT(refused, 0U);
  EXPECT_LT(refused, rounds);
}

TEST(Phases, BitsFallToThoseOfTheScheme) {
  const TrainingFile training = parse_training(complete, "r.yaml");
  quantization::Options options = training.scheme->section.options;
  options.layers["early"] = {6, 8};
  options.layers["late"] = {2, 8};
  const std::vector<Phase> phases = make_phases(training, options);
  ASSERT_EQ(phases.size(), 3U);
  std::vector<std::string> files;
  std::vector<int> bits, early, late, epochs;
  std::vector<double> rates, warm_ups;
  for (const Phase& phase : phases) {
    const quantization::Options& own = phase.scheme->section.options;
    files.push_back(phase.checkpoint);
    bits.push_back(own.weight_bits);
    early.push_back(own.layers.at("early").weight_bits);
    late.push_back(own.layers.at("late").weight_bits);
    epochs.push_back(phase.recipe.epochs);
    rates.push_back(phase.recipe.rate);
    warm_ups.push_back(phase.recipe.warm_up);
  }
  EXPECT_THAT(files, ElementsAre("phase1.pt", "phase2.pt", "checkpoint.pt"));
  EXPECT_THAT(bits, ElementsAre(8, 5, 3));
  EXPECT_THAT(early, ElementsAre(8, 6, 6));
  EXPECT_THAT(late, ElementsAre(8, 5, 2));
  EXPECT_THAT(epochs, ElementsAre(3, 1, 20));
  EXPECT_THAT(rates, ElementsAre(0.2, 0.05, 0.05));
  EXPECT_THAT(warm_ups, ElementsAre(2, 1, 2));
}

TEST(TrainingFile, ASeedOfItsOwnChangesNothingElse) {
  for (const char* text : {complete, shortest}) {
    const TrainingFile changed = with_seed(parse_training(text, "r.yaml"), 42);
    EXPECT_EQ(changed.recipe.seed, 42U);
    EXPECT_EQ(parse_training(changed.text, "r.yaml").recipe.seed, 42U);
    EXPECT_FALSE(is_same_recipe(changed.text, text));
    const std::uint64_t before = parse_training(text, "r.yaml").recipe.seed;
    const TrainingFile back = with_seed(changed, before);
    EXPECT_EQ(back.text, with_seed(parse_training(text, "r.yaml"), before).text);
  }
  EXPECT_TRUE(is_same_recipe(with_seed(parse_training(complete, "r.yaml"), 7).text, complete));
}

TEST(Phases, AFloatTrainingIsOnePhase) {
  const std::vector<Phase> phases = make_phases(parse_training(shortest, "r.yaml"), {});
  ASSERT_EQ(phases.size(), 1U);
  EXPECT_FALSE(phases[0].scheme);
  EXPECT_EQ(phases[0].title, "float");
  EXPECT_EQ(phases[0].checkpoint, "checkpoint.pt");
}

}  // namespace
}  // namespace lutra::training
