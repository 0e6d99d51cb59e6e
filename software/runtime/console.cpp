#include "software/runtime/console.h"

#include "models/interface/memory_map.h"
#include "software/runtime/device.h"

namespace lutra::runtime {
namespace {

[[noreturn]] void finish_simulation(uint32_t value) {
  write_register(LUTRA_EXIT_BASE, value);
  while (true) asm volatile("wfi");
}

void put(char character) {
  *reinterpret_cast<volatile uint8_t*>(LUTRA_CONSOLE_BASE + LUTRA_CONSOLE_DATA) = static_cast<uint8_t>(character);
}

}  // namespace

void print(const char* text) {
  while (*text != '\0') put(*text++);
}

void print_hex(uint32_t value) {
  print("0x");
  for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 15]);
}

void exit_pass() { finish_simulation(LUTRA_EXIT_PASS); }

void exit_fail(uint32_t code) { finish_simulation(code << 16 | LUTRA_EXIT_FAIL); }

}  // namespace lutra::runtime
