#include "models/cpu/hart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "tests/models/cpu/bench.h"

namespace lutra::test {
namespace {

using models::HartStopReason;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint32_t first = 5;  // the cycle at which Bench::run enters the body

Program device_in_s0() { return rv::li(s0, Target::device_base); }

TEST(Hart, CycleCounterIsSystemcTime) {
  Bench bench;
  bench.target.delay = 4 * bench.cycle;
  std::vector<double> difference;
  bench.target.written = [&](std::uint32_t, std::uint32_t mcycle) {
    difference.push_back(bench.now_in_cycles() - mcycle);
  };
  Program body = device_in_s0() << rv::li(s1, Target::direct_base);
  body << rv::csrr(a0, rv::mcycle) << rv::sw(a0, 0, s0);
  body << rv::lw(a1, 0, s1) << rv::div(a1, a1, s1) << rv::csrr(a0, rv::mcycle) << rv::sw(a0, 0, s0);
  body << rv::li(a2, 3000) << rv::addi(a2, a2, -1) << rv::bne(a2, zero, -4);  // some quanta
  body << rv::csrr(a0, rv::mcycle) << rv::sw(a0, 0, s0) << rv::halt();
  bench.run(body);
  EXPECT_THAT(difference, ElementsAre(2, 2, 2)) << "the csrr and the store's address cycle";
}

TEST(Hart, RunsAheadByAQuantumAndNoMore) {
  models::HartConfig config;
  config.quantum_instructions = 100;
  Bench bench(config);
  double most = 0;
  bench.processes.push_back([&] {
    for (int i = 0; i < 3000; ++i) {
      most = std::max(most, static_cast<double>(bench.hart.instructions()) - bench.now_in_cycles());
      sc_core::wait(bench.cycle);
    }
  });
  Program body;
  body.repeat(5000, rv::nop);
  bench.run(body << rv::halt());
  EXPECT_GE(most, 99);
  EXPECT_LE(most, 100 + 64) << "a block of at most 64 instructions more";
}

TEST(Hart, ActsOnClockEdges) {
  Bench bench;
  bench.target.blocking = sc_core::sc_time(13, sc_core::SC_NS);
  bench.target.delay = sc_core::sc_time(4, sc_core::SC_NS);
  std::vector<double> times;
  bench.target.written = [&](std::uint32_t, std::uint32_t) { times.push_back(bench.now_in_cycles()); };
  bench.run(device_in_s0() << rv::sw(a0, 0, s0) << rv::sw(a0, 0, s0) << rv::halt());
  EXPECT_THAT(times, ElementsAre(first + 2 + 1, first + 2 + 1 + 2 + 1)) << "17 ns are two cycles";
}

TEST(Hart, ErrorResponsesAreTraps) {
  Bench bench;
  bench.place(Bench::handler, {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mtval), rv::halt()});
  bench.run(rv::li(s0, 0x70000000) << rv::sw(a0, 4, s0));
  EXPECT_EQ(bench.hart.x(a0), 7u);
  EXPECT_EQ(bench.hart.x(a1), 0x70000004u);
  EXPECT_EQ(bench.counter("hart", "exception"), 1u);
}

TEST(Hart, AFailedLineFillIsALoadFault) {
  Bench bench;
  const std::uint32_t place = Target::failing_base + Target::dmi_offset;
  bench.place(Bench::handler, {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mepc), rv::halt()});
  bench.run(rv::li(s0, place) << rv::lw(a2, 0, s0));
  EXPECT_EQ(bench.hart.x(a0), 5u);
  EXPECT_EQ(bench.hart.x(a1), Bench::tcm_base + 20);
}

TEST(Hart, AFailedInstructionFetchIsAFault) {
  Bench bench;
  bench.place(Target::failing_base, {rv::nop});
  bench.place(Bench::handler, {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mepc), rv::csrr(a2, rv::mtval), rv::halt()});
  bench.run(rv::li(s0, Target::failing_base) << rv::jalr(zero, s0, 0));
  EXPECT_EQ(bench.hart.x(a0), 1u);
  EXPECT_EQ(bench.hart.x(a1), Target::failing_base);
  EXPECT_EQ(bench.hart.x(a2), Target::failing_base);
}

TEST(Hart, AFailedInstructionLineFillIsAFault) {
  Bench bench;
  const std::uint32_t place = Target::failing_base + Target::dmi_offset + 4;
  bench.place(place, {rv::nop, rv::halt()});
  bench.place(Bench::handler, {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mepc), rv::halt()});
  bench.run(rv::li(s0, place) << rv::jalr(zero, s0, 0));
  EXPECT_EQ(bench.hart.x(a0), 1u);
  EXPECT_EQ(bench.hart.x(a1), place);
}

