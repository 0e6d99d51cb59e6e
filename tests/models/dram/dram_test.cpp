#include "models/dram/dram.h"

#include <gtest/gtest.h>

#include "models/interconnect/interconnect.h"
#include "software/common/error.h"
#include "tests/models/initiator.h"

namespace lutra::models {
namespace {

using test::counter;
using test::Initiator;
using test::Response;

// LPDDR4-3200 behind the default interconnect at 200 MHz: a cycle is 8 DRAM clocks, the latencies of controller and PHY
// are 2 cycles each.
struct Bench {
  using Change = std::function<void(DramTiming&)>;

  explicit Bench(
      std::function<void(Initiator&)> script, const Change& change = [](DramTiming&) {})
      : interconnect("interconnect", InterconnectConfig{}, period, statistics),
        dram("dram", changed(change), 1 << 20, 8, period, statistics),
        initiator("initiator", std::move(script), period) {
    interconnect.attach_target("dram", 0, 1 << 20, dram.socket);
    interconnect.attach_initiator("initiator", initiator.socket);
  }
  static DramTiming changed(const Change& change) {
    DramTiming timing = embedded_dram_timing("lpddr4");
    change(timing);
    return timing;
  }
  void run() { sc_core::sc_start(); }

  const sc_core::sc_time period{5, sc_core::SC_NS};
  Statistics statistics;
  Interconnect interconnect;
  Dram dram;
  Initiator initiator;
};

TEST(Dram, AReadStreamsBehindItsFirstBurst) {
  Bench bench([](Initiator& i) {
    // There at cycle 2, a command at cycle 4 = clock 32; ACT 32, RD 61, data 103 clocks = 12.9 cycles, behind the PHY
    // at 14.9, so 15; 32 beats; 2 cycles back. The DRAM delivers 32 bytes in one cycle, the port takes 8: no later
    // burst is waited for.
    EXPECT_EQ(i.read(0, 256).cycles(), 15u + 32 + 2);
  });
  bench.run();
  EXPECT_EQ(counter(bench.statistics, "dram", "read_bytes"), 256u);
  EXPECT_EQ(counter(bench.statistics, "dram", "read_burst"), 8u);
  EXPECT_EQ(counter(bench.statistics, "dram", "activate"), 1u);
}

TEST(Dram, AWriteIsAcknowledgedByTheBufferAndServedLater) {
  Bench bench([](Initiator& i) {
    EXPECT_EQ(i.write(0, 0x01020304, 64).cycles(), 2u + 8 + 2 + 2);
    EXPECT_EQ(i.read(0).value, 0x01020304u);
  });
  bench.run();
  EXPECT_EQ(counter(bench.statistics, "dram", "write_bytes"), 64u);
  EXPECT_EQ(counter(bench.statistics, "dram", "write_burst"), 2u);
}

TEST(Dram, AReadWaitsForTheWritesAheadOfIt) {
  Bench bench([](Initiator& i) {
    i.write(0, 0, 32);  // its data is behind the controller at cycle 8 = clock 64: ACT 64, WR 93
    EXPECT_EQ(i.cycle(), 10u);
    // Behind the controller at cycle 14 = clock 112; RD at WR + 39 = 132, data 174 clocks = 21.75 cycles, behind the
    // PHY at 23.75; a beat, and back at 27
    EXPECT_EQ(i.read(32).end_cycles, 24u + 1 + 2);
  });
  bench.run();
}

TEST(Dram, AFullWriteBufferHoldsTheWriterBack) {
  Bench bench(
      [](Initiator& i) {
        const Response first = i.start(tlm::TLM_WRITE_COMMAND, 0, 8);
        const Response second = i.start(tlm::TLM_WRITE_COMMAND, 1 << 14, 8);
        EXPECT_EQ(first.end_cycles, 2u + 1 + 2 + 2);
        // The first, behind the controller at cycle 5 = clock 40, is in the DRAM at ACT 40, WR 69, data 92 = 11.5
        // cycles.
        EXPECT_EQ(second.end_cycles, 12u + 2);
      },
      [](DramTiming& timing) { timing.write_buffer = 1; });
  bench.run();
}

TEST(Dram, ControllerAndPhyAddTheirOwnLatency) {
  Bench bench(
      [](Initiator& i) {
        // A command at cycle 2 + 4 = clock 48; ACT 48, RD 77, data 119 clocks = 14.9 cycles, behind the PHY at 20.9
        EXPECT_EQ(i.read(0).end_cycles, 21u + 1 + 2);
      },
      [](DramTiming& timing) {
        timing.controller_ps = 20'000;
        timing.phy_ps = 30'000;
      });
  bench.run();
}

TEST(Dram, StandbyCyclesAddUpToTheTimeOfTheSnapshot) {
  Bench bench([](Initiator& i) {
    i.read(0, 64);
    i.wait_until(10'000);
  });
  bench.run();
  std::uint64_t sum = 0;
  for (const char* event : {"active_standby", "precharge_standby", "active_power_down", "precharge_power_down"}) {
    sum += counter(bench.statistics, "dram", event);
  }
  EXPECT_EQ(sum, 10'000u * 8);
  EXPECT_EQ(counter(bench.statistics, "dram", "refresh"), 10'000u * 8 / 6246);
}

TEST(Dram, RefusesWhatLiesOutside) {
  Bench bench([](Initiator& i) {
    tlm::tlm_generic_payload payload;
    sc_core::sc_time delay;
    std::uint8_t data[4] = {};
    payload.set_read();
    payload.set_data_ptr(data);
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    payload.set_address((1 << 20) - 2);
    EXPECT_EQ(i.read((1 << 20) - 2).status, tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(i.socket->transport_dbg(payload), 2u);
  });
  bench.run();
}

TEST(Dram, RefusesMoreThanTheDeviceHolds) {
  Statistics statistics;
  EXPECT_THROW(Dram("dram", embedded_dram_timing("lpddr4"), (std::size_t{1} << 30) + 4, 8,
                    sc_core::sc_time(5, sc_core::SC_NS), statistics),
               Error);
}

}  // namespace
}  // namespace lutra::models
