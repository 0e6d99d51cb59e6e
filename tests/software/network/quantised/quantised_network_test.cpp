#include "software/network/quantised/quantised_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <functional>
#include <ostream>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"
#include "tests/support/draw_quantised_network.h"

namespace lutra::network {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Edges: 0 pixels 2x4x4, 1 codes and 2 stream of a 3x3 convolution 3x4x4, 3 codes of a pool with a skip 3x2x2, 4 its
// concatenation with itself, 5 a resampling.
QuantisedNetwork small_network() {
  QuantisedNetwork network;
  network.name = "small";
  ActivationEncoding stream;
  stream.bits = 16;
  stream.is_signed = true;
  network.edges = {{"pixels", {2, 4, 4}, {}, 1.0}, {"codes", {3, 4, 4}, {}, 1.0},  {"stream", {3, 4, 4}, stream, 1.0},
                   {"pooled", {3, 2, 2}, {}, 1.0}, {"joined", {6, 2, 2}, {}, 1.0}, {"sampled", {3, 1, 1}, {}, 1.0}};
  network.input = {0, {{1, 0, 0}, {1, 0, 0}}};
  MatrixOp matrix;
  matrix.input = 0;
  matrix.window = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1};
  matrix.output_channels = 3;
  matrix.weights = {std::vector<std::int16_t>(54, 1), UniformWeights{8}, {1.0, 1.0, 1.0}};
  matrix.post.scale = {{1, 0, 1}, {1, 0, 2}, {1, 0, 3}};
  matrix.post.codes = CodeOutput{1, Requantise{1, 0, 4}, 0, 255};
  matrix.post.stream = 2;
  PoolOp pool;
  pool.input = 1;
  pool.window = {2, 2, 2, 2, 1, 1, 0, 0, 0, 0};
  pool.kind = PoolKind::sum;
  pool.post.scale = {{1, 2, 2}};
  pool.post.skip = Skip{2, 2, 2, 0, {1, 0, 0}};
  pool.post.prelu = {{1, 0, 2}};
  pool.post.codes = CodeOutput{3, std::nullopt, 0, 200};
  const ConcatOp concat{{3, 3}, {{1, 0, 0}, {2, 0, 0}}, 4};
  const ResampleOp resample{4, 5, {-1, 0, 1}, {2, 1, 1}};
  network.operations = {{"matrix", matrix}, {"pool", pool}, {"concat", concat}, {"resample", resample}};
  network.output = 5;
  return network;
}

MatrixOp& matrix(QuantisedNetwork& network) { return std::get<MatrixOp>(network.operations[0].body); }
PoolOp& pool(QuantisedNetwork& network) { return std::get<PoolOp>(network.operations[1].body); }
ConcatOp& concat(QuantisedNetwork& network) { return std::get<ConcatOp>(network.operations[2].body); }
ResampleOp& resample(QuantisedNetwork& network) { return std::get<ResampleOp>(network.operations[3].body); }

struct Damage {
  const char* message;
  std::function<void(QuantisedNetwork&)> apply;
};

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.message; }

class RefusedNetwork : public ::testing::TestWithParam<Damage> {};

TEST_P(RefusedNetwork, IsRefusedWithAReason) {
  QuantisedNetwork network = small_network();
  ASSERT_NO_THROW(validate(network));
  GetParam().apply(network);
  EXPECT_THAT([&] { validate(network); }, ThrowsMessage<Error>(HasSubstr(GetParam().message)));
}

const Damage edge_damages[] = {
    {"edge 1 'codes': 9 bits", [](auto& n) { n.edges[1].encoding.bits = 9; }},
    {"1 bits are not", [](auto& n) { n.edges[1].encoding.bits = 1; }},
    {"stream is signed", [](auto& n) { n.edges[2].encoding.is_signed = false; }},
    {"extent must be in", [](auto& n) { n.edges[0].shape.height = 0; }},
    {"more than the",
     [](auto& n) {
       n.edges[0].shape = {1 << 20, 1 << 20, 1 << 20};
     }},
    {"scale 0 is not", [](auto& n) { n.edges[3].scale = 0; }},
    {"scale nan is not", [](auto& n) { n.edges[3].scale = std::nan(""); }},
    {"pad code -1", [](auto& n) { n.edges[0].encoding.pad_code = -1; }},
    {"a ternary edge has two signed bits", [](auto& n) { n.edges[0].encoding.is_ternary = true; }},
    {"2 levels do not",
     [](auto& n) {
       n.edges[0].encoding.levels = {0, 1};
     }},
    {"level 40000",
     [](auto& n) {
       n.edges[0].encoding = {2, false, {0, 1, 2, 40000}, 0};
     }},
    {"no operation writes it", [](auto& n) { n.edges.push_back(n.edges[0]); }},
};

