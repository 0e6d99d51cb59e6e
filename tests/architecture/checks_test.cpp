// The checks of the architecture find what they are made to find, on small trees.

#include "tests/architecture/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "tests/support/scratch.h"

namespace lutra::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Checks : public testing::Test {
 protected:
  void SetUp() override {
    write("house/low/low.h", "");
    write("house/high/high.cpp", "#include \"house/high/high.h\"\n#include \"house/low/low.h\"\n");
    write("house/high/high.h", "#include <library/a.h>\n");
  }

  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((scratch_ / name).parent_path());
    std::ofstream(scratch_ / name) << text;
  }

  SourceTree tree() const { return read_sources(scratch_ / "", {"house"}); }

  // The page whose tables hold these rows.
  Rooms rooms(const std::string& may_know = "| `house/low` | |\n| `house/high` | `house/low` |\n",
              const std::string& never_reach = "", const std::string& libraries = "", const std::string& parts = "",
              const std::string& large = "") {
    write("rooms.md", table("room | may know", may_know) + table("room | never reach", never_reach) +
                          table("headers | may be seen in", libraries) + table("unit | its part", parts) +
                          table("room | units", large));
    return read_rooms(scratch_ / "rooms.md");
  }

  static std::string table(const std::string& title, const std::string& rows) {
    return "| " + title + " |\n| --- | --- |\n" + rows + "\n";
  }

  Scratch scratch_;
};

TEST_F(Checks, PassATreeThatKeepsTheRules) {
  const Rooms page = rooms();
  EXPECT_THAT(forbidden_includes(tree(), page), IsEmpty());
  EXPECT_THAT(unused_permissions(tree(), page), IsEmpty());
  EXPECT_THAT(circles_of_rooms(page), IsEmpty());
  EXPECT_THAT(circles_of_units(tree(), page), IsEmpty());
  EXPECT_THAT(large_rooms(tree(), page), IsEmpty());
}

TEST_F(Checks, NameTheLineOfAnArrowThatIsNotAllowed) {
  write("house/low/low.h", "// a comment\n#include \"house/high/high.h\"\n");
  EXPECT_THAT(forbidden_includes(tree(), rooms()),
              ElementsAre("house/low/low.h:2: room house/low includes room house/high (house/high/high.h), which "
                          "rooms.md:3 does not allow"));
}

TEST_F(Checks, ReadIncludesWithSpacesAndOfAssembly) {
  write("house/low/start.S", "\n  #  include \"house/high/high.h\"\n");
  EXPECT_THAT(forbidden_includes(tree(), rooms()), ElementsAre(HasSubstr("house/low/start.S:2: ")));
}

TEST_F(Checks, AskForARowOfEveryRoom) {
  write("house/new/new.cpp", "");
  EXPECT_THAT(forbidden_includes(tree(), rooms()),
              ElementsAre("house/new/new.cpp: room house/new has no row in rooms.md"));
}

TEST_F(Checks, RefuseAPathThatDoesNotStartAtTheRoot) {
  write("house/low/low.cpp", "#include \"low.h\"\n");
  EXPECT_THAT(forbidden_includes(tree(), rooms()), ElementsAre(HasSubstr("house/low/low.cpp:1: \"low.h\" is no file")));
}

TEST_F(Checks, RefuseAPermissionThatNothingNeeds) {
  EXPECT_THAT(unused_permissions(tree(), rooms("| `house/low` | `house/high` |\n| `house/high` | `house/low` |\n"
                                               "| `house/gone` | |\n")),
              ElementsAre("rooms.md:5: room house/gone holds no source: take the row out",
                          "rooms.md:3: no include of house/low needs house/high: take it out"));
}

TEST_F(Checks, FindACircleOfRooms) {
  EXPECT_THAT(circles_of_rooms(rooms("| `house/low` | `house/high` |\n| `house/high` | `house/low` |\n")),
              ElementsAre(HasSubstr("in a circle: house/high, house/low")));
}

TEST_F(Checks, FindAWayThatMustNotBe) {
  const std::string arrows = "| `a` | |\n| `b` | `a` |\n| `c/inner` | `b` |\n";
  EXPECT_THAT(forbidden_reach(tree(), rooms(arrows, "| `c` | `a` |\n")),
              ElementsAre("rooms.md:9: c/inner must never reach a, but its way is c/inner -> b -> a"));
  EXPECT_THAT(forbidden_reach(tree(), rooms(arrows, "| `a` | `b`, `c` |\n")), IsEmpty());
  EXPECT_THAT(forbidden_reach(tree(), rooms(arrows, "| `a` | `gone` |\n")), ElementsAre("rooms.md:9: gone is no room"));
}

