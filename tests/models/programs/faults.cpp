// Illegal accesses trap with their address; the program counts them.
#include "program.h"

namespace {
volatile uint32_t cause, value, faults;

template <typename T>
void read(volatile T& target) {
  [[maybe_unused]] const T unused = target;
}
}  // namespace

extern "C" [[gnu::interrupt("machine"), gnu::aligned(4)]] void trap() {
  uint32_t pc, c, v;
  asm volatile("csrr %0, mcause" : "=r"(c));
  asm volatile("csrr %0, mtval" : "=r"(v));
  asm volatile("csrr %0, mepc" : "=r"(pc));
  cause = c;
  value = v;
  faults = faults + 1;
  const bool compressed = (*reinterpret_cast<volatile uint16_t*>(pc) & 3) != 3;
  asm volatile("csrw mepc, %0" ::"r"(pc + (compressed ? 2 : 4)));
}

int main() {
  constexpr uint32_t load_fault = 5;
  constexpr uint32_t store_fault = 7;
  asm volatile("csrw mtvec, %0" ::"r"(&trap));
  read(word(0x4000));  // nothing is there
  CHECK(faults == 1 && cause == load_fault && value == 0x4000);
  word(LUTRA_PLIC_BASE + LUTRA_PLIC_PENDING) = 1;  // read-only
  CHECK(faults == 2 && cause == store_fault);
  read(byte(LUTRA_TIMER_BASE + LUTRA_TIMER_MTIME));  // a word only
  CHECK(faults == 3 && cause == load_fault);
  word(LUTRA_EXIT_BASE) = 0x1234;  // neither pass nor fail
  CHECK(faults == 4 && cause == store_fault);
  read(word(LUTRA_SRAM_BASE + (1u << 20)));  // behind the SRAM
  CHECK(faults == 5 && cause == load_fault);
  finish(0);
}