TEST(Hart, TakesAnInterruptBehindTheInstructionWhateverTheQuantum) {
  Bench bench;
  bench.place(Bench::handler, {rv::csrr(a0, rv::mcycle), rv::csrr(a1, rv::mcause), rv::halt()});
  bench.processes.push_back([&] {
    sc_core::wait(1234 * bench.cycle);
    bench.timer.write(true);
  });
  bench.run(rv::li(a2, 0x80) << rv::csrw(rv::mie, a2) << rv::csrrsi(zero, rv::mstatus, 8) << rv::nop
                             << rv::jal(zero, -4));
  EXPECT_EQ(bench.hart.x(a1), 0x80000007u);
  EXPECT_GE(bench.hart.x(a0), 1234u + 1 + 3);
  EXPECT_LE(bench.hart.x(a0), 1234u + 2 + 3) << "the jump takes two cycles";
  EXPECT_EQ(bench.counter("hart", "interrupt"), 1u);
}

TEST(Hart, SleepsInWfiUntilTheLineRises) {
  Bench bench;
  bench.processes.push_back([&] {
    sc_core::wait(1000 * bench.cycle + sc_core::sc_time(1, sc_core::SC_NS));
    EXPECT_TRUE(bench.hart.asleep());
    EXPECT_EQ(bench.hart.pc(), Bench::tcm_base + 24);
    bench.external.write(true);
  });
  bench.run(rv::li(a2, 0x800) << rv::csrw(rv::mie, a2) << rv::wfi << rv::csrr(a0, rv::mcycle) << rv::halt());
  EXPECT_EQ(bench.hart.x(a0), 1001u + 2) << "and waking";
  EXPECT_EQ(bench.counter("hart", "wait_for_interrupt"), 1001u - (first + 2 + 3 + 3));
  EXPECT_FALSE(bench.hart.asleep());
}

TEST(Hart, StarvesTheSimulationWhenItSleepsAndNothingCanHappen) {
  Bench bench;
  bench.run(rv::li(a2, 0x800) << rv::csrw(rv::mie, a2) << rv::wfi);
  EXPECT_TRUE(bench.hart.asleep());
  EXPECT_EQ(bench.hart.stop().reason, HartStopReason::running);
}

TEST(Hart, CyclesAddUpToElapsedTimeAtAnyMoment) {
  Bench bench;
  bench.target.blocking = 3 * bench.cycle;
  bench.target.delay = 4 * bench.cycle;
  unsigned checked = 0;
  bench.processes.push_back([&] {
    for (int i = 0; i < 200; ++i, ++checked) {
      EXPECT_EQ(static_cast<double>(bench.cycles_in(bench.statistics.snapshot())), bench.now_in_cycles());
      sc_core::wait(7 * bench.cycle);
    }
    bench.external.write(true);
  });
  Program body = device_in_s0() << rv::li(s1, Target::direct_base) << rv::li(a2, 0x800) << rv::csrw(rv::mie, a2);
  for (int i = 0; i < 20; ++i) body << rv::sw(a0, 0, s0) << rv::lw(a0, i * 32, s1) << rv::div(a0, a0, s0);
  bench.run(body << rv::wfi << rv::halt());
  EXPECT_EQ(checked, 200u);
  const auto end = bench.statistics.snapshot();
  EXPECT_EQ(static_cast<double>(bench.cycles_in(end)), bench.now_in_cycles());
  EXPECT_EQ(bench.counter_in(end, "hart", "device_stall"), 20u * 7);
  EXPECT_EQ(bench.counter_in(end, "hart", "data_stall"), 20u * 7);
  EXPECT_GT(bench.counter_in(end, "hart", "wait_for_interrupt"), 0u);
}

TEST(Hart, ADeviceSeesTheCountersOfExactlyWhatWasExecuted) {
  Bench bench;
  std::vector<std::uint64_t> alu, stores, divisions;
  bench.target.written = [&](std::uint32_t, std::uint32_t) {
    const auto snapshot = bench.statistics.snapshot();
    alu.push_back(bench.counter_in(snapshot, "hart", "alu"));
    stores.push_back(bench.counter_in(snapshot, "hart", "store"));
    divisions.push_back(bench.counter_in(snapshot, "hart", "divide"));
  };
  bench.run(device_in_s0() << rv::nop << rv::sw(a0, 0, s0) << rv::nop << rv::nop << rv::div(a0, a0, a0)
                           << rv::sw(a0, 0, s0) << rv::nop << rv::halt());
  EXPECT_THAT(alu, ElementsAre(2 + 2 + 1, 2 + 2 + 3));
  EXPECT_THAT(stores, ElementsAre(1, 2));
  EXPECT_THAT(divisions, ElementsAre(0, 1));
}

