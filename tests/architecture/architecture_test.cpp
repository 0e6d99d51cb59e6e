// The tree keeps the rules of rooms.md.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/architecture/checks.h"

namespace lutra::test {
namespace {

const std::filesystem::path root = LUTRA_SOURCE_DIR;

class Architecture : public testing::Test {
 protected:
  const SourceTree tree_ = read_sources(root, {"models", "accelerators", "software", "traces"});
  const Rooms rooms_ = read_rooms(root / "tests/architecture/rooms.md");
};

TEST_F(Architecture, RoomsIncludeOnlyWhatTheirRowAllows) { EXPECT_EQ(lines(forbidden_includes(tree_, rooms_)), ""); }

TEST_F(Architecture, EveryPermissionIsNeeded) { EXPECT_EQ(lines(unused_permissions(tree_, rooms_)), ""); }

TEST_F(Architecture, RoomsKnowEachOtherInNoCircle) { EXPECT_EQ(lines(circles_of_rooms(rooms_)), ""); }

TEST_F(Architecture, NoWayLeadsWhereNoneMayLead) { EXPECT_EQ(lines(forbidden_reach(tree_, rooms_)), ""); }

TEST_F(Architecture, LibrariesStayInTheirRooms) { EXPECT_EQ(lines(library_faults(tree_, rooms_)), ""); }

TEST_F(Architecture, UnitsKnowEachOtherInNoCircle) { EXPECT_EQ(lines(circles_of_units(tree_, rooms_)), ""); }

TEST_F(Architecture, RoomsStaySmall) { EXPECT_EQ(lines(large_rooms(tree_, rooms_)), ""); }

}  // namespace
}  // namespace lutra::test