TEST_F(Checks, PermitASingleHeader) {
  write("house/low/other.h", "");
  const std::string arrows = "| `house/low` | |\n| `house/high` | `house/low/low.h` |\n";
  EXPECT_THAT(forbidden_includes(tree(), rooms(arrows)), IsEmpty());
  EXPECT_THAT(unused_permissions(tree(), rooms(arrows)), IsEmpty());
  write("house/high/high.cpp", "#include \"house/low/other.h\"\n");
  EXPECT_THAT(forbidden_includes(tree(), rooms(arrows)), ElementsAre(HasSubstr("house/high/high.cpp:1: ")));
  EXPECT_THAT(unused_permissions(tree(), rooms(arrows)),
              ElementsAre("rooms.md:4: no include of house/high needs house/low/low.h: take it out"));
  EXPECT_THAT(circles_of_rooms(rooms("| `house/low` | `house/high/high.h` |\n| `house/high` | `house/low` |\n")),
              ElementsAre(HasSubstr("in a circle: house/high, house/low")));
}

TEST_F(Checks, FollowASingleHeaderToWhatItIncludes) {
  write("house/base/base.h", "");
  write("house/low/low.h", "#include \"house/base/base.h\"\n");
  write("house/low/other.h", "");
  const std::string row = "| `house/base` | |\n| `house/low` | `house/base` |\n| `house/high` | ";
  EXPECT_THAT(forbidden_reach(tree(), rooms(row + "`house/low/low.h` |\n", "| `house/high` | `house/base` |\n")),
              ElementsAre(HasSubstr("house/high -> house/low/low.h -> house/base/base.h")));
  EXPECT_THAT(forbidden_reach(tree(), rooms(row + "`house/low/other.h` |\n", "| `house/high` | `house/base` |\n")),
              IsEmpty());
}

TEST_F(Checks, FindALibraryThatIsSeenThroughAHeader) {
  const std::string arrows = "| `house/low` | |\n| `house/high` | `house/low` |\n";
  EXPECT_THAT(library_faults(tree(), rooms(arrows, "", "| `library` | `house/high` |\n")), IsEmpty());
  EXPECT_THAT(library_faults(tree(), rooms(arrows, "", "| `library` | `house/low` |\n")),
              ElementsAre("house/high/high.cpp:1: through house/high/high.h sees <library>, which rooms.md:11 does not "
                          "allow in house/high",
                          HasSubstr("house/high/high.h:1: sees <library>"),
                          "rooms.md:11: nothing in house/low sees <library>: take it out"));
}

TEST_F(Checks, FindACircleOfUnitsThatIsNotStated) {
  write("house/low/low.cpp", "#include \"house/low/part.h\"\n");
  write("house/low/part.h", "#include \"house/low/low.h\"\n");
  const std::string arrows = "| `house/low` | |\n| `house/high` | `house/low` |\n";
  EXPECT_THAT(circles_of_units(tree(), rooms(arrows)), ElementsAre(HasSubstr("house/low/low, house/low/part")));
  EXPECT_THAT(circles_of_units(tree(), rooms(arrows, "", "", "| `house/low/low` | `house/low/part` |\n")), IsEmpty());
}

TEST_F(Checks, RefuseAStatedCircleThatIsNone) {
  EXPECT_THAT(circles_of_units(tree(), rooms("", "", "", "| `house/low/low` | `house/low/part` |\n")),
              ElementsAre(HasSubstr("make no circle: take the row out")));
}

TEST_F(Checks, FindARoomThatIsTooLarge) {
  for (int i = 0; i < 15; ++i) {
    write("house/low/unit" + std::to_string(i) + ".cpp", "");
  }
  EXPECT_THAT(large_rooms(tree(), rooms()), ElementsAre(HasSubstr("house/low: has 16 units, and 15 are allowed")));
  EXPECT_THAT(large_rooms(tree(), rooms("", "", "", "", "| `house/low` | `16` |\n")), IsEmpty());
  EXPECT_THAT(large_rooms(tree(), rooms("", "", "", "", "| `house/low` | `16` |\n| `house/high` | `20` |\n")),
              ElementsAre(HasSubstr("house/high has at most 15 units: take the row out")));
}

TEST_F(Checks, RefuseAPageThatCannotBeRead) {
  EXPECT_THROW(rooms("| no backticks | |\n"), std::runtime_error);
  EXPECT_THROW(rooms("| `twice` | |\n| `twice` | |\n"), std::runtime_error);
  write("rooms.md", table("room | may know", ""));
  EXPECT_THROW(read_rooms(scratch_ / "rooms.md"), std::runtime_error);
  EXPECT_THROW(read_sources(scratch_ / "", {"nowhere"}), std::runtime_error);
}

}  // namespace
}  // namespace lutra::test
