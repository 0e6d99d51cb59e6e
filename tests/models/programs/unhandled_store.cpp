// A store to an address where nothing is, with no trap handler.
#include "program.h"

int main() {
  word(0x50000000) = 1;
  finish(0);
}
