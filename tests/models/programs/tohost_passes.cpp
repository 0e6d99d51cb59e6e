#include "program.h"

extern "C" volatile uint64_t tohost;
alignas(64) volatile uint64_t tohost = 0;

int main() {
  tohost = 1u;
  while (true) {
  }
}
