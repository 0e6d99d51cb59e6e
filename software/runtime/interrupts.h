#pragma once

#include <stdint.h>

namespace lutra::runtime {

using InterruptHandler = void (*)();

// Routes a PLIC source to a handler and lets it interrupt the hart.
// replaced.
void enable_interrupt(uint32_t source, InterruptHandler handler);

// Sleeps until `flag` is set by a handler. Interrupts are taken only in here.
void sleep_until(const volatile bool& flag);

}  // namespace lutra::runtime
