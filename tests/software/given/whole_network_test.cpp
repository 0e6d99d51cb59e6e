#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "software/common/error.h"
#include "software/network/float/fold.h"
#include "software/network/given/take.h"
#include "software/network/onnx/onnx_import.h"
#include "software/network/zoo/zoo.h"
#include "software/reference/double/double_executor.h"
#include "software/reference/executor.h"
#include "software/reference/image_workers.h"
#include "tests/software/given/export_given.h"
#include "tests/software/given/onnx_evaluator.h"

// The embedded network, exported as others export quantised networks, against an interpreter of the files.

namespace lutra::test {
namespace {

using network::Graph;
using network::given::Inexact;
using network::given::Taken;

const network::Normalisation normalisation{1.0, {0.5}, {0.25}};

Graph embedded() {
  const std::string_view bytes = *network::find_in_zoo("embedded_resnet.onnx");
  return network::fold_batch_normalization(
      network::import_onnx({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "embedded"));
}

onnx::ModelProto exported(const GivenPolicy& policy) {
  const Graph graph = embedded();
  return GivenExporter(graph, normalisation, network::make_embedded(network::Split::train), 32, policy).run();
}

Graph imported(const onnx::ModelProto& model) {
  const std::string bytes = model.SerializeAsString();
  return network::import_any_onnx({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "export.onnx",
                                  "export");
}

// LUTRA_ALL_IMAGES=1: the whole test set.
std::size_t images_of(const network::Dataset& data) {
  constexpr std::size_t some = 24;
  return std::getenv("LUTRA_ALL_IMAGES") != nullptr ? data.size() : some;
}

OnnxEvaluator::Tensor reals(const network::Dataset& data, std::size_t image) {
  OnnxEvaluator::Tensor tensor{{1, data.shape.channels, data.shape.height, data.shape.width}, {}};
  for (const std::uint8_t pixel : data.image(image)) tensor.values.push_back((pixel / 255.0 - 0.5) / 0.25);
  return tensor;
}

struct Compared {
  std::atomic<std::size_t> codes = 0, different = 0, other_answers = 0, images = 0;
};

void compare(const onnx::ModelProto& model, const Taken& taken, Compared& compared) {
  const network::Dataset test = network::make_embedded(network::Split::test);
  const OnnxEvaluator evaluator(model);
  const reference::IntegerExecutor integers(taken.network);
  const network::given::Held& last = taken.held.back();
  compared.images = images_of(test);
  reference::for_each_image(
      compared.images, 0,
      [&]() -> reference::ImageWorker {
        return [&](std::size_t image) {
          const std::vector<double> file = evaluator.run(reals(test, image)).values;
          const std::vector<std::int32_t> here = integers.run(test.image(image));
          ASSERT_EQ(file.size(), here.size());
          for (std::size_t i = 0; i < file.size(); ++i) {
            ++compared.codes;
            if (std::llround(file[i] / last.scale + last.zero) != here[i]) ++compared.different;
          }
          if (std::ranges::max_element(file) - file.begin() != std::ranges::max_element(here) - here.begin())
            ++compared.other_answers;
        };
      },
      {});
}

void expect_equal(const GivenPolicy& policy) {
  const onnx::ModelProto model = exported(policy);
  const Taken taken = network::given::take(imported(model), normalisation, Inexact::refuse);
  EXPECT_TRUE(taken.differences.empty());
  Compared compared;
  compare(model, taken, compared);
  EXPECT_EQ(compared.different, 0U) << "of " << compared.codes << " logits of " << compared.images << " images";
}

TEST(GivenNetwork, QdqGivesTheIntegersOfTheFile) { expect_equal({}); }

TEST(GivenNetwork, QonnxGivesTheIntegersOfTheFile) { expect_equal({.format = GivenFormat::qonnx}); }

TEST(GivenNetwork, AsymmetricPerChannelQdqGivesTheIntegersOfTheFile) { expect_equal({.asymmetric = true}); }

TEST(GivenNetwork, QdqAndQonnxOfOneNetworkAreTheSameIntegers) {
  const Taken qdq = network::given::take(imported(exported({})), normalisation, Inexact::refuse);
  const Taken qonnx =
      network::given::take(imported(exported({.format = GivenFormat::qonnx})), normalisation, Inexact::refuse);
  const network::Dataset test = network::make_embedded(network::Split::test);
  for (std::size_t image = 0; image < 8; ++image)
    EXPECT_EQ(reference::IntegerExecutor(qdq.network).run(test.image(image)),
              reference::IntegerExecutor(qonnx.network).run(test.image(image)));
}

TEST(GivenNetwork, AdditionsOfTwoScalesAreRefusedOrTheNearest) {
  const onnx::ModelProto model = exported({.asymmetric = true, .shared_adds = false});
  try {
    network::given::take(imported(model), normalisation, Inexact::refuse);
    FAIL() << "taken";
  } catch (const lutra::Error& error) {
    EXPECT_NE(std::string(error.what()).find("exactness: nearest"), std::string::npos) << error.what();
  }
  const Taken taken = network::given::take(imported(model), normalisation, Inexact::nearest);
  EXPECT_FALSE(taken.differences.empty());
  Compared compared;
  compare(model, taken, compared);
  EXPECT_LE(compared.other_answers * 50, compared.images) << "answers of " << compared.images;
  RecordProperty("other_answers", static_cast<int>(compared.other_answers));
}

// The yardstick of lutra diff is held against the interpreter.
TEST(GivenNetwork, TheDoubleExecutorIsTheFile) {
  const onnx::ModelProto model = exported({.asymmetric = true, .shared_adds = false});
  const reference::DoubleExecutor executor(imported(model), normalisation);
  const OnnxEvaluator evaluator(model);
  const network::Dataset test = network::make_embedded(network::Split::test);
  for (std::size_t image = 0; image < 4; ++image) {
    const std::vector<double> file = evaluator.run(reals(test, image)).values;
    const std::vector<double> here = executor.run(test.image(image));
    ASSERT_EQ(file.size(), here.size());
    for (std::size_t i = 0; i < file.size(); ++i) EXPECT_NEAR(file[i], here[i], 1e-9);
  }
}

}  // namespace
}  // namespace lutra::test
