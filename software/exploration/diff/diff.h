#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "software/exploration/point/inputs.h"
#include "software/network/given/take.h"
#include "software/reference/executor.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// One tensor of a file that comes quantised, beside the edge that holds its codes.
struct TensorDifference {
  std::string tensor;
  std::uint64_t codes = 0;      // of all images
  std::uint64_t different = 0;  // from the file's
  std::size_t image = 0;        // of the first difference, and where it lies
  int channel = 0, row = 0, column = 0;
  std::int64_t file = 0, here = 0;
};

struct NetworkDifference {
  std::size_t images = 0;
  std::uint64_t other_answers = 0;
  std::vector<TensorDifference> tensors;               // in the order of execution
  std::vector<network::given::Difference> operations;  // that cannot round as the file does
};

// Runs the file's own semantics, in double precision, beside the integers, over the first `images` test images. Throws
// Error for a scenario whose network does not come quantised from elsewhere.
NetworkDifference diff(const scenario::Scenario& scenario, Inputs& inputs, std::size_t images,
                       const reference::Progress& progress = {});

std::string to_text(const NetworkDifference& difference);

}  // namespace lutra::exploration
