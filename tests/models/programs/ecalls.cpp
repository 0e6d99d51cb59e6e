// Asks the host by ecall as programs of newlib do, without a trap handler.
#include "program.h"

namespace {
constexpr char text[] = "by ecall\n";
}

int main() {
  CHECK(host_call(64, 1, address_of(text), sizeof text - 1) == sizeof text - 1);
  CHECK(host_call(64, 7, address_of(text), 1) == static_cast<uint32_t>(-9));
  CHECK(host_call(64, 1, 0x50000000, 1) == static_cast<uint32_t>(-14));
  CHECK(host_call(80, 1, 0) == static_cast<uint32_t>(-38));  // fstat
  CHECK(host_call(214, 0) == static_cast<uint32_t>(-38));    // brk
  host_call(93, 7);
  finish(1);
}
