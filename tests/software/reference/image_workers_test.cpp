#include "software/reference/image_workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "software/common/error.h"

namespace lutra::reference {
namespace {

using testing::Each;
using testing::Eq;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(ImageWorkers, EveryImageIsDoneOnce) {
  for (const int jobs : {0, 1, 2, 7}) {
    std::vector<int> visits(100);
    for_each_image(visits.size(), jobs, [&]() -> ImageWorker { return [&](std::size_t image) { ++visits[image]; }; },
                   {});
    EXPECT_THAT(visits, Each(Eq(1))) << jobs << " threads";
  }
}

TEST(ImageWorkers, ThereIsOneWorkerPerThreadAndNoMoreThreadsThanImages) {
  std::atomic<int> workers = 0;
  const auto counted = [&]() -> ImageWorker {
    ++workers;
    return [](std::size_t) {};
  };
  for_each_image(3, 16, counted, {});
  EXPECT_EQ(workers, 3);
}

TEST(ImageWorkers, AcceptNoImages) {
  std::vector<std::size_t> reports;
  for_each_image(
      0, 4, []() -> ImageWorker { return [](std::size_t) { FAIL(); }; },
      [&](std::size_t done) { reports.push_back(done); });
  EXPECT_EQ(reports, std::vector<std::size_t>{0});
}

TEST(ImageWorkers, AWorkersExceptionReachesTheCaller) {
  for (const int jobs : {1, 3}) {
    const auto failing = []() -> ImageWorker {
      return [](std::size_t image) {
        if (image == 40) throw Error("image 40 is broken");
      };
    };
    EXPECT_THAT([&] { for_each_image(100, jobs, failing, {}); }, ThrowsMessage<Error>("image 40 is broken"));
  }
}

TEST(ImageWorkers, RefusesANegativeNumberOfThreads) {
  EXPECT_THAT([] { for_each_image(1, -2, [] { return ImageWorker(); }, {}); },
              ThrowsMessage<Error>(HasSubstr("-2 threads")));
}

}  // namespace
}  // namespace lutra::reference
