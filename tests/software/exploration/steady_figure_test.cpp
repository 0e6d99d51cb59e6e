#include <gmock/gmock.h>

#include "software/common/process/child_process.h"
#include "software/exploration/point/flow.h"

namespace lutra::exploration {
namespace {

// Cycles a frame of the embedded network where so many images are simulated; in a process of its own.
double cycles_of(std::size_t simulated) {
  return std::stod(run_in_child([&] {
    FlowOptions options;
    options.images = 1;
    options.simulate = simulated;
    options.float_accuracy = false;
    Inputs inputs;
    return fmt::format("{}", run_scenario(scenario::load_scenario("embedded"), inputs, options).result.cycles.mean);
  }));
}

// Two neighbouring frames differ by up to 1 % here, for a DRAM refresh more or less falls into one.
TEST(SteadyFigure, DoesNotDependOnHowManyImagesAreSimulated) {
  const double two = cycles_of(2);
  for (const std::size_t simulated : {1, 3, 5}) EXPECT_EQ(cycles_of(simulated), two) << simulated;
  EXPECT_NEAR(cycles_of(40), two, 0.0005 * two);
}

}  // namespace
}  // namespace lutra::exploration
