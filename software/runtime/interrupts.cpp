#include "software/runtime/interrupts.h"

#include "models/interface/memory_map.h"
#include "software/runtime/console.h"
#include "software/runtime/device.h"

namespace lutra::runtime {
namespace {

InterruptHandler handlers[LUTRA_PLIC_SOURCES];

void handle_external_interrupt() {
  const uint32_t source = read_register(LUTRA_PLIC_BASE + LUTRA_PLIC_CLAIM);
  if (source >= LUTRA_PLIC_SOURCES || handlers[source] == nullptr) {
    print("runtime: interrupt from a source without a handler: ");
    print_hex(source);
    print("\n");
    exit_fail(failed_interrupt);
  }
  handlers[source]();
  write_register(LUTRA_PLIC_BASE + LUTRA_PLIC_CLAIM, source);
}

[[noreturn]] void report_trap(uint32_t cause) {
  print("runtime: unexpected trap, cause ");
  print_hex(cause);
  print(", pc ");
  print_hex(read_csr<mepc>());
  print(", value ");
  print_hex(read_csr<mtval>());
  print("\n");
  exit_fail(failed_trap);
}

}  // namespace

extern "C" void trap_entry();

extern "C" __attribute__((interrupt("machine"), aligned(4))) void trap_entry() {
  const uint32_t cause = read_csr<mcause>();
  if (cause != machine_external_interrupt) report_trap(cause);
  handle_external_interrupt();
}

void enable_interrupt(uint32_t source, InterruptHandler handler) {
  constexpr uint32_t lowest_priority = 1;
  handlers[source] = handler;
  write_register(LUTRA_PLIC_BASE + LUTRA_PLIC_PRIORITY + 4 * source, lowest_priority);
  write_register(LUTRA_PLIC_BASE + LUTRA_PLIC_THRESHOLD, 0);
  write_register(LUTRA_PLIC_BASE + LUTRA_PLIC_ENABLE,
                 read_register(LUTRA_PLIC_BASE + LUTRA_PLIC_ENABLE) | 1u << source);
  set_csr<mie>(mie_external);
}

void sleep_until(const volatile bool& flag) {
  // wfi also wakes while interrupts are disabled, so that one arriving between the check and the wfi is not slept over.
  while (!flag) {
    asm volatile("wfi");
    set_csr<mstatus>(mstatus_mie);
    clear_csr<mstatus>(mstatus_mie);
  }
}

}  // namespace lutra::runtime
