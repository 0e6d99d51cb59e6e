#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <sstream>

#include "models/devices/console.h"
#include "models/devices/exit_device.h"
#include "models/devices/host_link.h"
#include "models/devices/interrupt_controller.h"
#include "models/devices/timer.h"
#include "models/interface/memory_map.h"
#include "software/common/error.h"
#include "tests/models/initiator.h"

namespace lutra::models {
namespace {

using test::Initiator;
using Script = std::function<void(Initiator&)>;

const sc_core::sc_time period(5, sc_core::SC_NS);

// One device straight on an initiator: every access takes no time.
template <typename Device>
void drive(Device& device, const Script& script) {
  Initiator initiator("initiator", script, period);
  initiator.socket.bind(device.socket);
  sc_core::sc_start();
}

TEST(ExitDevice, ReportsPassAndFailure) {
  std::optional<int> code;
  ExitDevice device("exit", [&](int value) { code = value; });
  drive(device, [&](Initiator& i) {
    EXPECT_EQ(i.write(0, 0x1234).status, tlm::TLM_COMMAND_ERROR_RESPONSE) << "neither pass nor fail";
    EXPECT_FALSE(code);
    EXPECT_TRUE(i.write(0, LUTRA_EXIT_PASS).ok());
    EXPECT_EQ(code, 0);
    i.write(0, (42u << 16) | LUTRA_EXIT_FAIL);
    EXPECT_EQ(code, 42);
    i.write(0, LUTRA_EXIT_FAIL);
    EXPECT_NE(code, 0) << "a failure is never a pass";
    EXPECT_EQ(i.read(0).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
  });
}

struct TimerBench {
  TimerBench() {
    timer.timer_interrupt.bind(timer_line);
    timer.software_interrupt.bind(software_line);
  }
  sc_core::sc_signal<bool> timer_line{"timer_line"};
  sc_core::sc_signal<bool> software_line{"software_line"};
  Timer timer{"timer", period};
};

TEST(Timer, CountsCyclesAndInterruptsAtTheExactOne) {
  TimerBench bench;
  drive(bench.timer, [&](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_TIMER_MTIME).value, 0u);
    EXPECT_EQ(i.read(LUTRA_TIMER_MTIMECMP).value, 0xFFFFFFFFu);
    i.write(LUTRA_TIMER_MTIMECMP + 4, 0);
    i.write(LUTRA_TIMER_MTIMECMP, 1000);
    i.wait_until(400);
    EXPECT_EQ(i.read(LUTRA_TIMER_MTIME).value, 400u);
    EXPECT_FALSE(bench.timer_line.read());
    wait(bench.timer_line.posedge_event());
    EXPECT_EQ(i.cycle(), 1000u);
    i.write(LUTRA_TIMER_MTIMECMP, 1500);
    wait(bench.timer_line.negedge_event());
    EXPECT_EQ(i.cycle(), 1000u) << "it follows the comparison, nothing is latched";
    wait(bench.timer_line.posedge_event());
    EXPECT_EQ(i.cycle(), 1500u);
  });
}

TEST(Timer, AnEarlierComparisonReplacesALaterOne) {
  TimerBench bench;
  drive(bench.timer, [&](Initiator& i) {
    i.write(LUTRA_TIMER_MTIMECMP + 4, 0);
    i.write(LUTRA_TIMER_MTIMECMP, 5000);
    i.wait_until(10);
    i.write(LUTRA_TIMER_MTIMECMP, 20);
    wait(bench.timer_line.posedge_event());
    EXPECT_EQ(i.cycle(), 20u);
    i.write(LUTRA_TIMER_MTIMECMP, 6000);
    wait(bench.timer_line.posedge_event());
    EXPECT_EQ(i.cycle(), 6000u);
  });
}

TEST(Timer, TimeCanBeSet) {
  TimerBench bench;
  drive(bench.timer, [&](Initiator& i) {
    i.wait_until(7);
    i.write(LUTRA_TIMER_MTIME + 4, 2);
    i.write(LUTRA_TIMER_MTIME, 100);
    i.wait_until(27);
    EXPECT_EQ(i.read(LUTRA_TIMER_MTIME).value, 120u);
    EXPECT_EQ(i.read(LUTRA_TIMER_MTIME + 4).value, 2u);
    i.write(LUTRA_TIMER_MTIMECMP, 150);
    i.write(LUTRA_TIMER_MTIMECMP + 4, 2);
    wait(bench.timer_line.posedge_event());
    EXPECT_EQ(i.cycle(), 57u);
  });
}

TEST(Timer, AComparisonBeyondTheEndOfTimeNeverComes) {
  TimerBench bench;
  drive(bench.timer, [&](Initiator& i) {
    i.write(LUTRA_TIMER_MTIMECMP + 4, 0xFFFFFFFF);
    i.write(LUTRA_TIMER_MTIMECMP, 0xFFFFFFFE);
  });
  EXPECT_FALSE(bench.timer_line.read());
  EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::SC_ZERO_TIME);
}

