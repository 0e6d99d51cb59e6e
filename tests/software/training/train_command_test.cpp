#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/files.h"
#include "tests/support/command_line.h"

namespace lutra::training {
namespace {

using test::CommandResult;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string recipe(int epochs) {
  return "training: small\nnetwork: {model: embedded}\ndataset: embedded\n"
         "normalisation: {mean: [0.5], deviation: [0.25]}\n"
         "scheme: {name: uniform, weight_bits: 8, activation_bits: 8, wide_skip: true}\n"
         "recipe: {epochs: " +
         std::to_string(epochs) + ", batch: 32, rate: 0.001, seed: 3, train_images: 64, test_images: 50}\n";
}

class TrainCommand : public testing::Test {
 protected:
  CommandResult shell(const std::string& command) const { return test::shell(scratch_, command); }
  CommandResult lutra(const std::string& arguments) const { return test::lutra_command(scratch_, arguments); }
  std::string text(const std::string& file) const { return read_text_file(scratch_ / file); }

  test::Scratch scratch_;
};

TEST_F(TrainCommand, HelpIsThatOfLutra) {
  for (const std::string command : {"train", "export"}) {
    const CommandResult help = lutra(command + " --help");
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.output, AllOf(StartsWith("usage: lutra " + command), HasSubstr("--threads")));
    EXPECT_EQ(help.errors, "");
  }
}

TEST_F(TrainCommand, AWrongCallExitsWithTwo) {
  const auto refused = [&](const std::string& arguments, const std::string& message) {
    test::expect_wrong_call(scratch_, arguments, message);
  };
  refused("train", "train: name a recipe; Lutra carries: ");
  refused("train embedded_float", "train: name the folder for the results with --output");
  refused("train embedded_float --outptu x", "unknown option '--outptu'; did you mean '--output'?");
  refused("train embedded_float --output x --device gpu", "--device gpu: give auto, cpu or cuda");
  refused("train embedded_float --output x --threads 0", "--threads 0: give a whole number from 1");
  refused("train embedded_float --output x --seeds 4-2", "train: --seeds 4-2: give a number of seeds");
  refused("train embedded_float --output x --jobs 2", "train: --jobs goes with --seeds");
  refused("train embedded_float --output x --seeds 2 --no-export",
          "train: --seeds compares what is exported; leave --no-export out");
  refused("export", "export: name the folder of a training");
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "x"));
}

TEST_F(TrainCommand, ATrainingEndsWithTheExportThatExportRepeats) {
  write_file(scratch_ / "r.yaml", recipe(1));
  const CommandResult trained = lutra("train r.yaml --output at_once --device cpu");
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_THAT(trained.output, AllOf(HasSubstr("at_once/quantized.onnx"), HasSubstr("accuracy over 2000 test images"),
                                    HasSubstr("in the trainer"), HasSubstr("in the reference executor")));
  EXPECT_THAT(trained.errors, AllOf(HasSubstr("epoch 1/1"), HasSubstr("loss"), HasSubstr("images/s")));

  const CommandResult silent = lutra("train r.yaml --output in_steps --device cpu --no-export --quiet");
  ASSERT_EQ(silent.exit_code, 0) << silent.errors;
  EXPECT_EQ(silent.output + silent.errors, "");
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "in_steps/quantized.onnx"));
  const CommandResult exported = lutra("export in_steps --device cpu");
  ASSERT_EQ(exported.exit_code, 0) << exported.errors;
  EXPECT_EQ(text("in_steps/quantized.onnx"), text("at_once/quantized.onnx"));
  EXPECT_EQ(text("in_steps/report.json"), text("at_once/report.json"));
}

TEST_F(TrainCommand, SeedsAreTrainedBesideEachOtherAsEachWouldBeAlone) {
  write_file(scratch_ / "r.yaml", recipe(1));
  const CommandResult both = lutra("train r.yaml --output seeds --seeds 4-5 --jobs 2 --device cpu");
  ASSERT_EQ(both.exit_code, 0) << both.errors;
  EXPECT_THAT(both.output, AllOf(HasSubstr("seed  accuracy %"), HasSubstr("deviation"), HasSubstr("2000 test images")));
  std::string alone = recipe(1);
  alone.replace(alone.find("seed: 3"), 7, "seed: 5");
  write_file(scratch_ / "r5.yaml", alone);
  ASSERT_EQ(lutra("train r5.yaml --output alone --device cpu --quiet").exit_code, 0);
  EXPECT_EQ(text("seeds/seed5/quantized.onnx"), text("alone/quantized.onnx"));
  EXPECT_NE(text("seeds/seed4/quantized.onnx"), text("alone/quantized.onnx"));

  const auto written = std::filesystem::last_write_time(scratch_ / "seeds/seed4/report.json");
  const CommandResult more = lutra("train r.yaml --output seeds --seeds 4-6 --device cpu --quiet");
  ASSERT_EQ(more.exit_code, 0) << more.errors;
  EXPECT_EQ(std::filesystem::last_write_time(scratch_ / "seeds/seed4/report.json"), written);
  const CommandResult compared = lutra("seeds seeds seeds --output compared.json");
  ASSERT_EQ(compared.exit_code, 0) << compared.errors;
  EXPECT_THAT(compared.output, HasSubstr("no order"));
  EXPECT_THAT(text("compared.json"), HasSubstr("\"seeds_needed\": 2"));

  write_file(scratch_ / "r.yaml", recipe(2));
  const CommandResult other = lutra("train r.yaml --output seeds --seeds 4-6 --device cpu --quiet");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.errors, HasSubstr("seeds/seed4: holds a training of another recipe"));
}

