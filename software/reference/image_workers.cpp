#include "software/reference/image_workers.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include "software/common/error.h"

namespace lutra::reference {

namespace {

std::size_t thread_count(std::size_t images, int jobs) {
  if (jobs < 0) throw Error(fmt::format("{} threads are not possible; give 0 for all cores, or 1 or more", jobs));
  const std::size_t wanted = jobs > 0 ? static_cast<std::size_t>(jobs) : std::thread::hardware_concurrency();
  return std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(images, 1));
}

}  // namespace

void for_each_image(std::size_t count, int jobs, const std::function<ImageWorker()>& make_worker,
                    const Progress& progress) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::vector<std::exception_ptr> failures(thread_count(count, jobs));
  const auto work = [&](std::size_t thread) {
    try {
      const ImageWorker worker = make_worker();
      for (std::size_t image = next++; image < count; image = next++) {
        worker(image);
        const std::size_t finished = ++done;
        if (thread == 0 && progress) progress(finished);
      }
    } catch (...) {
      failures[thread] = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t thread = 1; thread < failures.size(); ++thread) threads.emplace_back(work, thread);
    work(0);
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  if (progress) progress(count);
}

}  // namespace lutra::reference
