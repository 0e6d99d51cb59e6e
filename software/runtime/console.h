#pragma once

#include <stdint.h>

namespace lutra::runtime {

void print(const char* text);
void print_hex(uint32_t value);

// Ends the simulation.
[[noreturn]] void exit_pass();
// Ends the simulation as failed; print why before.
[[noreturn]] void exit_fail(uint32_t code);

// Exit codes, one per thing that can go wrong.
enum FailureCode : uint32_t {
  failed_trap = 1,
  failed_image = 2,
  failed_engine = 3,
  failed_operation = 4,
  failed_interrupt = 5
};

}  // namespace lutra::runtime
