#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/data.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

// The embedded network, calibrated on few images so that a test takes little time.
constexpr const char* quick =
    "name: quick\n"
    "network: {model: embedded, dataset: embedded, normalisation: {mean: [0.5], deviation: [0.25]}}\n"
    "scheme: {name: uniform, calibration_images: 8}\n"
    "soc: {tcm_bytes: 131072, sram: {bytes: 65536}}\n"
    "run: {images: 40, simulate: 2, cpu_baseline: true}\n";

class Run : public testing::Test {
 protected:
  Run() {
    write_file(scratch_ / "engine.yaml", std::string(quick) + "engine: {family: mac}\n");
    write_file(scratch_ / "cpu.yaml", std::string(quick) + "engine: none\n");
  }
  CommandResult run(const std::string& arguments) { return lutra_command(scratch_, arguments); }
  nlohmann::json result(const std::string& folder) {
    return nlohmann::json::parse(read_text_file(scratch_ / (folder + "/result.json")));
  }
  Scratch scratch_;
};

// A convolution of 10 x 3 x 3 numbers, on a data set of ten classes.
TEST_F(Run, RefusesANetworkWhoseOutputsAreNotOneNumberForEachClass) {
  std::filesystem::copy_file(
      std::filesystem::path(LUTRA_SOURCE_DIR) / "tests/software/cli/networks/ends_in_an_image.onnx",
      scratch_ / "net.onnx");
  write_file(scratch_ / "image.yaml",
             "name: image\nnetwork: {model: net.onnx, dataset: embedded}\nscheme: {name: uniform}\nengine: none\n");
  const CommandResult refused = run("run image.yaml --output out");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("ends in 10 x 3 x 3 numbers"));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "out/result.json"));
}

TEST_F(Run, TheDefaultIsTheEmbeddedNetworkOnAnEngine) {
  const CommandResult printed = run("run --images 100 --simulate 1 --output out");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(printed.output, HasSubstr("fits zynq-7020"));
  const nlohmann::json json = result("out");
  EXPECT_EQ(json.at("scenario"), "embedded");
  EXPECT_EQ(json.at("verified_images"), 1);
  EXPECT_EQ(json.at("accuracy").at("images"), 100);
  EXPECT_GT(json.at("accuracy").at("top1_percent"), 85);
  EXPECT_GT(json.at("accuracy").at("float_top1_percent"), 90);
  EXPECT_GT(json.at("cycles").at("total"), 1677632 / 256);
  EXPECT_GT(json.at("energy_uj").at("total"), 0);
  EXPECT_GT(json.at("resources").at("lut"), 1000);
  EXPECT_EQ(json.at("resources").at("device"), "zynq-7020");
  EXPECT_GT(json.at("memory").at("dram_read_bytes"), json.at("memory").at("weight_bytes"));
}

TEST_F(Run, TwoRunsWriteTheSameBytesWhateverTheNumberOfThreads) {
  ASSERT_EQ(run("run engine.yaml --jobs 1 --output a").exit_code, 0);
  ASSERT_EQ(run("run engine.yaml --jobs 3 --output b").exit_code, 0);
  EXPECT_EQ(read_text_file(scratch_ / "a/result.json"), read_text_file(scratch_ / "b/result.json"));
  EXPECT_EQ(read_text_file(scratch_ / "a/layers.csv"), read_text_file(scratch_ / "b/layers.csv"));
}

TEST_F(Run, TheHartAloneGivesTheSameLogitsAndItsCyclesStandBesideTheEngines) {
  ASSERT_EQ(run("run engine.yaml --no-float --output engine").exit_code, 0);
  ASSERT_EQ(run("run cpu.yaml --no-float --output cpu").exit_code, 0);
  const nlohmann::json engine = result("engine"), cpu = result("cpu");
  EXPECT_EQ(engine.at("cpu_only").at("cycles"), cpu.at("cycles").at("total"));
  EXPECT_GT(cpu.at("cycles").at("total"), 20 * engine.at("cycles").at("total").get<double>());
  EXPECT_EQ(engine.at("accuracy"), cpu.at("accuracy"));
  EXPECT_EQ(cpu.at("engine"), "none");
  EXPECT_EQ(cpu.at("cycles").at("by_cause").at("software"), cpu.at("cycles").at("total"));
}

