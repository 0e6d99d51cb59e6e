#include "models/devices/console.h"

#include <gtest/gtest.h>

#include <sstream>

#include "models/interface/memory_map.h"
#include "tests/models/device_bench.h"

namespace lutra::models {
namespace {

using test::drive;
using test::Initiator;

struct ConsoleBench {
  ConsoleBench() { console.interrupt.bind(interrupt); }
  sc_core::sc_signal<bool> interrupt{"interrupt"};
  std::ostringstream mirror;
  Console console{"console", &mirror};
};

TEST(Console, CollectsCharacters) {
  ConsoleBench bench;
  drive(bench.console, [&](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_CONSOLE_LINE_STATUS, 1).value, 0x60u);
    for (const char c : {'h', 'i', '\n'}) EXPECT_TRUE(i.write(LUTRA_CONSOLE_DATA, static_cast<unsigned>(c), 1).ok());
    EXPECT_EQ(i.read(LUTRA_CONSOLE_DATA, 1).value, 0u) << "nothing is ever received";
    EXPECT_TRUE(i.write(LUTRA_CONSOLE_DATA, '!', 4).ok()) << "a word's low byte";
    EXPECT_EQ(i.write(LUTRA_CONSOLE_LINE_STATUS, 0, 1).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(i.read(8, 1).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  });
  EXPECT_EQ(bench.console.text(), "hi\n!");
  EXPECT_EQ(bench.mirror.str(), "hi\n!");
}

TEST(Console, DoesNotPrintTheDivisor) {
  ConsoleBench bench;
  drive(bench.console, [&](Initiator& i) {
    i.write(3, 0x83, 1);
    i.write(0, 27, 1);
    i.write(1, 1, 1);
    EXPECT_EQ(i.read(0, 1).value, 27u);
    EXPECT_EQ(i.read(1, 1).value, 1u);
    i.write(3, 0x03, 1);
    EXPECT_EQ(i.read(1, 1).value, 0u) << "the interrupt enable again";
    i.write(0, 'x', 1);
  });
  EXPECT_EQ(bench.console.text(), "x");
}

TEST(Console, InterruptsWhenTheTransmitterIsEmpty) {
  ConsoleBench bench;
  drive(bench.console, [&](Initiator& i) {
    EXPECT_EQ(i.read(2, 1).value, 1u) << "no interrupt";
    i.write(1, 2, 1);
    i.wait_until(1);
    EXPECT_TRUE(bench.interrupt.read());
    EXPECT_EQ(i.read(2, 1).value, 2u);
    i.wait_until(2);
    EXPECT_FALSE(bench.interrupt.read()) << "identified";
    i.write(0, 'x', 1);
    i.wait_until(3);
    EXPECT_TRUE(bench.interrupt.read()) << "the character has left";
  });
}

}  // namespace
}  // namespace lutra::models
