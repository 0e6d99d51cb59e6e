#include "models/devices/timer.h"

#include <gtest/gtest.h>

#include "models/interface/memory_map.h"
#include "tests/models/device_bench.h"

namespace lutra::models {
namespace {

using test::drive;
using test::Initiator;
using test::period;

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

}  // namespace
}  // namespace lutra::models
