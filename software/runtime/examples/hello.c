// Prints through the console and ends with code 0.
#include <stdio.h>

int main(void) {
  printf("hello from the hart\n");
  return 0;
}
