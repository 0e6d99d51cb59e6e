// Leaves four words as the conformance tests leave their results.
#include "program.h"

extern "C" volatile uint32_t begin_signature[], end_signature[];
asm(".data\n"
    ".balign 16\n"
    ".globl begin_signature, end_signature\n"
    "begin_signature: .word 0xdeadbeef, 1, 2, 0\n"
    "end_signature: .word 0x5a5a5a5a\n"
    ".text\n");

int main() {
  begin_signature[1] = 0x0000ABCD;
  begin_signature[3] = 0x80000000;
  finish(begin_signature[4] == 0x5A5A5A5A && &begin_signature[4] == end_signature ? 0 : 1);
}
