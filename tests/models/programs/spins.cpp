#include "program.h"

int main() {
  for (uint32_t i = 0;; ++i) asm volatile("" ::"r"(i));
}
