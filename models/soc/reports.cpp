#include "models/soc/reports.h"

#include <fmt/format.h>

#include <new>
#include <string_view>

#include "software/common/error.h"

namespace lutra::models {

void rethrow(const sc_core::sc_report& report) {
  const std::string_view type = report.get_msg_type(), message = report.get_msg();
  if (type == sc_core::SC_ID_SIMULATION_UNCAUGHT_EXCEPTION_) {
    if (message == std::bad_alloc().what()) throw std::bad_alloc();
    throw Error(std::string(message));
  }
  throw Error(
      fmt::format("the simulation cannot go on: SystemC reports '{}'{}{}", type, message.empty() ? "" : ": ", message));
}

}  // namespace lutra::models
