#include "software/common/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "software/common/error.h"
#include "tests/support/scratch.h"

namespace lutra {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Files, ReadsBackWhatItWrote) {
  const test::Scratch folder;
  const auto path = folder / "made" / "on the way" / "file";
  write_file(path, std::string("a\0b", 3));
  EXPECT_EQ(read_text_file(path), std::string("a\0b", 3));
  EXPECT_EQ(read_file(path), (std::vector<std::uint8_t>{'a', 0, 'b'}));
}

TEST(Files, ReplacesAndLeavesNoTemporaryBehind) {
  const test::Scratch folder;
  write_file(folder / "file", "old");
  write_file(folder / "file", "new");
  EXPECT_EQ(read_text_file(folder / "file"), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, WritesDurablyToo) {
  const test::Scratch folder;
  write_file_durably(folder / "made" / "file", "old");
  write_file_durably(folder / "made" / "file", "new");
  EXPECT_EQ(read_text_file(folder / "made" / "file"), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "made"), {}), 1);
  EXPECT_THAT([&] { write_file_durably(folder / "made" / "file" / "x", "new"); },
              ThrowsMessage<Error>(HasSubstr("made/file")));
}

TEST(Files, NamesThePathOfWhatCannotBeRead) {
  EXPECT_THAT([] { read_file("/no/such/file"); }, ThrowsMessage<Error>(HasSubstr("/no/such/file")));
  EXPECT_THAT([] { read_file("/"); }, ThrowsMessage<Error>(HasSubstr("is a folder")));
}

// A pipe that nobody writes into would be waited for without end.
TEST(Files, RefusesWhatIsNoRegularFileAtOnce) {
  const test::Scratch folder;
  const auto pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT([&] { read_text_file(pipe); },
              ThrowsMessage<Error>(pipe.string() + ": is a pipe, not a regular file; write what it would give into a "
                                                   "file and name that"));
  EXPECT_THAT([] { read_file("/dev/zero"); }, ThrowsMessage<Error>(HasSubstr("/dev/zero: is a device")));
  EXPECT_THAT([&] { read_file(folder.path()); }, ThrowsMessage<Error>(HasSubstr("is a folder, not a regular file")));
  EXPECT_THAT([] { read_file("-"); }, ThrowsMessage<Error>(HasSubstr("standard input is not read")));
}

TEST(Files, ReadsWhatHasNoSizeBeforehand) { EXPECT_THAT(read_text_file("/proc/self/status"), HasSubstr("Pid:")); }

TEST(Files, RefusesMoreThanTheLimit) {
  const test::Scratch folder;
  const auto path = folder / "file";
  write_file(path, "12345");
  EXPECT_THAT([&] { read_file(path, 4); }, ThrowsMessage<Error>(HasSubstr("larger than the 4 bytes")));
  EXPECT_EQ(read_file(path, 5).size(), 5U);
}

TEST(Files, AFailedWriteLeavesTheOldFile) {
  const test::Scratch folder;
  write_file(folder / "target" / "inside", "kept");
  EXPECT_THAT([&] { write_file(folder / "target", "x"); }, ThrowsMessage<Error>(HasSubstr("cannot be written")));
  EXPECT_EQ(read_text_file(folder / "target" / "inside"), "kept");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, FindsAFolderThatCannotBeWrittenBeforehand) {
  const test::Scratch folder;
  require_writable(folder / "made");
  EXPECT_TRUE(std::filesystem::is_empty(folder / "made"));
  write_file(folder / "taken", "a file");
  EXPECT_THAT([&] { require_writable(folder / "taken"); }, ThrowsMessage<Error>(HasSubstr("taken")));
}

TEST(Files, APipeIsNotReplacedAndALinkIsFollowed) {
  const test::Scratch folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(write_file(folder / "pipe", "x"), Error);
  EXPECT_TRUE(std::filesystem::is_fifo(folder / "pipe"));
  std::filesystem::create_symlink("target", folder / "link");
  write_file(folder / "link", "x");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(read_text_file(folder / "target"), "x");
}

}  // namespace
}  // namespace lutra
