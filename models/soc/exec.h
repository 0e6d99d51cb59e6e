#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "models/base/soc_config.h"
#include "models/soc/elf.h"

namespace lutra::models {

enum class ExecEnd {
  exit_device,  // exit_code says how
  tohost,       // a store to the symbol `tohost`: 1 passes, (n << 1) | 1 fails test n
  instruction_limit,
  halted,   // the hart cannot go on
  starved,  // every model waits for something that cannot happen
};

struct ExecResult {
  ExecEnd end = ExecEnd::starved;
  int exit_code = 1;    // 0: the program says that it passed; the failing test under tohost
  std::string message;  // why it ended, one sentence
  std::uint64_t cycles = 0;
  std::uint64_t instructions = 0;
  double host_seconds = 0;  // of the simulation alone
};

// Runs a bare-metal program on the SoC until it ends itself or has executed `max_instructions` (0: no limit). Once per
// process. Throws Error where the program does not fit the memories.
ExecResult exec_elf(const SocConfig& config, const ElfImage& image, std::uint64_t max_instructions,
                    std::ostream& console);

}  // namespace lutra::models
