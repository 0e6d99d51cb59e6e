#include "software/training/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/encoding/encoding.h"
#include "software/network/onnx/onnx_save.h"
#include "software/network/quantised_onnx/quantised_onnx.h"
#include "software/training/core/graph_builder.h"
#include "software/training/export.h"
#include "software/training/output_folder.h"
#include "tests/software/training/in_folder.h"
#include "tests/support/scratch.h"

namespace lutra::training {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::string float_recipe(int epochs) {
  return "training: small\n"
         "network: {name: embedded_resnet}\n"
         "dataset: embedded\n"
         "normalisation: {mean: [0.5], deviation: [0.25]}\n"
         "recipe: {epochs: " +
         std::to_string(epochs) +
         ", batch: 32, rate: 0.05, augmentation: {pad: 2, flip: true}, seed: 3, train_images: 256, test_images: 100}\n";
}

class Train : public testing::Test {
 protected:
  TrainOptions options(const std::string& output) const { return quiet_options(scratch_ / output); }

  // Whether it ended.
  bool run(const std::string& recipe, const std::string& output) const {
    const TrainingFile training = parse_training(recipe, "r.yaml");
    if (!train(training, options(output))) return false;
    report_ = export_trained(training, options(output), std::nullopt);
    return true;
  }

  std::string text(const std::string& file) const { return read_text_file(scratch_ / file); }
  nlohmann::json json(const std::string& file) const { return nlohmann::json::parse(text(file)); }

