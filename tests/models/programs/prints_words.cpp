// Words to and from the byte registers of the console.
#include "program.h"

int main() {
  CHECK(word(LUTRA_CONSOLE_BASE + LUTRA_CONSOLE_DATA) == 0);
  word(LUTRA_CONSOLE_BASE + LUTRA_CONSOLE_DATA) = 'A';
  word(LUTRA_CONSOLE_BASE + LUTRA_CONSOLE_DATA) = 0xFFFFFF00u | '\n';
  CHECK(byte(LUTRA_CONSOLE_BASE + 1) == 0);  // the register behind is another
  finish(0);
}
