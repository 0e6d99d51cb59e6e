#pragma once

#include <stdint.h>

namespace lutra::runtime {

// Makes the engine's interrupt known. Exits with a message when the device at the engine's address is not one of ours.
void open_engine();

// Runs a command stream and sleeps until its interrupt. Exits with a message when the engine reports an error.
void run_commands(uint32_t address, uint32_t bytes, uint32_t operation);

}  // namespace lutra::runtime