  test::Scratch scratch_;
  mutable ExportReport report_;
};

TEST_F(Train, AnInterruptedTrainingGoesOnToTheSameNetwork) {
  const std::string recipe = float_recipe(12);
  ASSERT_TRUE(run(recipe, "whole"));
  ASSERT_FALSE(interrupted_at(scratch_ / "parts/checkpoint.pt", [&] { return run(recipe, "parts"); }))
      << "it was to be interrupted after its first epoch";
  const std::size_t before = json("parts/log.json").size();
  EXPECT_GE(before, 1U);
  EXPECT_LT(before, 12U);
  ASSERT_TRUE(run(recipe, "parts"));
  EXPECT_EQ(text("parts/float.onnx"), text("whole/float.onnx"));
  const nlohmann::json whole = json("whole/log.json");
  const nlohmann::json parts = json("parts/log.json");
  ASSERT_EQ(parts.size(), 12U);
  for (std::size_t i = 0; i < 12; ++i)
    for (const char* key : {"phase", "epoch", "rate", "loss", "train_accuracy", "test_accuracy"})
      EXPECT_EQ(parts[i][key], whole[i][key]) << i << ' ' << key;
}

TEST_F(Train, AFloatTrainingIsSavedAsItWasEvaluated) {
  ASSERT_TRUE(run(float_recipe(2), "out"));
  EXPECT_EQ(report_.file, scratch_ / "out/float.onnx");
  EXPECT_EQ(report_.images, 2000U);
  EXPECT_NEAR(report_.trainer_accuracy, report_.reference_accuracy, 0.051) << "at most one image of 2000";
  const nlohmann::json report = json("out/report.json");
  EXPECT_EQ(report["training"], "small");
  EXPECT_EQ(report["scheme"], "float");
  EXPECT_EQ(report["seed"], 3);
  EXPECT_EQ(report["epochs"], 2);
  EXPECT_EQ(report["weight_bytes"], 43'160 * 4);
  EXPECT_LE(report["other_answers"], 1);
  EXPECT_EQ(report["trainer_accuracy"], report_.trainer_accuracy);
  EXPECT_EQ(report["rescaled_accuracy"], report_.trainer_accuracy);
  EXPECT_EQ(report["reference_accuracy"], report_.reference_accuracy);
  const std::string csv = text("out/log.csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  EXPECT_TRUE(is_same_recipe(text("out/recipe.yaml"), float_recipe(2)));
  // The next recipe starts from it.
  const std::string next =
      "training: next\nnetwork: {model: out/float.onnx}\ndataset: embedded\n"
      "normalisation: {mean: [0.5], deviation: [0.25]}\nscheme: {name: twn}\n"
      "recipe: {epochs: 1, batch: 32, rate: 0.01, train_images: 64, test_images: 64}\n";
  EXPECT_TRUE(run(next, "next"));
  EXPECT_NO_THROW(network::load_quantised(scratch_ / "next/quantized.onnx"));
}

TEST_F(Train, ALoweredTrainingGoesThroughItsPhasesAndAgreesWithTheIntegers) {
  const std::string recipe =
      "training: lowered\n"
      "network: {model: embedded}\n"
      "dataset: embedded\n"
      "normalisation: {mean: [0.5], deviation: [0.25]}\n"
      "scheme: {name: uniform, weight_bits: 4, activation_bits: 4, wide_skip: true}\n"
      "recipe: {epochs: 2, batch: 32, rate: 0.005, seed: 3, train_images: 256, test_images: 100,\n"
      "         distillation: {teacher: embedded}}\n"
      "lower: [{weight_bits: 8, activation_bits: 8, epochs: 1}]\n";
  ASSERT_TRUE(run(recipe, "out"));
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "out/phase1.pt"));
  const nlohmann::json log = json("out/log.json");
  ASSERT_EQ(log.size(), 3U);
  EXPECT_EQ(log[0]["title"], "W8 A8");
  EXPECT_EQ(log[2]["phase"], 2);
  EXPECT_EQ(log[2]["epoch"], 2);
  EXPECT_GT(report_.trainer_accuracy, 90) << "4 bits with learned steps keep most of the 97.6 % it starts from";
  EXPECT_TRUE(report_.agrees()) << report_.rescaled_accuracy << " and " << report_.reference_accuracy;
  EXPECT_LE(report_.other_answers, 4U) << "of 2000: only float rounding lies between them";
  EXPECT_NEAR(report_.trainer_accuracy, report_.rescaled_accuracy, 1.0);

  const std::string saved = text("out/quantized.onnx");
  const TrainingFile stored = load_training((scratch_ / "out/recipe.yaml").string());
  const ExportReport again = export_trained(stored, options("out"), scratch_ / "again.onnx");
  EXPECT_EQ(text("again.onnx"), saved);
  EXPECT_EQ(again.reference_accuracy, report_.reference_accuracy);
}

TEST_F(Train, TheBlockFormOfTernaryActivationsAgreesWithTheIntegers) {
  ASSERT_TRUE(
      run("training: ternary\nnetwork: {name: ternary_embedded_resnet}\ndataset: embedded\n"
          "normalisation: {mean: [0.5], deviation: [0.25]}\n"
          "scheme: {name: sttn, activation_bits: 2, activations: ternary, wide_skip: true}\n"
          "recipe: {epochs: 2, batch: 32, optimiser: adam, rate: 0.005, weight_decay: 0, train_images: 4096,\n"
          "         test_images: 100}\n",
          "out"));
  EXPECT_LE(report_.other_answers, 8U) << "of 2000";
}

TEST_F(Train, TwoTrainingsDoNotShareAFolder) {
  const TrainingFile training = parse_training(float_recipe(1), "r.yaml");
  {
    const FolderLock other(scratch_ / "out");
    EXPECT_THAT([&] { train(training, options("out")); },
                ThrowsMessage<Error>(AllOf(HasSubstr("out"), HasSubstr("another 'lutra train'"))));
  }
  EXPECT_TRUE(train(training, options("out")));
}

TEST_F(Train, AnExportNeedsWhatItsTrainingStartedFrom) {
  ASSERT_TRUE(
      run("training: weights\nnetwork: {model: embedded}\ndataset: embedded\nscheme: {name: twn}\n"
          "recipe: {epochs: 1, batch: 32, rate: 0.01, train_images: 64, test_images: 64,\n"
          "         distillation: {teacher: embedded}}\n",
          "out"));
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "out/teacher.onnx"));
  EXPECT_EQ(json("out/report.json")["trained_with"], json("out/report.json")["evaluated_with"]);
  EXPECT_EQ(json("out/report.json")["trained_with"]["device"], "cpu");
  const TrainingFile stored = load_training((scratch_ / "out/recipe.yaml").string());
  for (const char* file : {"start.onnx", "layers.yaml", "checkpoint.pt"}) {
    std::filesystem::rename(scratch_ / "out" / file, scratch_ / "kept");
    EXPECT_THAT([&] { export_trained(stored, options("out"), std::nullopt); },
                ThrowsMessage<Error>(AllOf(HasSubstr(file), HasSubstr("does not exist"))));
    std::filesystem::rename(scratch_ / "kept", scratch_ / "out" / file);
  }
}

