#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/network/data/pictures/picture.h"
#include "tests/software/network/picture_files.h"

namespace lutra::network::test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

constexpr Shape colours{3, 1, 2};
constexpr Shape greys{1, 1, 2};

Bytes read(const Bytes& bytes, const Shape& shape) { return read_picture(bytes, "x", shape); }

void refused(const Bytes& bytes, const Shape& shape, const std::string& message) {
  EXPECT_THAT([&] { read(bytes, shape); }, ThrowsMessage<Error>(AllOf(StartsWith("x: "), HasSubstr(message))));
}

TEST(Picture, OfPngComesChannelByChannel) {
  EXPECT_THAT(read(png({2, 1, png_rgb}, {1, 2, 3, 4, 5, 6}), colours), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(read(png({2, 1}, {7, 9}), greys), ElementsAre(7, 9));
  EXPECT_THAT(read(png({2, 1}, {7, 9}), colours), ElementsAre(7, 9, 7, 9, 7, 9)) << "grey is three equal channels";
  EXPECT_THAT(read(png({2, 1, png_grey, 1}, {0x40}), greys), ElementsAre(0, 255));
  const Bytes palette = png_chunk("PLTE", {10, 20, 30, 40, 50, 60});
  EXPECT_THAT(read(png({2, 1, png_palette}, {1, 0}, palette), colours), ElementsAre(40, 10, 50, 20, 60, 30));
}

TEST(Picture, OfPngIsWhatIsStoredWhateverGammaSays) {
  Bytes others = png_chunk("gAMA", big_endian_bytes(100000));
  append_bytes(others, png_chunk("iCCP", {'x', 0, 0, 1, 2, 3}));
  append_bytes(others, png_chunk("tEXt", {'a', 0, 'b'}));
  EXPECT_THAT(read(png({2, 1}, {7, 100}, others), greys), ElementsAre(7, 100));
}

TEST(Picture, OfPngLosesAnAlphaThatHidesNothing) {
  EXPECT_THAT(read(png({2, 1, png_rgba}, {1, 2, 3, 255, 4, 5, 6, 255}), colours), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(read(png({2, 1, png_grey_alpha}, {1, 255, 2, 255}), greys), ElementsAre(1, 2));
  refused(png({2, 1, png_rgba}, {1, 2, 3, 255, 4, 5, 6, 254}), colours, "has pixels that are not opaque");
  refused(png({2, 1, png_grey_alpha}, {1, 0, 2, 255}), greys, "has pixels that are not opaque");
}

TEST(Picture, OfJpegComesChannelByChannel) {
  const Bytes grey(64, 77);
  EXPECT_THAT(read(jpeg(8, 8, 1, grey), {1, 8, 8}), Each(77));
  EXPECT_THAT(read(jpeg(8, 8, 1, grey), {3, 8, 8}), AllOf(testing::SizeIs(192), Each(77)));
  Bytes colour;
  for (int i = 0; i < 64; ++i) append_bytes(colour, {255, 0, 0});
  for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
    const Bytes red = read(jpeg(8, 8, 3, colour, flags), {3, 8, 8});
    EXPECT_NEAR(red[0], 255, 2);
    EXPECT_NEAR(red[63], 255, 2);
    EXPECT_NEAR(red[64], 0, 2);
    EXPECT_NEAR(red[191], 0, 2);
  }
}

TEST(Picture, OfAnotherSizeIsRefusedByItsHeaderAlone) {
  refused(png({3, 4, png_rgb}, {}), colours, "has 3 x 4 pixels (width, height), and 2 x 1 are wanted; scale");
  refused(png({1'000'000, 1'000'000}, {}), greys, "has 1000000 x 1000000 pixels");
  refused(png({0xFFFFFFFF, 1}, {}), greys, "has 4294967295 x 1 pixels");
  refused(jpeg(8, 8, 1, Bytes(64)), greys, "has 8 x 8 pixels (width, height), and 2 x 1 are wanted");
}

TEST(Picture, OfAnotherKindNamesTheWayOut) {
  refused(png({2, 1, png_rgb}, {1, 2, 3, 4, 5, 6}), greys, "is a colour picture, and one channel is wanted; make");
  refused(jpeg(2, 1, 3, Bytes(6)), greys, "is a colour picture");
  refused(png({2, 1, png_grey, 16}, {1, 2, 3, 4}), greys, "has samples of 16 bits, and at most 8 are read; convert it");
  refused(jpeg(2, 1, 4, Bytes(8)), colours, "is a CMYK picture; convert it");
  refused({'G', 'I', 'F', '8', '9', 'a'}, colours, "is neither a PNG nor a JPEG picture; convert it");
  refused({}, colours, "is neither a PNG nor a JPEG picture");
}

TEST(Picture, ThatIsDamagedIsRefused) {
  const Bytes whole = png({2, 1}, {7, 9});
  for (std::size_t length = 8; length < whole.size(); ++length)
    refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}, greys, "cannot be read as a PNG");
  const std::size_t crc_of_the_end = whole.size() - 4;
  for (std::size_t i = 8; i < crc_of_the_end; ++i) {
    Bytes damaged = whole;
    damaged[i] ^= 0x10;
    EXPECT_THROW(read(damaged, greys), Error) << i;
  }
  refused(png({2, 1}, {7}), greys, "cannot be read as a PNG picture: ");
  refused(png({2, 1, PngColour{5}}, {7, 9}), greys, "cannot be read as a PNG picture: ");
  refused(png({2, 1, png_palette}, {0, 0}), colours, "cannot be read as a PNG picture: ");
  const Bytes photo = jpeg(8, 8, 1, Bytes(64, 3));
  for (std::size_t length = 3; length < photo.size() - 2; ++length)
    refused({photo.begin(), photo.begin() + static_cast<std::ptrdiff_t>(length)}, {1, 8, 8},
            "cannot be read as a JPEG picture: ");
}

TEST(Picture, IsToldByItsSuffix) {
  for (const char* name : {"a.png", "A.PNG", "b.jpg", "c.Jpeg"}) EXPECT_TRUE(is_picture_name(name)) << name;
  for (const char* name : {"png", "a.bmp", "a.png.gz", "labels.csv"}) EXPECT_FALSE(is_picture_name(name)) << name;
}

}  // namespace
}  // namespace lutra::network::test
