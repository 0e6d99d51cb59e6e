// What picolibc wants of a board: characters for stdout, an end for exit(), and here a trap handler for programs that
// have none of their own. malloc() takes the memory between the linker script's __heap_start and __heap_end.
#include <stdio.h>
#include <unistd.h>

#include "software/runtime/examples/device.h"

static int put(char character, FILE* file) {
  (void)file;
  *device_byte(LUTRA_CONSOLE_BASE + LUTRA_CONSOLE_DATA) = (uint8_t)character;
  return (unsigned char)character;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE* const stdout = &console;
FILE* const stderr = &console;

void _exit(int code) {
  *device_word(LUTRA_EXIT_BASE) = code == 0 ? LUTRA_EXIT_PASS : (uint32_t)code << 16 | LUTRA_EXIT_FAIL;
  for (;;) __asm__ volatile("wfi");
}

__attribute__((weak, interrupt("machine"), aligned(4))) void trap_entry(void) {
  printf("trap: mcause 0x%08lx, mepc 0x%08lx, mtval 0x%08lx\n", (unsigned long)READ_CSR(mcause),
         (unsigned long)READ_CSR(mepc), (unsigned long)READ_CSR(mtval));
  _exit(1);
}