TEST_F(Run, QuietPrintsNothing) {
  const CommandResult printed = run("run engine.yaml --no-float --quiet");
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_EQ(printed.output, "");
  EXPECT_THAT(printed.errors, testing::Not(HasSubstr("host seconds")));
  EXPECT_THAT(printed.errors, testing::Not(HasSubstr("lutra")));
}

TEST_F(Run, OutputThatCannotBeWrittenLeavesNothingBehind) {
  write_file(scratch_ / "taken", "a file where the folder should be");
  const CommandResult printed = run("run engine.yaml --no-float --output taken");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.errors, HasSubstr("taken"));
  EXPECT_EQ(read_text_file(scratch_ / "taken"), "a file where the folder should be");
}

TEST_F(Run, MoreImagesThanThereAreIsAnError) {
  const CommandResult images = run("run engine.yaml --images 99999");
  EXPECT_EQ(images.exit_code, 1);
  EXPECT_THAT(images.errors, HasSubstr("asks for 99999 images; the test split of 'embedded' has 2000"));
}

TEST_F(Run, ASavedQuantisedNetworkRunsAsTheOneItWasMadeFrom) {
  ASSERT_EQ(run("quantize engine.yaml net.onnx").exit_code, 0);
  write_file(scratch_ / "saved.yaml",
             "name: saved\nnetwork: {dataset: embedded}\nquantized: net.onnx\nengine: {family: mac}\n"
             "soc: {tcm_bytes: 131072, sram: {bytes: 65536}}\nrun: {images: 40, simulate: 2}\n");
  ASSERT_EQ(run("run engine.yaml --no-float --output made").exit_code, 0);
  const CommandResult printed = run("run saved.yaml --output saved");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_EQ(result("saved").at("cycles"), result("made").at("cycles"));
  EXPECT_EQ(result("saved").at("accuracy").at("correct"), result("made").at("accuracy").at("correct"));
  EXPECT_TRUE(result("saved").at("accuracy").at("float_top1_percent").is_null());
}

TEST_F(Run, DescribeRefusesASavedNetworkThatItsEngineCannotCompute) {
  ASSERT_EQ(run("quantize engine.yaml net.onnx").exit_code, 0);
  write_file(
      scratch_ / "small.yaml",
      "name: small\nnetwork: {dataset: embedded}\nquantized: net.onnx\nengine: {family: mac, activation_bits: 2}\n");
  const CommandResult described = run("describe small.yaml");
  EXPECT_EQ(described.exit_code, 1);
  EXPECT_EQ(described.errors, run("run small.yaml --quiet").errors);
  EXPECT_THAT(described.errors, HasSubstr("small.yaml: "));
}

TEST_F(Run, FeatureMapsOnChipLeaveTheInputAndTheOutputToMainMemory) {
  write_file(scratch_ / "chip.yaml", std::string(quick) +
                                         "engine: {family: mac, map_memory_bytes: 6144}\n"
                                         "memory: {activations: on_chip}\n");
  ASSERT_EQ(run("run engine.yaml --no-float --output dram").exit_code, 0);
  const CommandResult printed = run("run chip.yaml --no-float --output chip");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  const nlohmann::json dram = result("dram"), chip = result("chip");
  EXPECT_LT(chip.at("cycles").at("total"), dram.at("cycles").at("total"));
  EXPECT_LT(chip.at("memory").at("dram_write_bytes"), 500);
  EXPECT_GT(dram.at("memory").at("dram_write_bytes"), 15000);
  EXPECT_EQ(chip.at("memory").at("map_bytes"), 6144);
  EXPECT_GE(chip.at("memory").at("map_read_bytes"), chip.at("memory").at("map_write_bytes"));
  EXPECT_GT(chip.at("resources").at("bram36"), dram.at("resources").at("bram36"));
  const CommandResult refused = run("run chip.yaml --set engine.map_memory_bytes=6143");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("need 6144 bytes to stay on chip, and 6143 are given"));
  const CommandResult described = run("describe chip.yaml");
  ASSERT_EQ(described.exit_code, 0) << described.errors;
  EXPECT_THAT(described.output, HasSubstr("14 of 16 feature maps stay on chip, in 6144 bytes (6144 live at once)"));
  EXPECT_THAT(described.output, HasSubstr("on chip meanwhile"));
}

