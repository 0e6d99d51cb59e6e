#include "software/network/float/fit_input.h"

#include <gtest/gtest.h>

#include "tests/software/network/onnx/onnx_model.h"

namespace lutra::network::test {
namespace {

Graph perceptron() {
  Model model({1, 12});
  model.constant("w", {12, 5}, ramp(60));
  model.node("MatMul", {"x", "w"}, "h");
  model.node("Relu", {"h"}, "y");
  return model.import();
}

TEST(FitInput, AVectorBecomesAnImageThatIsFlattened) {
  const Graph fitted = fit_input(perceptron(), {1, 3, 4});
  validate(fitted);
  EXPECT_EQ(input_shape(fitted), (Shape{1, 3, 4}));
  EXPECT_TRUE(std::holds_alternative<Flatten>(fitted.nodes.front().op));
  EXPECT_EQ(output_shape(fitted), (Shape{5, 1, 1}));
  EXPECT_EQ(multiply_accumulates(fitted), 60);
}

TEST(FitInput, LeavesWhatFitsAndWhatCannot) {
  EXPECT_EQ(fit_input(perceptron(), {12, 1, 1}).nodes.size(), 2U);
  EXPECT_EQ(input_shape(fit_input(perceptron(), {1, 4, 4})), (Shape{12, 1, 1}));
  Model image({1, 3, 4, 4});
  image.node("Relu", {"x"}, "y");
  EXPECT_EQ(input_shape(fit_input(image.import(), {48, 1, 1})), (Shape{3, 4, 4}));
}

}  // namespace
}  // namespace lutra::network::test
