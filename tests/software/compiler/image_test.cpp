#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "software/compiler/image_writer.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

using testing::HasSubstr;
using Image = std::vector<std::uint8_t>;

Image image_of(std::uint64_t seed, bool engine = true) {
  accelerators::EngineConfig config;
  config.activation_bits = 16;
  const auto family = accelerators::make_family(config);
  return compiler::compile(test::random_network(seed), config, engine ? family.get() : nullptr,
                           {.allow_cpu_fallback = true, .normalise_on_hart = true})
      .image;
}

std::string refusal(const Image& image) {
  try {
    compiler::check_image(image);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void seal(Image& image) {
  const std::uint32_t checksum = compiler::image_checksum(image);
  std::memcpy(&image[offsetof(lutra_image, checksum)], &checksum, sizeof checksum);
}

TEST(Image, IsTheSameForTheSameNetwork) { EXPECT_EQ(image_of(5), image_of(5)); }

TEST(Image, PassesItsOwnCheck) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(refusal(image_of(seed)), "") << "seed " << seed;
}

TEST(Image, EveryTruncationIsRefused) {
  const Image image = image_of(3);
  for (std::size_t bytes = 0; bytes < image.size(); bytes += 1 + bytes / 64)
    EXPECT_THAT(refusal(Image(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(bytes))),
                HasSubstr("program image"))
        << bytes;
}

TEST(Image, EveryFlippedBitIsNoticed) {
  Image image = image_of(3);
  test::Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto at = static_cast<std::size_t>(random.within(0, static_cast<int>(image.size()) - 1));
    const auto bit = static_cast<std::uint8_t>(1 << random.within(0, 7));
    image[at] ^= bit;
    EXPECT_NE(refusal(image), "") << "byte " << at;
    image[at] ^= bit;
  }
}

// A forged image may pass or be refused, but only with a message; the sanitizers watch.
TEST(Image, AForgedImageIsRefusedWithAMessageOrPasses) {
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    test::Random random(seed);
    Image image = image_of(1 + seed % 4, seed % 2 == 0);
    const lutra_image header = test::header_of(image);
    const auto tables = static_cast<int>(header.ops - LUTRA_IMAGE_ADDRESS + header.op_count * sizeof(lutra_op));
    for (int i = random.within(1, 3); i > 0; --i) {
      const auto at = static_cast<std::size_t>(random.within(0, tables - 1));
      image[at] = static_cast<std::uint8_t>(random.chance(50) ? random.within(0, 255) : 0xFF);
    }
    seal(image);
    refused += !refusal(image).empty();
  }
  EXPECT_GT(refused, 500);
}

TEST(Image, NamesWhatIsWrong) {
  const auto forged = [](std::size_t offset, std::uint32_t value) {
    Image image = image_of(3);
    std::memcpy(&image[offset], &value, sizeof value);
    seal(image);
    return refusal(image);
  };
  EXPECT_THAT(forged(offsetof(lutra_image, magic), 1), HasSubstr("magic"));
  EXPECT_THAT(forged(offsetof(lutra_image, version), 99), HasSubstr("version 99"));
  EXPECT_THAT(forged(offsetof(lutra_image, op_bytes), 4), HasSubstr("operations 4"));
  EXPECT_THAT(forged(offsetof(lutra_image, op_count), 1u << 28), HasSubstr("operation table"));
  EXPECT_THAT(forged(offsetof(lutra_image, frame), 0), HasSubstr("frame buffer"));
  EXPECT_THAT(forged(offsetof(lutra_image, logits), 0xFFFFFFF0u), HasSubstr("logits"));
  EXPECT_THAT(forged(offsetof(lutra_image, memory_bytes), 16), HasSubstr("memory"));
  EXPECT_THAT(forged(offsetof(lutra_image, startup), 16), HasSubstr("start-up command stream"));
}

TEST(Image, NamesATensorThatTheHartCannotReach) {
  const auto refused = [](bool on_engine, std::uint16_t memory) {
    const auto network = test::network_of({.input = {3, 5, 7}, .encoding = test::codes(4), .output_channels = 10});
    const accelerators::EngineConfig engine;
    const auto family = on_engine ? accelerators::make_family(engine) : nullptr;
    Image image = compiler::compile(network, engine, family.get(), {.allow_cpu_fallback = true}).image;
    lutra_op op = test::ops_of(image).front();
    op.input.memory = memory;
    op.input.address = 0;
    std::memcpy(&image[test::header_of(image).ops - LUTRA_IMAGE_ADDRESS], &op, sizeof op);
    seal(image);
    return refusal(image);
  };
  EXPECT_EQ(refused(true, LUTRA_MEMORY_MAPS), "");
  EXPECT_THAT(refused(false, LUTRA_MEMORY_MAPS), HasSubstr("input: the hart cannot reach the map memory"));
  EXPECT_THAT(refused(true, 2), HasSubstr("input: there is no memory 2"));
}

TEST(Image, DescribesWhereTheFrameAndTheLogitsLie) {
  const auto network = test::network_of({.input = {3, 5, 7}, .encoding = test::codes(4), .output_channels = 10});
  const accelerators::EngineConfig engine;
  const auto family = accelerators::make_family(engine);
  const auto codes = test::header_of(compiler::compile(network, engine, family.get(), {}).image);
  EXPECT_EQ(codes.frame_bytes, 5u * 7u * 2u);  // three 4-bit codes take two bytes
  EXPECT_EQ(codes.logits_bytes, 5u * 7u * 10u);
  EXPECT_EQ(codes.op_count, 1u);

  const compiler::CompileOptions on_hart{.normalise_on_hart = true};
  const auto raw = compiler::compile(network, engine, family.get(), on_hart);
  EXPECT_EQ(test::header_of(raw.image).frame_bytes, 3u * 5u * 7u);
  ASSERT_EQ(raw.ops.size(), 2u);
  EXPECT_EQ(raw.ops[0].name, "normalise");
  EXPECT_FALSE(raw.ops[0].on_engine);
}

}  // namespace
}  // namespace lutra