TEST_F(Run, MemoriesWithoutASizeAreAsLargeAsWhatStaysNeeds) {
  write_file(scratch_ / "auto.yaml",
             std::string(quick) + "engine: {family: mac}\nmemory: {weights: auto, activations: auto}\n");
  const CommandResult printed = run("run auto.yaml --no-float --output auto");
  ASSERT_EQ(printed.exit_code, 0) << printed.errors;
  const nlohmann::json engine = result("auto").at("configuration").at("engine");
  EXPECT_EQ(engine.at("map_memory_bytes"), 6144);
  EXPECT_EQ(engine.at("weight_memory_bytes").get<int>() % 1024, 0);
  EXPECT_GE(engine.at("weight_memory_bytes"), result("auto").at("memory").at("resident_weight_bytes"));
}

TEST_F(Run, ANetworkOfAnotherShapeThanTheImagesIsRefused) {
  ASSERT_EQ(run("quantize engine.yaml net.onnx").exit_code, 0);
  const CommandResult described = run("describe net.onnx");
  EXPECT_EQ(described.exit_code, 0);
  EXPECT_THAT(described.output, HasSubstr("quantised as uniform"));
  LUTRA_DATA_OR_SKIP(data);
  write_file(scratch_ / "other.yaml", "name: x\nnetwork: {dataset: cifar10}\nquantized: net.onnx\nengine: none\n");
  const CommandResult printed = run("run other.yaml --data '" + data.string() + "'");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.errors, HasSubstr("has images of 3x32x32"));
}

TEST_F(Run, AnInstalledCopyNeedsNeitherSourceNorBuildTree) {
  const std::string install = std::string(LUTRA_CMAKE) + " --install '" + LUTRA_BINARY_DIR + "' --prefix installed";
  ASSERT_EQ(shell(scratch_, install).exit_code, 0);
  const CommandResult printed = shell(scratch_, "cd / && env -i '" + (scratch_ / "installed/bin/lutra").string() +
                                                    "' run --no-float --images 10 --simulate 1");
  EXPECT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(printed.output, HasSubstr("fits zynq-7020"));
  const CommandResult paths = shell(scratch_, "readelf -d installed/bin/lutra");
  EXPECT_THAT(paths.output, testing::Not(HasSubstr("RUNPATH")));
  EXPECT_THAT(paths.output, testing::Not(HasSubstr("RPATH")));
}

TEST_F(Run, RunsOnRealData) {
  LUTRA_DATA_OR_SKIP(data);
  for (const char* name : {"cifar10_resnet20", "cifar10_resnet8"}) {
    const CommandResult printed = run(std::string("run ") + name + " --data '" + data.string() +
                                      "' --images 200 --simulate 1 --no-float --output " + name);
    ASSERT_EQ(printed.exit_code, 0) << printed.errors;
    EXPECT_EQ(result(name).at("verified_images"), 1);
    EXPECT_GT(result(name).at("accuracy").at("top1_percent"), 80);
    EXPECT_EQ(result(name).at("configuration").at("scheme").at("calibration_split"), "train");
  }
}

TEST_F(Run, CalibrationWithoutTheTrainSplitNamesBothWaysOut) {
  LUTRA_DATA_OR_SKIP(data);
  std::filesystem::create_directories(scratch_ / "data/cifar10");
  std::filesystem::create_directory_symlink(std::filesystem::absolute(data / "models"), scratch_ / "data/models");
  std::filesystem::create_symlink(std::filesystem::absolute(data / "cifar10/test_batch.bin"),
                                  scratch_ / "data/cifar10/test_batch.bin");
  const CommandResult printed = run("run cifar10_resnet8 --data data");
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(printed.errors, HasSubstr("Put that split into the data folder, or set scheme.calibration_split: test"));
}

}  // namespace
}  // namespace lutra::test
