#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/base/statistics.h"

namespace lutra::models {

enum class ExecEnd {
  exit_device,  // exit_code says how
  tohost,       // a store to the symbol `tohost`, or an exit call made through it
  exit_call,    // an ecall to exit
  instruction_limit,
  halted,       // the hart cannot go on, or the program asks for what is not served
  starved,      // every model waits for something that cannot happen
  interrupted,  // by ExecOptions::goes_on
};

// As the result spells it: "exit_device".
const char* name_of(ExecEnd end);

// Whether the program ended itself, and `exit_code` is its own.
bool is_own_end(ExecEnd end);

struct ExecResult {
  ExecEnd end = ExecEnd::starved;
  int exit_code = 1;    // 0: the program says that it passed; the failing test under tohost
  std::string message;  // why it ended, one sentence
  std::uint64_t cycles = 0;
  std::uint64_t instructions = 0;
  std::uint32_t pc = 0;
  std::array<std::uint32_t, 32> registers{};
  std::vector<CounterInfo> counters;
  std::vector<std::uint64_t> counts;     // beside `counters`
  std::vector<std::uint32_t> signature;  // words from begin_signature to end_signature, where the program ended itself
  double host_seconds = 0;               // of the simulation alone
};

}  // namespace lutra::models