// Batch normalisations on the pixels and behind a pool, an addition of two results, a Flatten within an operation.
network::Graph unusual_graph() {
  GraphBuilder build("unusual", {3, 16, 16}, 7);
  const auto norm = [&](const std::string& name, network::TensorId x) { return build.normalisation(name, x); };
  network::TensorId x = norm("second", norm("first", build.input()));
  x = build.relu("stem.relu", norm("stem.norm", build.convolution("stem", x, 8, 3, 2)));
  const network::TensorId left = build.relu("left.relu", norm("left.norm", build.convolution("left", x, 8, 3, 1)));
  x = build.relu("sum.relu", build.add("sum", left, x));
  x = norm("pooled.norm", build.max_pool("pool", x, 2));
  x = build.prelu("last.prelu", norm("last.norm", build.convolution("last", x, 16, 3, 2)));
  x = build.relu("late.relu", build.flatten("flat", build.convolution("late", x, 16, 3, 1)));
  network::Graph graph = build.finish(build.linear("logits", x, 10));
  float scale = 0.7F;
  for (network::Node& node : graph.nodes)
    if (auto* own = std::get_if<network::BatchNormalization>(&node.op)) {
      std::fill(own->scale.begin(), own->scale.end(), scale);
      std::fill(own->bias.begin(), own->bias.end(), 0.3F);
      scale += 0.17F;
    }
  return graph;
}

TEST_F(Train, UnusualOperationsAgreeWithTheIntegers) {
  for (const bool wide : {false, true}) {
    const std::string output = wide ? "wide" : "narrow";
    network::save_onnx(unusual_graph(), scratch_ / (output + ".onnx"));
    ASSERT_TRUE(run("training: unusual\nnetwork: {model: " + (scratch_ / (output + ".onnx")).string() +
                        "}\ndataset: embedded\nnormalisation: {mean: [0.5], deviation: [0.25]}\n"
                        "scheme: {name: uniform, weight_bits: 4, activation_bits: 4, wide_skip: " +
                        (wide ? "true" : "false") +
                        "}\nrecipe: {epochs: 4, batch: 32, rate: 0.1, train_images: 4096, test_images: 100}\n",
                    output));
    EXPECT_GT(report_.trainer_accuracy, 15) << "chance is 10 %";
    EXPECT_LE(report_.other_answers, 6U) << "of 2000, " << output;
  }
}

TEST_F(Train, FloatActivationsAreCalibratedForTheFile) {
  ASSERT_TRUE(
      run("training: weights\nnetwork: {model: embedded}\ndataset: embedded\n"
          "normalisation: {mean: [0.5], deviation: [0.25]}\nscheme: {name: twn, activation_bits: float}\n"
          "recipe: {epochs: 1, batch: 32, rate: 0.01, train_images: 256, test_images: 100}\n",
          "out"));
  EXPECT_FALSE(report_.must_agree);
  EXPECT_TRUE(report_.agrees());
  EXPECT_NEAR(report_.trainer_accuracy, report_.reference_accuracy, 1.5);
  EXPECT_EQ(json("out/report.json")["activations_in_training"], "float");
}