const Damage operation_damages[] = {
    {"edge 9 does not exist", [](auto& n) { matrix(n).input = 9; }},
    {"edge -1 does not exist", [](auto& n) { pool(n).input = -1; }},
    {"read before it is written", [](auto& n) { matrix(n).input = 3; }},
    {"written twice", [](auto& n) { resample(n).output = 4; }},
    {"output: edge 77 does not exist", [](auto& n) { n.output = 77; }},
    {"3 requantise values for 2 channels",
     [](auto& n) {
       n.input.channels.push_back({1, 0, 0});
     }},
    {"shift 48 exceeds 47", [](auto& n) { n.input.channels[1].shift = 48; }},
    {"bias 36028797018963968 reaches 2^55", [](auto& n) { n.input.channels[1].bias = std::int64_t{1} << 55; }},
    {"multiplier 2147483648 exceeds 2147483647", [](auto& n) { n.input.channels[1].multiplier = 1u << 31; }},
    {"reaches 2^55", [](auto& n) { n.input.channels[1].bias = std::numeric_limits<std::int64_t>::min(); }},
    {"operation 'matrix': 53 weights", [](auto& n) { matrix(n).weights.values.pop_back(); }},
    {"weight 128 of output channel", [](auto& n) { matrix(n).weights.values[5] = 128; }},
    {"weight 2 of output channel",
     [](auto& n) {
       matrix(n).weights = {std::vector<std::int16_t>(54, 2), UniformWeights{2}, {1, 1, 1}};
     }},
    {"weights of 9 bits", [](auto& n) { matrix(n).weights.encoding = UniformWeights{9}; }},
    {"2 weight scales for 3", [](auto& n) { matrix(n).weights.scales.pop_back(); }},
    {"2 groups do not divide", [](auto& n) { matrix(n).groups = 2; }},
    {"0 groups do not divide", [](auto& n) { matrix(n).groups = 0; }},
    {"does not fit into 2x4x4", [](auto& n) { matrix(n).window.height = 9; }},
    {"must be in 1..4096", [](auto& n) { matrix(n).window.stride_x = 0; }},
    {"must be in 0..4096", [](auto& n) { matrix(n).window.pad_left = -1; }},
    {"where the result is 3x3x4", [](auto& n) { matrix(n).window.pad_top = 0; }},
    {"2 scale values for 3 channels", [](auto& n) { matrix(n).post.scale.pop_back(); }},
    {"2 PReLU values for 3 channels",
     [](auto& n) {
       pool(n).post.prelu.push_back({1, 0, 0});
     }},
    {"codes 3..2 are not", [](auto& n) { matrix(n).post.codes->low = 3, matrix(n).post.codes->high = 2; }},
    {"codes 0..256 are not within 0..255", [](auto& n) { matrix(n).post.codes->high = 256; }},
    {"neither codes nor a stream", [](auto& n) { pool(n).post.codes.reset(); }},
    {"codes need an edge of 2..8 bits", [](auto& n) { matrix(n).post.codes->edge = 2, matrix(n).post.stream = 1; }},
    {"stream needs an edge of 16 bits", [](auto& n) { pool(n).post.stream = 3, pool(n).post.codes.reset(); }},
    {"does not cover 3x2x2", [](auto& n) { pool(n).post.skip->stride_x = 4; }},
    {"does not cover", [](auto& n) { pool(n).post.skip->channel_offset = 1; }},
    {"does not cover", [](auto& n) { pool(n).post.skip->channel_offset = -1; }},
    {"skip stride 0", [](auto& n) { pool(n).post.skip->stride_y = 0; }},
    {"in the padding", [](auto& n) { pool(n).window.pad_top = 2; }},
    {"has no inputs", [](auto& n) { concat(n).inputs.clear(); }},
    {"1 requantise values for 2 inputs", [](auto& n) { concat(n).requantise.pop_back(); }},
    {"differ in height or width", [](auto& n) { concat(n).inputs[1] = 1; }},
    {"differ in encoding", [](auto& n) { n.edges[5].encoding.bits = 4; }},
    {"step 0", [](auto& n) { resample(n).step[1] = 0; }},
    {"start -9999999", [](auto& n) { resample(n).start[1] = -9999999; }},
};

