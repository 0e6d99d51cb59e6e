#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "software/common/process/child_process.h"

namespace lutra {

// What the children do, and what is done here with each answer.
struct ChildTasks {
  std::function<std::optional<std::size_t>()> next;               // here: a task that can start now, if there is one
  std::function<std::string(std::size_t)> work;                   // in a process of its own
  std::function<void(std::size_t, const ChildAnswer&)> finished;  // here, in the order in which they end
  std::optional<int> seconds;  // a child that takes longer is ended, which its answer says
};

// `next` that hands out 0, 1, ... count - 1.
std::function<std::optional<std::size_t>()> count_up(std::size_t count);

// Runs tasks, at most `jobs` at a time, until none runs and there is no next; an answer that is a failure ends nothing.
// SIGINT and SIGTERM end all children, and false comes back. What `next` and `finished` throw ends them too. No other
// thread may be running.
bool run_in_children(const ChildTasks& tasks, std::size_t jobs);

}  // namespace lutra
