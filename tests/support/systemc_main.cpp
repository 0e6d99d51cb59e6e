#include <gtest/gtest.h>

#include <systemc>

#if defined(__SANITIZE_ADDRESS__)
// The leak checker reads the guard pages of SystemC's coroutine stacks, now and then, and dies of it.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif

int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
