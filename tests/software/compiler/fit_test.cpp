#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "software/compiler/lowering/capability.h"
#include "tests/software/compiler/support/layers.h"

namespace lutra {
namespace {

using accelerators::EngineConfig;
using compiler::CompileOptions;
using testing::HasSubstr;

compiler::Program compile(const network::QuantisedNetwork& network, const EngineConfig& engine,
                          const CompileOptions& options = {}) {
  return compiler::compile(network, engine, accelerators::make_family(engine).get(), options);
}

std::string refusal(const network::QuantisedNetwork& network, const EngineConfig& engine,
                    const CompileOptions& options = {}) {
  try {
    compile(network, engine, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string cpu_refusal(const network::QuantisedNetwork& network) {
  try {
    compiler::compile(network, {}, nullptr, {});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

network::QuantisedNetwork convolution_3x3() {
  return test::network_of(
      {.encoding = test::codes(8), .window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1}});
}

// The bytes a refusal asks for, of a buffer that it names.
int bytes_needed(const std::string& message, const std::string& key) {
  const std::string before = "its smallest tile needs ";
  const std::size_t begin = message.find(before);
  const std::size_t end = message.find(" bytes of " + key + ", which has");
  if (begin == std::string::npos || end == std::string::npos) return -1;
  return std::stoi(message.substr(begin + before.size(), end - begin - before.size()));
}

struct BufferKnob {
  const char* key;
  int EngineConfig::*bytes;
  int too_small;

  friend void PrintTo(const BufferKnob& knob, std::ostream* out) { *out << knob.key; }
};

class TooSmallBuffer : public testing::TestWithParam<BufferKnob> {};

TEST_P(TooSmallBuffer, IsNamedWithTheBytesItNeeds) {
  const BufferKnob knob = GetParam();
  EngineConfig engine;
  engine.*knob.bytes = knob.too_small;
  const std::string message = refusal(convolution_3x3(), engine);
  EXPECT_THAT(message, HasSubstr("operation 'convolution'"));
  EXPECT_THAT(message, HasSubstr("fallback: cpu"));
  const int needed = bytes_needed(message, knob.key);
  ASSERT_GT(needed, knob.too_small) << message;

  engine.*knob.bytes = needed;
  EXPECT_EQ(refusal(convolution_3x3(), engine), "");
  engine.*knob.bytes = needed - 1;
  EXPECT_EQ(bytes_needed(refusal(convolution_3x3(), engine), knob.key), needed);
}

INSTANTIATE_TEST_SUITE_P(Buffers, TooSmallBuffer,
                         testing::Values(BufferKnob{"activation_buffer_bytes", &EngineConfig::activation_buffer_bytes,
                                                    8},
                                         BufferKnob{"weight_buffer_bytes", &EngineConfig::weight_buffer_bytes, 4},
                                         BufferKnob{"parameter_buffer_bytes", &EngineConfig::parameter_buffer_bytes, 8},
                                         BufferKnob{"output_buffer_bytes", &EngineConfig::output_buffer_bytes, 0}),
                         [](const auto& instance) { return instance.param.key; });

TEST(Fit, RunsOnTheHartWhatDoesNotFitWhereThatIsAllowed) {
  EngineConfig engine;
  engine.weight_buffer_bytes = 4;
  const auto program = compile(convolution_3x3(), engine, {.allow_cpu_fallback = true});
  ASSERT_EQ(program.ops.size(), 1u);
  EXPECT_FALSE(program.ops[0].on_engine);
  EXPECT_THAT(program.ops[0].reason, HasSubstr("weight_buffer_bytes"));
  EXPECT_EQ(program.ops[0].array_cycles, 0u);
}

TEST(Fit, AConcatenationNeedsTheHartWhereAPartIsNoWholeBytes) {
  network::QuantisedNetwork network = test::network_of_concatenation();
  EXPECT_EQ(refusal(network, {}), "");
  network.edges.back().encoding.bits = 4;  // three codes of four bits
  const std::string message = refusal(network, {});
  EXPECT_THAT(message, HasSubstr("operation 'stack'"));
  EXPECT_THAT(message, HasSubstr("fallback: cpu"));
  EXPECT_EQ(refusal(network, {}, {.allow_cpu_fallback = true}), "");
}

TEST(Fit, AnArrayNarrowerThanTheCodesSaysSo) {
  EngineConfig engine;
  engine.activation_bits = 4;
  EXPECT_THAT(refusal(convolution_3x3(), engine), HasSubstr("activation_bits"));
}

TEST(Fit, TheAccumulatorMustHoldEveryFinalSum) {
  const auto network = convolution_3x3();
  const auto& op = std::get<network::MatrixOp>(network.operations[0].body);
  const int bits = compiler::accumulator_bits_needed(op, network.edges[0].encoding);
  EngineConfig engine;
  engine.accumulator_bits = bits;
  EXPECT_EQ(refusal(network, engine), "");
  engine.accumulator_bits = bits - 1;
  const std::string message = refusal(network, engine);
  EXPECT_THAT(message, HasSubstr("operation 'convolution'"));
  EXPECT_THAT(message, HasSubstr("need " + std::to_string(bits) + " bits"));
}

TEST(Fit, AccumulatorBitsFollowFromTheExtremeSums) {
  network::MatrixOp op;
  op.output_channels = 2;
  op.weights.values = {127, 127, -128, -1};
  EXPECT_EQ(compiler::accumulator_bits_needed(op, test::codes(8)), 17);        // 254 * 255 = 64770 < 2^16
  EXPECT_EQ(compiler::accumulator_bits_needed(op, test::codes(8, true)), 16);  // 254 * -128 = -32512 >= -2^15
  op.weights.values = {0, 0, 0, 0};
  EXPECT_EQ(compiler::accumulator_bits_needed(op, test::codes(8)), 1);
}

TEST(Fit, ASumPoolMustFitTheAccumulatorToo) {
  const auto network = test::network_of_pool({4, 16, 16}, test::codes(8), {.height = 16, .width = 16},
                                             network::PoolKind::sum);  // 256 * 255 = 65280
  EngineConfig engine;
  engine.accumulator_bits = 17;
  EXPECT_EQ(refusal(network, engine), "");
  engine.accumulator_bits = 16;
  EXPECT_THAT(refusal(network, engine), HasSubstr("need 17 bits"));
}

TEST(Fit, RefusesPaddingOfAMaximumThatNoByteCanRepeat) {
  const network::Window padded{.height = 3, .width = 3, .pad_top = 1, .pad_left = 1};
  const auto refused = [&](int bits, bool is_signed, const network::Window& window) {
    return refusal(test::network_of_pool({4, 6, 6}, test::codes(bits, is_signed), window, network::PoolKind::maximum),
                   {});
  };
  EXPECT_THAT(refused(3, true, padded), HasSubstr("3-bit"));
  EXPECT_EQ(refused(3, true, {.height = 3, .width = 3}), "");
  EXPECT_EQ(refused(3, false, padded), "");
  EXPECT_EQ(refused(4, true, padded), "");
}

TEST(Fit, StridesBeyondACommandsFieldAreRefused) {
  const auto strided =
      test::network_of({.input = {1, 301, 1}, .encoding = test::codes(8), .window = {.stride_y = 300}});
  EXPECT_THAT(refusal(strided, {}), HasSubstr("stride or dilation of 300"));
  // With a single output there is nothing to stride over.
  EXPECT_EQ(
      refusal(test::network_of({.input = {1, 300, 1}, .encoding = test::codes(8), .window = {.stride_y = 300}}), {}),
      "");
}

TEST(Fit, TheHartNamesTheWorkingMemoryItLacks) {
  const auto wide = test::network_of({.input = {8000, 4, 4},
                                      .encoding = test::codes(2),
                                      .window = {.height = 4, .width = 4},
                                      .output_channels = 4,
                                      .weight_bits = 2});
  EXPECT_THAT(cpu_refusal(wide), HasSubstr("operation 'convolution'"));
  EXPECT_THAT(cpu_refusal(wide), HasSubstr("working memory"));
}

TEST(Fit, MainMemoryMustHoldImageAndActivations) {
  const std::string message = refusal(convolution_3x3(), {}, {.main_memory_bytes = (1u << 20) + 100});
  EXPECT_THAT(message, HasSubstr("soc.main_memory.bytes: network '"));
  EXPECT_EQ(refusal(convolution_3x3(), {}, {.main_memory_bytes = (1u << 20) + 16384}), "");
}

TEST(Fit, AnInvalidNetworkIsRefusedBeforeAnythingElse) {
  auto network = convolution_3x3();
  network.output = 7;
  EXPECT_THAT(refusal(network, {}), HasSubstr("7"));
}

}  // namespace
}  // namespace lutra
