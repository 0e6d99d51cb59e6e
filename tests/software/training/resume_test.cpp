#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "software/common/files.h"
#include "software/training/core/checkpoint.h"
#include "software/training/export.h"
#include "software/training/setup.h"
#include "tests/software/training/in_folder.h"
#include "tests/support/scratch.h"

namespace lutra::training {
namespace {

// Momentum, learned steps and bits' values, latents of a phase before: all of it has to come back.
constexpr const char* lowered =
    "training: lowered\n"
    "network: {model: embedded}\n"
    "dataset: embedded\n"
    "normalisation: {mean: [0.5], deviation: [0.25]}\n"
    "scheme: {name: bwa, weight_bits: 3, activations: bwa, activation_bits: 3, wide_skip: true}\n"
    "recipe: {epochs: 8, batch: 32, rate: 0.005, seed: 3, train_images: 256, test_images: 100, precision: bfloat16,\n"
    "         warm_up: 1, augmentation: {pad: 2, flip: true}}\n"
    "lower: [{weight_bits: 5, epochs: 4}]\n";

class Resume : public testing::Test {
 protected:
  TrainOptions options(const std::string& output) const { return quiet_options(scratch_ / output); }

  bool run(const std::string& output) const { return train(training_, options(output)); }

  // SIGINT as soon as the folder has `file`.
  bool run_until(const std::string& output, const std::string& file) const {
    return interrupted_at(scratch_ / output / file, [&] { return run(output); });
  }

  nlohmann::json log(const std::string& output) const {
    nlohmann::json rows = nlohmann::json::parse(read_text_file(scratch_ / output / "log.json"));
    for (nlohmann::json& row : rows)
      for (const char* measured : {"seconds", "images_per_second"}) row.erase(measured);
    return rows;
  }

  // Latents, steps and statistics of the last phase's checkpoint.
  std::map<std::string, torch::Tensor> state(const std::string& output) const {
    const OutputFolder folder{scratch_ / output};
    const network::Dataset test = load_images(training_, options(output).places, network::Split::test);
    const network::Graph start = start_graph(training_, options(output).places, folder, test);
    const Phase phase = make_phases(training_, phase_options(training_, folder, start, test)).back();
    PhaseModel made = make_model(training_, phase, start, torch::kCPU);
    std::vector<EpochFigures> epochs;
    EXPECT_TRUE(load_checkpoint(folder.file(phase.checkpoint).string(), made.model, nullptr, epochs));
    std::map<std::string, torch::Tensor> state;
    for (const auto& item : made.model->named_parameters()) state[item.key()] = item.value();
    for (const auto& item : made.model->named_buffers()) state[item.key()] = item.value();
    return state;
  }

  void expect_same(const std::string& left, const std::string& right) const {
    EXPECT_EQ(log(left), log(right));
    const auto wanted = state(left), found = state(right);
    ASSERT_EQ(found.size(), wanted.size());
    EXPECT_GT(wanted.size(), 100U);
    for (const auto& [name, tensor] : wanted) EXPECT_TRUE(tensor.equal(found.at(name))) << name;
  }

  test::Scratch scratch_;
  TrainingFile training_ = parse_training(lowered, "r.yaml");
};

TEST_F(Resume, TheSameSeedMakesTheSameLatents) {
  ASSERT_TRUE(run("first"));
  ASSERT_TRUE(run("second"));
  expect_same("first", "second");
  training_ =
      parse_training(std::string(lowered).replace(std::string(lowered).find("seed: 3"), 7, "seed: 4"), "r.yaml");
  ASSERT_TRUE(run("other"));
  EXPECT_NE(log("other"), log("first"));
}

TEST_F(Resume, AnInterruptionInEveryPhaseChangesNothing) {
  ASSERT_TRUE(run("whole"));
  ASSERT_FALSE(run_until("parts", "phase1.pt")) << "it was to be interrupted in its first phase";
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "parts/checkpoint.pt"));
  ASSERT_FALSE(run_until("parts", "checkpoint.pt")) << "it was to be interrupted in its second phase";
  EXPECT_LT(log("parts").size(), 12U);
  ASSERT_TRUE(run("parts"));
  EXPECT_EQ(log("parts").size(), 12U);
  expect_same("whole", "parts");
  export_trained(training_, options("whole"), std::nullopt);
  export_trained(training_, options("parts"), std::nullopt);
  EXPECT_EQ(read_text_file(scratch_ / "parts/quantized.onnx"), read_text_file(scratch_ / "whole/quantized.onnx"));
}

}  // namespace
}  // namespace lutra::training
