#pragma once

#include <gtest/gtest.h>

#include "software/common/process/temporary_folder.h"

namespace lutra::test {

// A folder of the running test's own, removed with it: no other test, process or user has it.
class Scratch : public TemporaryFolder {
 public:
  Scratch() : TemporaryFolder(testing::TempDir(), "lutra_test") {}
};

}  // namespace lutra::test
