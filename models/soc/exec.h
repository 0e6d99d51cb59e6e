#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>

#include "models/base/soc_config.h"
#include "models/soc/elf.h"
#include "models/soc/exec_result.h"

namespace lutra::models {

class Soc;

struct ExecOptions {
  std::uint64_t max_instructions = 0;                      // 0: no limit
  bool signature = false;                                  // read it at the end
  std::function<bool()> goes_on = {};                      // asked again and again; false ends the run
  std::function<std::shared_ptr<void>(Soc&)> attach = {};  // adds models to the SoC; they live as long as it runs
};

// Runs a bare-metal program on the SoC until it ends itself or one of the options does; host_calls.h says what it may
// ask for meanwhile. What it prints goes to `console`. Once per process. Throws Error where the program does not fit
// the memories or has not the symbols that it needs, and for what SystemC reports.
ExecResult exec_elf(const SocConfig& config, const ElfImage& image, const ExecOptions& options, std::ostream& console);

}  // namespace lutra::models
