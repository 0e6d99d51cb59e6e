#pragma once

// The start of a bare-metal test program and its view of the devices.

#include <stdint.h>

#include "models/interface/memory_map.h"

int main();
extern "C" void trap();  // trap vector, where the program has one

[[gnu::used]] alignas(16) static unsigned char stack[1024];

inline volatile uint32_t& word(uint32_t address) { return *reinterpret_cast<volatile uint32_t*>(address); }
inline volatile uint8_t& byte(uint32_t address) { return *reinterpret_cast<volatile uint8_t*>(address); }

[[noreturn]] inline void finish(int code) {
  word(LUTRA_EXIT_BASE) = code == 0 ? LUTRA_EXIT_PASS : static_cast<uint32_t>(code) << 16 | LUTRA_EXIT_FAIL;
  while (true) {
  }
}

// Ends the program with this line's number unless `condition` holds.
#define CHECK(condition) \
  if (!(condition)) finish(__LINE__)

inline void print(const char* text) {
  while (*text != 0) {
    while ((byte(LUTRA_CONSOLE_BASE + LUTRA_CONSOLE_LINE_STATUS) & 0x20) == 0) {
    }
    byte(LUTRA_CONSOLE_BASE + LUTRA_CONSOLE_DATA) = static_cast<uint8_t>(*text++);
  }
}

// A system call of the host, by newlib's numbers.
inline uint32_t host_call(uint32_t number, uint32_t first, uint32_t second = 0, uint32_t third = 0) {
  register uint32_t a0 asm("a0") = first;
  register uint32_t a1 asm("a1") = second;
  register uint32_t a2 asm("a2") = third;
  register uint32_t a7 asm("a7") = number;
  asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return a0;
}

inline uint32_t address_of(const volatile void* object) { return reinterpret_cast<uint32_t>(object); }

inline uint32_t cycles() {
  uint32_t value;
  asm volatile("csrr %0, mcycle" : "=r"(value));
  return value;
}

extern "C" [[gnu::naked]] void _start() {
  asm volatile(
      ".option push\n"
      ".option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, %0\n"
      "addi sp, sp, 1024\n"
      "call %1\n"
      "1: j 1b" ::"i"(stack),
      "i"(main));
}
