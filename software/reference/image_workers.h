#pragma once

#include <cstddef>
#include <functional>

#include "software/reference/executor.h"

namespace lutra::reference {

// Computes one image; a worker is used by one thread only.
using ImageWorker = std::function<void(std::size_t image)>;

// Calls a worker once for each image below `count`, on `jobs` threads (0: all cores; the calling thread is one of
// them), each with a worker of its own. Rethrows an exception of a worker after all threads have stopped. Throws Error
// for negative `jobs`.
void for_each_image(std::size_t count, int jobs, const std::function<ImageWorker()>& make_worker,
                    const Progress& progress);

}  // namespace lutra::reference
