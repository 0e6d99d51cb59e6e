#pragma once

#include <cstdint>
#include <string>

namespace lutra::models {

enum class HartStopReason {
  running,
  halted,             // no interrupt can come and the program cannot go on
  instruction_limit,  // set_max_instructions
};

struct HartStop {
  HartStopReason reason = HartStopReason::running;
  std::uint32_t pc = 0;
  std::string message;  // empty while running; else one sentence that names the pc
};

}  // namespace lutra::models
