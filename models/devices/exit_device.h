#pragma once

#include <functional>
#include <systemc>

#include "models/base/registers.h"

namespace lutra::models {

// Ends the simulation (LUTRA_EXIT_* in memory_map.h). Calls `finished` with the exit code: 0 for a pass. A value that
// is neither pass nor fail is refused.
class ExitDevice : public sc_core::sc_module {
 public:
  RegisterSocket socket;

  ExitDevice(const sc_core::sc_module_name& name, std::function<void(int)> finished);
};

}  // namespace lutra::models
