// A jump to itself with every interrupt disabled.
#include "program.h"

int main() {
  while (true) {
  }
}
