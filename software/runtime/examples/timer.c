// Sleeps through three timer interrupts, 1000 cycles apart.
#include <stdio.h>

#include "software/runtime/examples/device.h"

static volatile uint32_t ticks;

static void wake_in(uint32_t cycles) {
  const uint32_t low = *device_word(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIME);
  *device_word(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIMECMP) = low + cycles;
  *device_word(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIMECMP + 4) = 0;  // enough for the first 2^32 cycles
}

__attribute__((interrupt("machine"), aligned(4))) void trap_entry(void) {
  if (READ_CSR(mcause) != CAUSE_TIMER_INTERRUPT) return;
  ticks = ticks + 1;
  wake_in(1000);
}

int main(void) {
  wake_in(1000);
  SET_CSR(mie, MIE_TIMER);
  SET_CSR(mstatus, MSTATUS_MIE);
  while (ticks < 3) __asm__ volatile("wfi");
  printf("%lu ticks\n", (unsigned long)ticks);
  return 0;
}
