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

// LPDDR4-3200 behind the default interconnect at 200 MHz: a cycle is 8 DRAM clocks.
struct Bench {
  explicit Bench(std::function<void(Initiator&)> script, std::uint32_t write_buffer = 16)
      : interconnect("interconnect", InterconnectConfig{}, period, statistics),
        dram("dram", with_buffer(write_buffer), 1 << 20, 8, period, statistics),
        initiator("initiator", std::move(script), period) {
    interconnect.attach_target("dram", 0, 1 << 20, dram.socket);
    interconnect.attach_initiator("initiator", initiator.socket);
  }
  static DramTiming with_buffer(std::uint32_t entries) {
    DramTiming timing = embedded_dram_timing("lpddr4");
    timing.write_buffer = entries;
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
    // There at cycle 2 = clock 16; ACT 16, RD 45, data 87 clocks = 10.9 cycles, so 11; 32 beats; 2 cycles back. The
    // DRAM delivers 32 bytes in one cycle, the port takes 8: no later burst is waited for.
    EXPECT_EQ(i.read(0, 256).cycles(), 11u + 32 + 2);
  });
  bench.run();
  EXPECT_EQ(counter(bench.statistics, "dram", "read_bytes"), 256u);
  EXPECT_EQ(counter(bench.statistics, "dram", "read_burst"), 8u);
  EXPECT_EQ(counter(bench.statistics, "dram", "activate"), 1u);
}

TEST(Dram, AWriteIsAcknowledgedByTheBufferAndServedLater) {
  Bench bench([](Initiator& i) {
    EXPECT_EQ(i.write(0, 0x01020304, 64).cycles(), 2u + 8 + 2);
    EXPECT_EQ(i.read(0).value, 0x01020304u);
  });
  bench.run();
  EXPECT_EQ(counter(bench.statistics, "dram", "write_bytes"), 64u);
  EXPECT_EQ(counter(bench.statistics, "dram", "write_burst"), 2u);
}

TEST(Dram, AReadWaitsForTheWritesAheadOfIt) {
  Bench bench([](Initiator& i) {
    i.write(0, 0, 32);  // its data is there at cycle 6 = clock 48: ACT 48, WR 77
    EXPECT_EQ(i.cycle(), 8u);
    // There at cycle 10 = clock 80; RD at WR + 39 = 116, data 158 clocks = 19.75 cycles; a beat, and back at 23
    EXPECT_EQ(i.read(32).end_cycles, 20u + 1 + 2);
  });
  bench.run();
}

TEST(Dram, AFullWriteBufferHoldsTheWriterBack) {
  Bench bench(
      [](Initiator& i) {
        const Response first = i.start(tlm::TLM_WRITE_COMMAND, 0, 8);
        const Response second = i.start(tlm::TLM_WRITE_COMMAND, 1 << 14, 8);
        EXPECT_EQ(first.end_cycles, 2u + 1 + 2);
        // The first, there at cycle 3 = clock 24, is in the DRAM at ACT 24, WR 53, data 76 = 9.5 cycles.
        EXPECT_EQ(second.end_cycles, 10u + 2);
      },
      1);
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