TEST_F(Train, ProgressiveBitsAreChosenOnceAndFallWithDepth) {
  ASSERT_TRUE(
      run("training: falling\nnetwork: {model: embedded}\ndataset: embedded\n"
          "normalisation: {mean: [0.5], deviation: [0.25]}\n"
          "scheme: {name: uniform, weight_bits: 4, activation_bits: 8, wide_skip: true,\n"
          "         progressive: {levels: [4, 3, 2], budget: 0.75, images: 256}}\n"
          "recipe: {epochs: 1, batch: 32, rate: 0.01, train_images: 256, test_images: 100}\n",
          "out"));
  const network::QuantisedNetwork network = network::load_quantised(scratch_ / "out/quantized.onnx");
  std::vector<int> bits;
  for (const network::Operation& operation : network.operations)
    if (const auto* matrix = std::get_if<network::MatrixOp>(&operation.body))
      bits.push_back(network::value_bits(matrix->weights.encoding));
  ASSERT_EQ(bits.size(), 14U);
  EXPECT_EQ(bits.front(), 8);
  EXPECT_EQ(bits.back(), 8);
  EXPECT_TRUE(std::is_sorted(bits.rbegin() + 1, bits.rend() - 1));
  EXPECT_LT(bits[12], bits[1]);
  const std::string chosen = text("out/layers.yaml");
  EXPECT_THAT(chosen, HasSubstr("weight_bits: 2"));
}

TEST_F(Train, AnotherRecipesFolderIsRefused) {
  ASSERT_TRUE(train(parse_training(float_recipe(1), "r.yaml"), options("out")));
  EXPECT_TRUE(train(parse_training("# the same\n" + float_recipe(1), "r.yaml"), options("out")));
  EXPECT_THAT([&] { train(parse_training(float_recipe(2), "other.yaml"), options("out")); },
              ::testing::ThrowsMessage<Error>(AllOf(HasSubstr("out"), HasSubstr("another recipe than other.yaml"))));
}

TEST_F(Train, RefusesByNameWhatCannotBeTrained) {
  const auto refusal = [&](const std::string& recipe) -> std::string {
    static int number = 0;
    try {
      train(parse_training(recipe, "r.yaml"), options("refused" + std::to_string(++number)));
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  const auto with = [](const std::string& network, const std::string& scheme, const std::string& more = "") {
    return "training: t\nnetwork: {" + network + "}\ndataset: embedded\n" +
           (scheme.empty() ? "" : "scheme: {" + scheme + "}\n") + "recipe: {epochs: 1, rate: 0.1" + more + "}\n";
  };
  EXPECT_THAT(refusal(with("name: resnet21", "")), AllOf(HasSubstr("network.name"), HasSubstr("resnet20")));
  EXPECT_THAT(refusal(with("model: missing.onnx", "")), AllOf(HasSubstr("'missing.onnx'"), HasSubstr("--data")));
  EXPECT_THAT(refusal(with("name: resnet8", "", ", train_images: 16")), HasSubstr("fewer than a batch of 128"));
  EXPECT_THAT(refusal(with("name: resnet8", "", ", train_images: 9000000")), HasSubstr("has 8000"));
  EXPECT_THAT(refusal(with("model: embedded", "name: twn", ", parameters: {start: split}")),
              AllOf(HasSubstr("r.yaml"), HasSubstr("'start'")));
  EXPECT_THAT([&] { export_trained(parse_training(float_recipe(1), "r.yaml"), options("nowhere"), std::nullopt); },
              ::testing::ThrowsMessage<Error>(AllOf(HasSubstr("checkpoint.pt"), HasSubstr("lutra train"))));
}

}  // namespace
}  // namespace lutra::training
