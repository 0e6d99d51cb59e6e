#pragma once

#include <functional>
#include <string>

namespace lutra::exploration {

// Runs `work` in a process of its own and returns its answer: a SystemC kernel can be elaborated once per process. No
// other thread may be running. Throws Error with the message of whatever `work` throws, and when the process dies.
std::string run_in_child(const std::function<std::string()>& work);

}  // namespace lutra::exploration
