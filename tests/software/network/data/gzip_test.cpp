#include "software/network/data/gzip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "tests/software/network/data_files.h"

namespace lutra::network::test {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::size_t any_size = std::size_t{1} << 30;

Bytes text(const std::string& characters) { return {characters.begin(), characters.end()}; }

TEST(Gzip, BytesThatAreNotGzipComeBackAsTheyAre) {
  EXPECT_EQ(decompress(text("plain"), "f", any_size), text("plain"));
  EXPECT_EQ(decompress({}, "f", any_size), Bytes());
}

// RFC 1952, 2.2: a file is a series of members.
TEST(Gzip, AllMembersAreRead) {
  Bytes file;
  for (const char* part : {"first, ", "", "second"}) {
    const Bytes member = gzip(text(part));
    file.insert(file.end(), member.begin(), member.end());
  }
  EXPECT_EQ(decompress(file, "f", any_size), text("first, second"));
  file.pop_back();
  EXPECT_THAT([&] { decompress(file, "f", any_size); }, ThrowsMessage<Error>(HasSubstr("f: is cut off")));
}

TEST(Gzip, NothingElseMayFollowAMember) {
  Bytes file = gzip(text("content"));
  file.insert(file.end(), {1, 2, 3});
  EXPECT_THAT([&] { decompress(file, "f", any_size); },
              ThrowsMessage<Error>("f: has 3 bytes after the end of its gzip data"));
}

TEST(Gzip, ContentStopsAtTheLimit) {
  const Bytes bomb = gzip(Bytes(1 << 20));
  EXPECT_LT(bomb.size(), 2000U);
  EXPECT_EQ(decompress(bomb, "f", 1 << 20).size(), std::size_t{1} << 20);
  EXPECT_THAT([&] { decompress(bomb, "f", (1 << 20) - 1); },
              ThrowsMessage<Error>("f: decompresses to more than the 1048575 bytes that are accepted"));
}

// A thousand times its own size is what no file of ours has.
TEST(Gzip, ASmallFileIsNoLargeOne) {
  const Bytes bomb = gzip(Bytes(least_unpacked_limit + 128 * 65536));
  EXPECT_LT(bomb.size(), 65536U);
  EXPECT_THAT([&] { decompress(bomb, "f", any_size); },
              ThrowsMessage<Error>(HasSubstr("unpack it (gunzip) and name the unpacked file")));
}

}  // namespace
}  // namespace lutra::network::test
