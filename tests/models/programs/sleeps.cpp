// Waits for an interrupt that nobody raises.
#include "program.h"

int main() {
  asm volatile("csrw mie, %0" ::"r"(1u << 11));
  while (true) asm volatile("wfi");
}
