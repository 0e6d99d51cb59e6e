#pragma once

#include <algorithm>
#include <cstdint>
#include <thread>

namespace lutra::cli {

constexpr std::uint64_t most_jobs = 1024;

// Threads the machine runs at a time.
inline std::size_t cores() { return std::max(std::thread::hardware_concurrency(), 1U); }

}  // namespace lutra::cli