TEST(Timer, RaisesTheSoftwareInterrupt) {
  TimerBench bench;
  drive(bench.timer, [&](Initiator& i) {
    i.write(LUTRA_TIMER_MSIP, 0xFF);
    EXPECT_EQ(i.read(LUTRA_TIMER_MSIP).value, 1u);
    i.wait_until(1);
    EXPECT_TRUE(bench.software_line.read());
    i.write(LUTRA_TIMER_MSIP, 0);
    i.wait_until(2);
    EXPECT_FALSE(bench.software_line.read());
    EXPECT_EQ(i.read(0x8).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(i.read(LUTRA_TIMER_MTIME, 8).status, tlm::TLM_BURST_ERROR_RESPONSE);
  });
}

// Drives the lines of the controller from the test's process.
struct PlicBench {
  PlicBench() { plic.interrupt.bind(interrupt); }

  void enable(Initiator& i, std::uint32_t source, std::uint32_t priority) {
    i.write(LUTRA_PLIC_PRIORITY + 4 * source, priority);
    i.write(LUTRA_PLIC_ENABLE, i.read(LUTRA_PLIC_ENABLE).value | (1u << source));
  }
  void raise(Initiator& i, std::uint32_t source, bool level = true) {
    plic.line(source).write(level);
    settle(i);
  }
  static void settle(Initiator& i) { i.wait_until(i.cycle() + 1); }

  sc_core::sc_signal<bool> interrupt{"interrupt"};
  InterruptController plic{"plic"};
};

TEST(InterruptController, ServesALevelSource) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.enable(i, 2, 1);
    bench.raise(i, 2);
    EXPECT_TRUE(bench.interrupt.read());
    EXPECT_EQ(i.read(LUTRA_PLIC_PENDING).value, 1u << 2);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 2u);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read()) << "claimed, although the line is still high";
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 0u);
    i.write(LUTRA_PLIC_CLAIM, 2);
    bench.settle(i);
    EXPECT_TRUE(bench.interrupt.read()) << "completed with the line still high";
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 2u);
    bench.raise(i, 2, false);
    i.write(LUTRA_PLIC_CLAIM, 2);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read());
  });
}

TEST(InterruptController, HonoursEnablePriorityAndThreshold) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.raise(i, 3);
    EXPECT_FALSE(bench.interrupt.read()) << "neither enabled nor given a priority";
    bench.enable(i, 3, 0);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read()) << "priority 0 never interrupts";
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 0u);
    i.write(LUTRA_PLIC_PRIORITY + 4 * 3, 4);
    i.write(LUTRA_PLIC_THRESHOLD, 4);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read()) << "not over the threshold";
    i.write(LUTRA_PLIC_THRESHOLD, 3);
    bench.settle(i);
    EXPECT_TRUE(bench.interrupt.read());
  });
}

TEST(InterruptController, ClaimsTheHighestPriorityThenTheLowestSource) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.enable(i, 5, 2);
    bench.enable(i, 6, 7);
    bench.enable(i, 31, 7);
    for (const std::uint32_t source : {31u, 5u, 6u}) bench.raise(i, source);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 6u);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 31u);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 5u);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 0u);
  });
}

TEST(InterruptController, IgnoresForeignCompletions) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    bench.enable(i, 2, 1);
    bench.raise(i, 2);
    EXPECT_EQ(i.read(LUTRA_PLIC_CLAIM).value, 2u);
    i.write(LUTRA_PLIC_CLAIM, 7);
    i.write(LUTRA_PLIC_CLAIM, 0xFFFFFFFF);
    bench.settle(i);
    EXPECT_FALSE(bench.interrupt.read());
  });
}

TEST(InterruptController, RefusesIllegalAccesses) {
  PlicBench bench;
  drive(bench.plic, [&](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_PLIC_PRIORITY).status, tlm::TLM_ADDRESS_ERROR_RESPONSE) << "source 0 does not exist";
    EXPECT_EQ(i.write(LUTRA_PLIC_PENDING, 1).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(i.read(LUTRA_PLIC_ENABLE, 1).status, tlm::TLM_BURST_ERROR_RESPONSE);
    i.write(LUTRA_PLIC_ENABLE, 0xFFFFFFFF);
    EXPECT_EQ(i.read(LUTRA_PLIC_ENABLE).value, 0xFFFFFFFEu);
  });
}

TEST(InterruptController, HasLinesForItsSourcesOnly) {
  PlicBench bench;
  EXPECT_THROW(bench.plic.line(0), Error);
  EXPECT_THROW(bench.plic.line(32), Error);
  bench.plic.line(31);
}

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
    EXPECT_EQ(i.write(LUTRA_CONSOLE_DATA, 0, 4).status, tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(i.write(LUTRA_CONSOLE_LINE_STATUS, 0, 1).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(i.read(8, 1).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  });
  EXPECT_EQ(bench.console.text(), "hi\n");
  EXPECT_EQ(bench.mirror.str(), "hi\n");
}

TEST(Console, TheDivisorIsNoCharacter) {
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

TEST(HostLink, CallsTheHost) {
  HostLink link("host");
  int frames = 2;
  std::vector<std::uint32_t> ops;
  int done = 0;
  link.connect({[&] { return frames-- > 0; }, [&](std::uint32_t op) { ops.push_back(op); }, [&] { ++done; }});
  drive(link, [&](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 1u);
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 1u);
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 0u);
    i.write(LUTRA_HOST_BEGIN_OP, 3);
    i.write(LUTRA_HOST_BEGIN_OP, LUTRA_HOST_NO_OP);
    i.write(LUTRA_HOST_FRAME_DONE, 0);
    EXPECT_EQ(i.write(LUTRA_HOST_NEXT_FRAME, 0).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(i.read(LUTRA_HOST_BEGIN_OP).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
  });
  EXPECT_EQ(ops, (std::vector<std::uint32_t>{3, LUTRA_HOST_NO_OP}));
  EXPECT_EQ(done, 1);
}

TEST(HostLink, WithoutAHostThereAreNoFrames) {
  HostLink link("host");
  drive(link, [](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 0u);
    EXPECT_TRUE(i.write(LUTRA_HOST_BEGIN_OP, 1).ok());
    EXPECT_TRUE(i.write(LUTRA_HOST_FRAME_DONE, 1).ok());
  });
}

}  // namespace
}  // namespace lutra::models
