#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "software/common/process/child_process.h"

namespace lutra {

// What the children do, and what is done here with each answer.
struct ChildTasks {
  std::size_t count = 0;
  std::function<std::string(std::size_t)> work;                   // in a process of its own
  std::function<void(std::size_t, const ChildAnswer&)> finished;  // here, in the order in which they end
};

// Runs all tasks, at most `jobs` at a time; an answer that is a failure ends nothing. SIGINT and SIGTERM end all
// children, and false comes back. What `finished` throws ends them too. No other thread may be running.
bool run_in_children(const ChildTasks& tasks, std::size_t jobs);

}  // namespace lutra
