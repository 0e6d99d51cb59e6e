#include "software/common/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace lutra {
namespace {

TEST(Nearest, FindsATypo) {
  const std::vector<std::string> keys{"engine", "scheme", "network"};
  EXPECT_EQ(nearest("engin", keys), "engine");
  EXPECT_EQ(nearest("shceme", keys), "scheme");
}

TEST(Nearest, SaysNothingWhenNothingIsNear) {
  const std::vector<std::string> keys{"engine"};
  EXPECT_EQ(nearest("zzzzzz", keys), "");
  EXPECT_EQ(nearest("", {}), "");
}

}  // namespace
}  // namespace lutra