TEST_F(TrainCommand, NoNameOfAFolderIsRunByAnybody) {
  write_file(scratch_ / "r.yaml", recipe(1));
  const CommandResult trained =
      shell(LUTRA_COMMAND " train r.yaml --output 'a`touch pwned`\n!touch pwned\nb' --device cpu --no-export");
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "pwned"));
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "a`touch pwned`\n!touch pwned\nb" / "log.csv"));
}

TEST_F(TrainCommand, AFullDiskIsOneMessageAndLeavesNothingHalf) {
  write_file(scratch_ / "r.yaml", recipe(1));
  const CommandResult full = shell("ulimit -f 700; " LUTRA_COMMAND " train r.yaml --output out --device cpu --quiet");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.errors, AllOf(HasSubstr(": cannot be written: File too large"), Not(HasSubstr("terminate"))));
  for (const auto& entry : std::filesystem::directory_iterator(scratch_ / "out"))
    EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos) << entry.path();
}

TEST_F(TrainCommand, AFolderThatIsRemovedEndsTheTraining) {
  write_file(scratch_ / "r.yaml", recipe(1000));
  const CommandResult ended = shell(
      LUTRA_COMMAND
      " train r.yaml --output out --device cpu --quiet & p=$!; while kill -0 $p && [ ! -e out/checkpoint.pt ]; do "
      "sleep 0.02; done; rm -r out; wait $p");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.errors, HasSubstr("was removed while training ran"));
}

TEST_F(TrainCommand, DivergenceIsNamedWithItsEpochAndWhatToChange) {
  const auto message = [&](const std::string& rates, int epochs) {
    std::string wild = recipe(epochs);
    wild.replace(wild.find("rate: 0.001"), 11, rates);
    write_file(scratch_ / "r.yaml", wild);
    const CommandResult ended = lutra("train r.yaml --output " + std::to_string(epochs) + " --device cpu --quiet");
    EXPECT_EQ(ended.exit_code, 1);
    return ended.errors;
  };
  // Weights without bound within an epoch; weights that are finite and mean nothing.
  EXPECT_THAT(message("rate: 100, schedule: constant, weight_decay: 1", 25),
              AllOf(HasSubstr("r.yaml: training diverged in epoch "), HasSubstr("lower recipe.rate (100 now)")));
  EXPECT_THAT(
      message("rate: 100, schedule: constant", 3),
      AllOf(HasSubstr("The last epoch, 3, had a loss of"), HasSubstr("training diverged; lower recipe.rate (100)")));
}

TEST_F(TrainCommand, AnInterruptExitsWith130AndTheSameCallGoesOn) {
  write_file(scratch_ / "r.yaml", recipe(25));
  const CommandResult interrupted =
      shell(LUTRA_COMMAND
            " train r.yaml --output out --device cpu & p=$!; while kill -0 $p && [ ! -e out/checkpoint.pt ]; do "
            "sleep 0.02; done; kill -TERM $p; wait $p");
  EXPECT_EQ(interrupted.exit_code, 130) << interrupted.errors;
  EXPECT_THAT(interrupted.errors, HasSubstr("the same call goes on"));
  const CommandResult rest = lutra("train r.yaml --output out --device cpu --allow-difference");
  EXPECT_EQ(rest.exit_code, 0) << rest.errors;
  EXPECT_THAT(rest.errors, HasSubstr("of 25 epochs were done before"));
  EXPECT_THAT(rest.errors, HasSubstr("epoch 25/25"));
}

TEST_F(TrainCommand, AnotherRecipesFolderIsOneErrorLine) {
  write_file(scratch_ / "r.yaml", recipe(1));
  write_file(scratch_ / "other.yaml", recipe(2));
  ASSERT_EQ(lutra("train r.yaml --output out --device cpu --no-export --quiet").exit_code, 0);
  const CommandResult refused = lutra("train other.yaml --output out --device cpu");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.errors,
            "lutra: error: out: holds a training of another recipe than other.yaml; name another folder, or remove "
            "this one\n");
}

}  // namespace
}  // namespace lutra::training
