#pragma once

#include "tests/architecture/faults.h"
#include "tests/architecture/rooms.h"
#include "tests/architecture/source_tree.h"

namespace lutra::test {

// Each yields one message per fault, "file:line: ..."; none where the tree keeps the rule.
// Includes that the table of rooms does not allow, or that name no file of the tree.
Faults forbidden_includes(const SourceTree& tree, const Rooms& rooms);

// Rows and permissions that no include needs.
Faults unused_permissions(const SourceTree& tree, const Rooms& rooms);

// Rooms that reach, through any number of allowed arrows, what they must never reach. From a permitted room the way
// goes on to all that it may know, from a permitted header to what it includes.
Faults forbidden_reach(const SourceTree& tree, const Rooms& rooms);

// Files that see headers of a library, themselves or through other headers, outside the rooms that may; and rooms that
// need not be named there.
Faults library_faults(const SourceTree& tree, const Rooms& rooms);

// Circles of units, but those of an interface and its own part; and such a part that makes no circle.
Faults circles_of_units(const SourceTree& tree, const Rooms& rooms);

// Circles of rooms in the table of rooms.
Faults circles_of_rooms(const Rooms& rooms);

// Rooms with more units than 15 or than their row says; and such a row that is not needed.
Faults large_rooms(const SourceTree& tree, const Rooms& rooms);

}  // namespace lutra::test
