#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace lutra {

// A SystemC kernel can be elaborated once per process, so that every simulation but one has a process of its own. No
// other thread may be running when one is made. A child ends with its parent, whatever ends that.

// What a child had to say, or why there is nothing.
struct ChildAnswer {
  bool failed = false;
  std::string text;
};

// Runs `work` in a process of its own and returns its answer. Throws Error with the message of whatever `work` throws,
// and when the process dies.
std::string run_in_child(const std::function<std::string()>& work);

// A running child: its process, and where what it says comes out.
struct Child {
  pid_t process = -1;
  int descriptor = -1;
};

Child start_child(const std::function<std::string()>& work);

// Waits for a child's end and closes its descriptor. `said`: all that came out of it.
ChildAnswer finish_child(const Child& child, const std::string& said);

}  // namespace lutra
