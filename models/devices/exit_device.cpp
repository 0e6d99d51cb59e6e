#include "models/devices/exit_device.h"

#include "models/interface/memory_map.h"

namespace lutra::models {
namespace {

bool is_pass(std::uint32_t value) { return value == LUTRA_EXIT_PASS; }
bool is_fail(std::uint32_t value) { return (value & 0xFFFF) == LUTRA_EXIT_FAIL; }

// A failure with code 0 must not look like a pass.
int failure_code(std::uint32_t value) { return (value >> 16) == 0 ? 1 : static_cast<int>(value >> 16); }

}  // namespace

ExitDevice::ExitDevice(const sc_core::sc_module_name& name, std::function<void(int)> finished)
    : sc_module(name), socket("socket") {
  socket.add({.name = "finish",
              .offset = 0,
              .access = Access::write_only,
              .write = [finished = std::move(finished)](
                           std::uint32_t value) { finished(is_pass(value) ? 0 : failure_code(value)); },
              .accepts = [](std::uint32_t value) { return is_pass(value) || is_fail(value); }});
}

}  // namespace lutra::models
