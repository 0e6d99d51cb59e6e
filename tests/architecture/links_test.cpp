// Links of the pages lead somewhere.

#include "tests/architecture/links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/scratch.h"

namespace lutra::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Links, OfTheTreeLeadSomewhere) {
  EXPECT_FALSE(find_pages(LUTRA_SOURCE_DIR).empty());
  EXPECT_EQ(lines(dead_links(LUTRA_SOURCE_DIR)), "");
}

TEST(Links, PathsInThePagesAreInTheTree) { EXPECT_EQ(lines(dead_paths(LUTRA_SOURCE_DIR)), ""); }

TEST(Links, PathsThatNameNothingAreFoundWithTheirLine) {
  const Scratch scratch;
  std::filesystem::create_directories(scratch / "software/room");
  std::ofstream(scratch / "page.md") << "`software/room` `software/<name>/x.h` `other/gone.h`\n`software/gone.h`\n";
  EXPECT_THAT(dead_paths(scratch / ""), ElementsAre("page.md:2: `software/gone.h` is nothing in the tree"));
}

TEST(Links, AreFoundDeadWithTheirLine) {
  const Scratch scratch;
  std::ofstream(scratch / "other.md") << "# A title, with `code`\n";
  std::ofstream(scratch / "page.md") << "# Page\n"
                                        "[good](other.md) [good](other.md#a-title-with-code) [self](#page)\n"
                                        "[bad](gone.md) and [bad](other.md#nothing)\n"
                                        "![bad](gone.svg) [`bad`](#none) `[code](gone.md)`\n"
                                        "<img src=\"gone.png\"> [far](https://example.org/gone.md)\n"
                                        "```\n[code](gone.md)\n```\n";
  EXPECT_THAT(dead_links(scratch / ""), ElementsAre("page.md:3: 'gone.md' leads to no file",
                                                    "page.md:3: 'other.md#nothing' leads to no heading of that page",
                                                    "page.md:4: 'gone.svg' leads to no file",
                                                    "page.md:4: '#none' leads to no heading of that page",
                                                    "page.md:5: 'gone.png' leads to no file"));
}

TEST(Links, LookIntoNoBuildFolder) {
  const Scratch scratch;
  for (const char* folder : {"build", ".hidden", "other"}) {
    std::filesystem::create_directories(scratch / folder);
    std::ofstream(scratch / folder / "page.md") << "[bad](gone.md)\n";
  }
  std::ofstream(scratch / "other/CMakeCache.txt") << "\n";
  EXPECT_THAT(dead_links(scratch / ""), IsEmpty());
}

TEST(Links, NameHeadingsAsPagesShowThem) {
  EXPECT_EQ(anchor_of("What `lutra explain` computes"), "what-lutra-explain-computes");
  EXPECT_EQ(anchor_of("result.json (schema_version 2)"), "resultjson-schema_version-2");
}

}  // namespace
}  // namespace lutra::test
