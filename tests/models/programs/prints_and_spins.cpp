// Prints a line and half a line, then runs for ever.
#include "program.h"

int main() {
  print("before the loop\nhalf a line");
  for (uint32_t i = 0;; ++i) asm volatile("" ::"r"(i));
}
