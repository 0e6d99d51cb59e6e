// Asks the host through tohost and fromhost as the benchmarks of riscv-tests do.
#include "program.h"

extern "C" volatile uint64_t tohost, fromhost;
alignas(64) volatile uint64_t tohost = 0;
alignas(64) volatile uint64_t fromhost = 0;

namespace {

uint64_t call(uint32_t number, uint32_t first, uint32_t second = 0, uint32_t third = 0) {
  alignas(64) volatile uint64_t block[8];
  block[0] = number;
  block[1] = first;
  block[2] = second;
  block[3] = third;
  asm volatile("fence" ::: "memory");
  tohost = address_of(block);
  while (fromhost == 0) {
  }
  fromhost = 0;
  asm volatile("fence" ::: "memory");
  return block[0];
}

constexpr char text[] = "through tohost\n";

}  // namespace

int main() {
  CHECK(call(64, 1, address_of(text), sizeof text - 1) == sizeof text - 1);
  CHECK(call(64, 1, 0x50000000, 4) == static_cast<uint64_t>(-14));  // nothing is there
  CHECK(tohost == 0);
  call(93, 0);
  finish(1);
}
