// Talks to every device of the SoC, then passes.
#include "program.h"

namespace {

constexpr uint32_t timer_bit = 1u << 7;
constexpr uint32_t external_bit = 1u << 11;
constexpr uint32_t software_bit = 1u << 3;

uint32_t pending() {
  uint32_t value;
  asm volatile("csrr %0, mip" : "=r"(value));
  return value;
}

// Sleeps until one of the interrupts is pending; interrupts stay disabled globally, so nothing is taken.
void sleep_for(uint32_t bits) {
  asm volatile("csrw mie, %0" ::"r"(bits));
  while ((pending() & bits) == 0) asm volatile("wfi");
}

uint32_t time() { return word(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIME); }

void use_timer() {
  const uint32_t wanted = time() + 5000;
  word(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIMECMP) = wanted;
  word(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIMECMP + 4) = 0;
  CHECK((pending() & timer_bit) == 0);
  const uint32_t before = cycles();
  sleep_for(timer_bit);
  CHECK(time() >= wanted && time() < wanted + 200);
  CHECK(cycles() - before > 4000 && cycles() - before < 6000);
  word(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIMECMP + 4) = 0xFFFFFFFF;
  CHECK((pending() & timer_bit) == 0);
}

void use_software_interrupt() {
  word(LUTRA_TIMER_BASE + LUTRA_TIMER_MSIP) = 1;
  sleep_for(software_bit);
  word(LUTRA_TIMER_BASE + LUTRA_TIMER_MSIP) = 0;
  CHECK((pending() & software_bit) == 0);
}

void use_interrupt_controller() {
  word(LUTRA_PLIC_BASE + LUTRA_PLIC_PRIORITY + 4 * LUTRA_IRQ_CONSOLE) = 3;
  word(LUTRA_PLIC_BASE + LUTRA_PLIC_ENABLE) = 1u << LUTRA_IRQ_CONSOLE;
  CHECK((pending() & external_bit) == 0);
  byte(LUTRA_CONSOLE_BASE + 1) = 2;  // interrupt when the transmitter is empty
  sleep_for(external_bit);
  CHECK(word(LUTRA_PLIC_BASE + LUTRA_PLIC_CLAIM) == LUTRA_IRQ_CONSOLE);
  CHECK((pending() & external_bit) == 0);
  byte(LUTRA_CONSOLE_BASE + 1) = 0;
  word(LUTRA_PLIC_BASE + LUTRA_PLIC_CLAIM) = LUTRA_IRQ_CONSOLE;
  CHECK((pending() & external_bit) == 0);
}

void use_memories() {
  constexpr uint32_t bases[] = {LUTRA_TCM_BASE + 0x8000, LUTRA_SRAM_BASE + 0x8000, LUTRA_MAIN_BASE + 0x8000};
  for (const uint32_t base : bases) {
    for (uint32_t i = 0; i < 64; ++i) word(base + 4 * i) = base + i;
    for (uint32_t i = 0; i < 64; ++i) CHECK(word(base + 4 * i) == base + i);
  }
}

}  // namespace

int main() {
  use_timer();
  use_software_interrupt();
  use_interrupt_controller();
  use_memories();
  CHECK(word(LUTRA_HOST_BASE + LUTRA_HOST_NEXT_FRAME) == 0);
  print("all devices answer\n");
  finish(0);
}
