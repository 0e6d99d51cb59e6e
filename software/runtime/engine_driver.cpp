#include "software/runtime/engine_driver.h"

#include "accelerators/interface/registers.h"
#include "models/interface/memory_map.h"
#include "software/runtime/console.h"
#include "software/runtime/device.h"
#include "software/runtime/interrupts.h"

namespace lutra::runtime {
namespace {

volatile bool finished;

uint32_t read_engine(uint32_t offset) { return read_register(LUTRA_ENGINE_BASE + offset); }
void write_engine(uint32_t offset, uint32_t value) { write_register(LUTRA_ENGINE_BASE + offset, value); }

void on_interrupt() {
  write_engine(LUTRA_ENGINE_IRQ_STATUS, 1);
  finished = true;
}

}  // namespace

void open_engine() {
  const uint32_t id = read_engine(LUTRA_ENGINE_ID);
  const uint32_t version = read_engine(LUTRA_ENGINE_VERSION);
  if (id != LUTRA_ENGINE_ID_VALUE || version != LUTRA_ENGINE_VERSION_VALUE) {
    print("runtime: no engine this software knows: id ");
    print_hex(id);
    print(", version ");
    print_hex(version);
    print("\n");
    exit_fail(failed_engine);
  }
  enable_interrupt(LUTRA_IRQ_ENGINE, on_interrupt);
  write_engine(LUTRA_ENGINE_IRQ_ENABLE, 1);
}

void run_commands(uint32_t address, uint32_t bytes, uint32_t operation) {
  finished = false;
  write_engine(LUTRA_ENGINE_STREAM_ADDRESS, address);
  write_engine(LUTRA_ENGINE_STREAM_BYTES, bytes);
  write_engine(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
  sleep_until(finished);
  if (read_engine(LUTRA_ENGINE_STATUS) & LUTRA_ENGINE_STATUS_ERROR) {
    const uint32_t reached = read_engine(LUTRA_ENGINE_OPERATION);
    print("runtime: the engine failed at operation ");
    print_hex(reached > operation ? reached : operation);
    print(", error ");
    print_hex(read_engine(LUTRA_ENGINE_ERROR_CODE));
    print(", stream offset ");
    print_hex(read_engine(LUTRA_ENGINE_ERROR_DETAIL));
    print("\n");
    exit_fail(failed_engine);
  }
}

}  // namespace lutra::runtime
