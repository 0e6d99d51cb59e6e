#include "software/exploration/campaign/point_key.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "software/common/digest.h"
#include "software/common/files.h"
#include "software/exploration/campaign/point_store.h"
#include "software/result/result_json.h"
#include "tests/software/network/picture_files.h"
#include "tests/software/result/sample_result.h"
#include "tests/software/scenario/message.h"
#include "tests/support/scratch.h"

namespace lutra::exploration {
namespace {

using test::message_of;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class PointKeys : public testing::Test {
 protected:
  static constexpr const char* embedded = "model: embedded, dataset: embedded";

  scenario::Variant variant(const std::string& rows, const std::string& network = embedded,
                            const std::string& scheme = "wide_skip: true") const {
    return with("engine: {rows: " + rows + "}", network, scheme);
  }
  scenario::Variant with(const std::string& line, const std::string& network = embedded,
                         const std::string& scheme = "wide_skip: true") const {
    const std::string text =
        "name: x\nnetwork: {" + network + "}\nscheme: {name: uniform, " + scheme + "}\n" + line + "\n";
    return scenario::apply_overrides({(folder_ / "x.yaml").string(), parse_yaml(text, "x.yaml")}, {});
  }
  std::string key(const scenario::Variant& of, const std::string& program = "p", bool float_accuracy = false) const {
    return key_in(folder_, of, program, float_accuracy).point;
  }
  static exploration::PointKey key_in(const std::filesystem::path& data, const scenario::Variant& of,
                                      const std::string& program = "p", bool float_accuracy = false) {
    Inputs inputs(data);
    return make_point_key(of, float_accuracy, program, costs::carried_tables(), inputs);
  }

  test::Scratch scratch_;
  const std::filesystem::path folder_ = scratch_.path();
};

TEST_F(PointKeys, IsTheSameForTheSamePointAndChangesWithAnyInput) {
  const std::string first = key(variant("8"));
  EXPECT_THAT(first, MatchesRegex("[0-9a-f]{64}"));
  EXPECT_EQ(key(variant("8")), first);
  EXPECT_NE(key(variant("9")), first);
  EXPECT_NE(key(variant("8"), "another program"), first);
  EXPECT_NE(key(variant("8"), "p", true), first);
}

TEST_F(PointKeys, FollowsTheContentOfTheFilesAndNotTheirPlace) {
  const std::string network = "model: net.onnx, dataset: embedded";
  write_file(folder_ / "net.onnx", "one");
  const std::string one = key(variant("8", network));
  write_file(folder_ / "net.onnx", "two");
  EXPECT_NE(key(variant("8", network)), one);
  std::filesystem::remove(folder_ / "net.onnx");
  EXPECT_THAT(message_of([&] { key(variant("8", network)); }), HasSubstr("net.onnx"));
  const std::filesystem::path elsewhere = folder_ / "data";
  write_file(elsewhere / "net.onnx", "one");
  EXPECT_EQ(key_in(elsewhere, variant("8", network)).point, one);
}

TEST_F(PointKeys, FollowsTheImagesOfADataSet) {
  const std::string network = "model: embedded, dataset: cifar10";
  EXPECT_THAT(message_of([&] { key(variant("8", network)); }), HasSubstr("cifar10"));
  const auto write_batches = [&](char pixel) {
    std::string record(3073, pixel);
    record.front() = '\3';
    for (const char* file : {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                             "data_batch_5.bin", "test_batch.bin"})
      write_file(folder_ / "cifar10" / file, record);
  };
  write_batches('a');
  const std::string one = key(variant("8", network));
  write_batches('b');
  EXPECT_NE(key(variant("8", network)), one);
  write_batches('a');
  EXPECT_EQ(key(variant("8", network)), one);
}

TEST_F(PointKeys, FollowsPicturesAndTheNamesOfTheirClasses) {
  const std::string network = "model: embedded, dataset: {images: pets, shape: [1, 2], calibration_percent: 50}";
  const auto write = [&](const std::string& folder, std::uint8_t pixel) {
    for (const char* name : {"a.png", "b.png"}) {
      const network::test::Bytes bytes = network::test::png({2, 1}, {pixel, 7});
      network::test::write_bytes(folder_ / "pets" / folder / name, bytes);
    }
  };
  write("cat", 1);
  const std::string one = key(variant("8", network));
  EXPECT_EQ(key(variant("8", network)), one);
  write("cat", 2);
  EXPECT_NE(key(variant("8", network)), one);
  write("cat", 1);
  EXPECT_EQ(key(variant("8", network)), one);
  std::filesystem::rename(folder_ / "pets/cat", folder_ / "pets/dog");
  EXPECT_NE(key(variant("8", network)), one);
}

TEST_F(PointKeys, FollowsTheContentOfOnesOwnImagesAndLabels) {
  const std::string network =
      "model: embedded, dataset: {images: x.bin, labels: y.bin, type: uint8, label_type: uint8, shape: [2], "
      "calibration_percent: 50";
  write_file(folder_ / "x.bin", "abcd");
  write_file(folder_ / "y.bin", "\1\2");
  const std::string one = key(variant("8", network + "}"));
  EXPECT_EQ(key(variant("8", network + "}")), one);
  EXPECT_NE(key(variant("8", network + ", scale: 2}")), one);
  write_file(folder_ / "x.bin", "abce");
  const std::string two = key(variant("8", network + "}"));
  EXPECT_NE(two, one);
  write_file(folder_ / "y.bin", "\2\2");
  EXPECT_NE(key(variant("8", network + "}")), two);
  // Of floats, the values count and not only the bytes that the integer network sees.
  const std::string floats =
      "model: embedded, dataset: {images: f.bin, type: float32, shape: [1], lowest: 0, highest: 9, "
      "calibration_percent: 50}";
  const auto write = [&](float second) {
    const float values[] = {1, second};
    write_file(folder_ / "f.bin", {reinterpret_cast<const char*>(values), sizeof values});
  };
  write(2);
  const std::string three = key(variant("8", floats));
  write(2.0001F);
  EXPECT_NE(key(variant("8", floats)), three);
}

TEST_F(PointKeys, RandomImagesFollowTheirSeed) {
  const std::string one = key(variant("8", "model: embedded, dataset: random"));
  EXPECT_EQ(key(variant("8", "model: embedded, dataset: random")), one);
  EXPECT_NE(key(variant("8", "model: embedded, dataset: random, random_seed: 2")), one);
}

TEST_F(PointKeys, TheNetworkIsTheSameWhereHardwareAloneDiffers) {
  const std::string first = key_in(folder_, variant("8")).network;
  EXPECT_EQ(key_in(folder_, variant("9")).network, first);
  EXPECT_NE(key_in(folder_, variant("8"), "another program").network, first);
  EXPECT_NE(key_in(folder_, variant("8"), "p", true).network, first);
  EXPECT_NE(key_in(folder_, with("engine: {rows: 8}\nrun: {images: 7}")).network, first);
  const std::string measured = "progressive: {levels: [8, 4], budget: 0.5, measure: cycles}";
  EXPECT_NE(key_in(folder_, variant("8", embedded, measured)).network,
            key_in(folder_, variant("9", embedded, measured)).network);
}

TEST_F(PointKeys, SealedInputsGiveWhatWasReadAndNothingElse) {
  const std::string network = "model: net.onnx, dataset: embedded";
  write_file(folder_ / "net.onnx", "one");
  Inputs inputs(folder_);
  const std::string digests = inputs.digests(variant("8", network).scenario);
  inputs.seal();
  std::filesystem::remove(folder_ / "net.onnx");
  EXPECT_EQ(inputs.digests(variant("8", network).scenario), digests);
  write_file(folder_ / "other.onnx", "one");
  EXPECT_THAT(message_of([&] { inputs.digests(variant("8", "model: other.onnx, dataset: embedded").scenario); }),
              HasSubstr("'other.onnx' was not read before the points began"));
}

TEST_F(PointKeys, CostTablesOfTheUserAreAnInput) {
  costs::Tables tables = costs::carried_tables();
  tables.digest = "of other tables";
  Inputs inputs;
  const scenario::Variant point = variant("8");
  EXPECT_NE(make_point_key(point, false, "p", tables, inputs).point, key(point));
}

TEST_F(PointKeys, TheProgramIsTheFileThatRuns) {
  EXPECT_EQ(program_digest(), sha256(read_file(std::filesystem::read_symlink("/proc/self/exe"))));
}

TEST_F(PointKeys, AStoreGivesBackWhatItWasGiven) {
  const std::string json = to_json(test::sample_result());
  const PointStore store(folder_ / "points", {});
  EXPECT_FALSE(store.has("k"));
  store.save("k", json, "from nothing\n");
  EXPECT_TRUE(store.has("k"));
  EXPECT_EQ(to_json(store.load("k")), json);
}

// Cut off, a bit flipped, no entry at all, and a good one of another key.
TEST_F(PointKeys, AStoredResultThatCannotBeBelievedIsSetAsideAndNamedOnce) {
  std::string warnings;
  const PointStore store(folder_, [&](const std::string& text) { warnings += text + "\n"; });
  const std::string json = to_json(test::sample_result());
  const std::filesystem::path file = folder_ / "k.json.gz";
  store.save("k", json, "from nothing\n");
  const std::string good = read_text_file(file);
  std::string flipped = good;
  flipped[good.size() / 2] ^= 1;
  store.save("other", json, "from nothing\n");
  for (const std::string& bad :
       {good.substr(0, 100), flipped, std::string("{}"), std::string(), read_text_file(folder_ / "other.json.gz")}) {
    warnings.clear();
    write_file(file, bad);
    EXPECT_FALSE(store.has("k"));
    EXPECT_FALSE(store.has("k"));
    EXPECT_THAT(warnings, testing::StartsWith(file.string() + ": cannot be believed"));
    EXPECT_EQ(std::count(warnings.begin(), warnings.end(), '\n'), 1);
    EXPECT_EQ(read_text_file(file.string() + ".damaged"), bad);
    store.save("k", json, "from nothing\n");
    EXPECT_EQ(to_json(store.load("k")), json);
  }
}

TEST_F(PointKeys, AStoredResultThatContradictsItselfIsSetAside) {
  const PointStore store(folder_, {});
  result::Result result = test::sample_result();
  result.accuracy.correct = result.accuracy.images + 1;
  store.save("k", to_json(result), "from nothing\n");
  EXPECT_FALSE(store.has("k"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "k.json.gz.damaged"));
}

TEST_F(PointKeys, AStoreThatCannotBeWrittenIsRefusedAtOnce) {
  write_file(folder_ / "taken", "a file");
  EXPECT_THAT(message_of([&] { PointStore(folder_ / "taken", {}); }), HasSubstr("taken"));
}

}  // namespace
}  // namespace lutra::exploration
