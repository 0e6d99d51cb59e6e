#pragma once

#include <functional>
#include <systemc>

#include "tests/models/initiator.h"

namespace lutra::test {

inline const sc_core::sc_time period(5, sc_core::SC_NS);

// Runs a script on one device, straight on its socket: every access takes no time.
template <typename Device>
void drive(Device& device, const std::function<void(Initiator&)>& script) {
  Initiator initiator("initiator", script, period);
  initiator.socket.bind(device.socket);
  sc_core::sc_start();
}

}  // namespace lutra::test
