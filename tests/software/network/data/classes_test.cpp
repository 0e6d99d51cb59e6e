#include "software/network/data/classes.h"

#include <gmock/gmock.h>

#include "software/common/error.h"

namespace lutra::network {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Classes, AreOneNumberEach) {
  Dataset data;
  data.name = "ten";
  EXPECT_NO_THROW(require_classes("net", {10, 1, 1}, data));
  for (const Shape& shape :
       {Shape{10, 3, 3}, Shape{12, 1, 1}, Shape{9, 1, 1}, Shape{1, 10, 1}, Shape{1, 2, 5}, Shape{640, 1, 1}})
    EXPECT_THAT(
        [&] { require_classes("net", shape, data); },
        ThrowsMessage<Error>(HasSubstr(fmt::format("network 'net' ends in {} x {} x {} numbers (channels, rows, "
                                                   "columns); data set 'ten' has 10 classes",
                                                   shape.channels, shape.height, shape.width))));
}

TEST(Classes, AreAsManyAsTheNetworkHasWhereTheDataDoNotSay) {
  Dataset data;
  data.name = "own";
  data.classes = 0;
  EXPECT_NO_THROW(require_classes("net", {10, 3, 3}, data)) << "without labels nothing is counted";
  data.labels = {0, 11, 12};
  EXPECT_NO_THROW(require_classes("net", {13, 1, 1}, data));
  EXPECT_THAT(
      [&] {
        require_classes("net", {12, 1, 1}, data);
      },
      ThrowsMessage<Error>(HasSubstr("image 2 has the label 12; network 'net' tells 12 classes apart, 0..11")));
  EXPECT_THAT([&] { require_classes("net", {13, 2, 1}, data); }, ThrowsMessage<Error>(HasSubstr("'own' has labels")));
}

}  // namespace
}  // namespace lutra::network