TEST(Hart, CountsEveryClassAndMemory) {
  Bench bench;
  Program body = rv::li(s0, Bench::tcm_base + 0x4000) << rv::li(s1, Target::direct_base);
  body << rv::mul(a0, a0, a0) << rv::mulh(a0, a0, a0) << rv::div(a0, a0, a0) << rv::lw(a0, 0, s0) << rv::sw(a0, 0, s0)
       << rv::sw(a0, 4, s0) << rv::lw(a0, 0, s1) << rv::sw(a0, 4, s1) << rv::beq(zero, zero, 4)
       << rv::bne(zero, zero, 4) << rv::jal(zero, 4) << rv::csrr(a0, rv::mscratch) << rv::amoadd(a0, a0, s0)
       << rv::fence << rv::halt();
  bench.run(body);
  const auto counted = [&](const char* event) { return bench.counter("hart", event); };
  EXPECT_EQ(counted("alu"), 6u);
  EXPECT_EQ(counted("multiply"), 2u);
  EXPECT_EQ(counted("divide"), 1u);
  EXPECT_EQ(counted("load"), 2u);
  EXPECT_EQ(counted("store"), 3u);
  EXPECT_EQ(counted("branch"), 2u);
  EXPECT_EQ(counted("jump"), 2u);
  EXPECT_EQ(counted("csr"), 2u);
  EXPECT_EQ(counted("atomic"), 1u);
  EXPECT_EQ(counted("system"), 1u);
  EXPECT_EQ(bench.counter("hart.tcm", "read"), 2u) << "a load and an atomic operation";
  EXPECT_EQ(bench.counter("hart.tcm", "write"), 3u);
  EXPECT_EQ(bench.counter("hart.tcm", "fetch"), 22u);
  EXPECT_EQ(bench.counter("hart.dcache", "miss"), 1u);
  EXPECT_EQ(bench.counter("hart.dcache", "hit"), 1u);
  EXPECT_EQ(bench.hart.instructions(), 22u);
}

TEST(Hart, TheNamesOfItsCountersAreStable) {
  Bench bench;
  std::string names;
  for (const auto& counter : bench.statistics.counters()) names += counter.component + "." + counter.event + " ";
  EXPECT_EQ(names,
            "hart.exception hart.interrupt hart.icache.hit hart.icache.miss hart.icache.fetch hart.dcache.hit "
            "hart.dcache.miss hart.dcache.writeback hart.tcm.read hart.tcm.write hart.tcm.fetch hart.alu "
            "hart.multiply hart.divide hart.load hart.store hart.branch hart.jump hart.csr hart.atomic hart.system "
            "hart.execute hart.instruction_fetch_stall hart.data_stall hart.device_stall hart.wait_for_interrupt ");
}

TEST(Hart, WithdrawnDmiIsAskedForAgain) {
  Bench bench;
  bench.target.written = [&](std::uint32_t, std::uint32_t) {
    bench.target.socket->invalidate_direct_mem_ptr(0, ~sc_dt::uint64{0});
  };
  bench.place(Target::direct_base, {0x11u});
  bench.run(device_in_s0() << rv::li(s1, Target::direct_base) << rv::lw(a1, 0, s1) << rv::sw(a0, 0, s0)
                           << rv::lw(a2, 0, s1) << rv::halt());
  EXPECT_EQ(bench.hart.x(a1), 0x11u);
  EXPECT_EQ(bench.hart.x(a2), 0x11u);
  EXPECT_EQ(bench.counter("hart.dcache", "miss"), 2u);
}

TEST(Hart, AWatchedStoreMayEndTheSimulationAtOnce) {
  Bench bench;
  std::uint32_t seen = 0;
  bench.hart.watch_store(Target::direct_base + 8, [&](std::uint32_t word) {
    seen = word;
    sc_core::sc_stop();
  });
  bench.run(rv::li(s0, Target::direct_base)
            << rv::addi(a0, zero, 1) << rv::sw(a0, 8, s0) << rv::addi(a0, zero, 2) << rv::halt());
  EXPECT_EQ(seen, 1u);
  EXPECT_EQ(bench.hart.x(a0), 1u);
}

TEST(Hart, TheInstructionLimitEndsTheSimulation) {
  Bench bench;
  bench.hart.set_max_instructions(5000);
  bench.run({rv::nop, rv::jal(zero, -4)});
  EXPECT_EQ(bench.hart.stop().reason, HartStopReason::instruction_limit);
  EXPECT_THAT(bench.hart.stop().message, HasSubstr("the limit of 5000 instructions"));
  EXPECT_EQ(sc_core::sc_get_status(), sc_core::SC_STOPPED);
}

TEST(Hart, LetsTheCallerHandleAStop) {
  Bench bench;
  bool told = false;
  bench.hart.on_stop([&] { told = true; });
  bench.run({rv::halt()});
  EXPECT_TRUE(told);
  EXPECT_EQ(bench.hart.stop().reason, HartStopReason::halted);
  EXPECT_EQ(bench.hart.stop().pc, Bench::tcm_base + 12);
  EXPECT_NE(sc_core::sc_get_status(), sc_core::SC_STOPPED);
}

TEST(Hart, RefusesImpossibleConfigurations) {
  Bench bench;
  std::vector<std::uint8_t> memory(64);
  EXPECT_THROW(bench.hart.attach_tcm(0xFFFFFFF0u, memory), Error);
  EXPECT_THROW(bench.hart.watch_store(2, [](std::uint32_t) {}), Error);
  models::Statistics statistics;
  EXPECT_THROW(models::Hart("second", {}, sc_core::SC_ZERO_TIME, statistics), Error);
  models::HartConfig config;
  config.quantum_instructions = 0;
  models::Statistics others;
  EXPECT_THROW(models::Hart("third", config, bench.cycle, others), Error);
}

}  // namespace
}  // namespace lutra::test