// The words of the message; the number tells damages of one message apart.
std::string name_of(const ::testing::TestParamInfo<Damage>& damage) {
  std::string name;
  for (const char letter : std::string(damage.param.message)) {
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
      name += letter;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  return name + (name.back() == '_' ? "" : "_") + std::to_string(damage.index);
}

INSTANTIATE_TEST_SUITE_P(Edges, RefusedNetwork, ::testing::ValuesIn(edge_damages), name_of);
INSTANTIATE_TEST_SUITE_P(Operations, RefusedNetwork, ::testing::ValuesIn(operation_damages), name_of);

TEST(QuantisedNetwork, AnAccumulatorThatMayLeaveInt32IsRefusedWithItsChannel) {
  QuantisedNetwork network;
  const int inputs = 70000;
  ActivationEncoding stream;
  stream.bits = 16;
  stream.is_signed = true;
  network.edges = {{"in", {inputs, 1, 1}, {}, 1.0}, {"out", {2, 1, 1}, stream, 1.0}};
  network.input = {0, std::vector<Requantise>(inputs)};
  MatrixOp matrix;
  matrix.input = 0;
  matrix.output_channels = 2;
  matrix.weights = {std::vector<std::int16_t>(2 * inputs, 1), UniformWeights{8}, {1.0, 1.0}};
  matrix.post.scale = {{1, 0, 16}};
  matrix.post.stream = 1;
  // 2^31 / 255 = 8421504.5: the largest sum of weights that still fits is 8421504.
  std::int64_t spare = 8421504 - inputs;
  for (int i = 0; spare > 0; ++i) {
    const std::int64_t more = std::min<std::int64_t>(spare, 126);
    matrix.weights.values[static_cast<std::size_t>(inputs + i)] = static_cast<std::int16_t>(1 + more);
    spare -= more;
  }
  network.operations = {{"dense", matrix}};
  network.output = 1;
  EXPECT_NO_THROW(validate(network));
  std::get<MatrixOp>(network.operations[0].body).weights.values.back() = -2;
  EXPECT_THAT([&] { validate(network); },
              ThrowsMessage<Error>(HasSubstr("operation 'dense': the accumulator of output channel 1 may reach "
                                             "2147483775, beyond int32")));
}

TEST(QuantisedNetwork, DrawnNetworksAreValid) {
  for (unsigned seed = 0; seed < 200; ++seed)
    ASSERT_NO_THROW(validate(lutra::test::QuantisedNetworkDraw(seed).network(10))) << "seed " << seed;
}

TEST(QuantisedNetwork, KnowsItsEdgesAndItsWork) {
  const QuantisedNetwork network = small_network();
  EXPECT_EQ(input_edges(network.operations[1]), (std::vector<EdgeId>{1, 2}));
  EXPECT_EQ(output_edges(network.operations[0]), (std::vector<EdgeId>{1, 2}));
  EXPECT_EQ(input_edges(network.operations[2]), (std::vector<EdgeId>{3, 3}));
  EXPECT_EQ(output_edges(network.operations[3]), (std::vector<EdgeId>{5}));
  EXPECT_EQ(multiply_accumulates(network, network.operations[0]), 3 * 16 * 2 * 9);
  EXPECT_EQ(multiply_accumulates(network, network.operations[1]), 0);
  EXPECT_EQ(weight_bits(network), 54 * 8);
  EXPECT_EQ(output_shape(network, network.operations[1]), (Shape{3, 2, 2}));
}

TEST(QuantisedNetwork, ALevelTableGivesCodesTheirValues) {
  const ActivationEncoding encoding{2, true, {0, 5, -7, 3}, 0};
  EXPECT_EQ(value_of(encoding, 1), 5);
  EXPECT_EQ(value_of(encoding, -2), -7);
  EXPECT_EQ(value_of(encoding, -1), 3);
  EXPECT_EQ(value_range(encoding).lowest, -7);
  EXPECT_EQ(value_range(encoding).highest, 5);
  EXPECT_EQ(value_range({4, true, {}, 0}).lowest, -8);
  EXPECT_EQ(value_range({4, false, {}, 0}).magnitude(), 15);
}

}  // namespace
}  // namespace lutra::network
