// Handles the fault of a store to an address where nothing is, and goes on behind it.
#include <stdio.h>

#include "software/runtime/examples/device.h"

static volatile uint32_t faults, address;

__attribute__((interrupt("machine"), aligned(4))) void trap_entry(void) {
  if (READ_CSR(mcause) != CAUSE_STORE_FAULT) return;
  faults = faults + 1;
  address = READ_CSR(mtval);
  const uint32_t pc = READ_CSR(mepc);
  const int compressed = (*(const volatile uint16_t*)pc & 3) != 3;
  WRITE_CSR(mepc, pc + (compressed ? 2 : 4));
}

int main(void) {
  *device_word(0x50000000) = 1;
  printf("%lu store fault at 0x%08lx\n", (unsigned long)faults, (unsigned long)address);
  return faults == 1 ? 0 : 1;
}
