#include "models/interconnect/interconnect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>

#include "models/memory/memory.h"
#include "software/common/error.h"
#include "tests/models/initiator.h"

namespace lutra::models {
namespace {

using test::counter;
using test::Initiator;
using test::Response;
using Script = std::function<void(Initiator&)>;

constexpr std::uint64_t base = 0x1000;
constexpr std::uint64_t size = 0x1000;

// Some initiators, one memory at `base` and another at 0x8000. Default timing: 8 bytes per cycle, 2 cycles each way,
// 1 cycle in the memory.
struct Bench {
  explicit Bench(const std::vector<Script>& scripts, InterconnectConfig config = {}, bool reversed = false)
      : interconnect("interconnect", config, period, statistics),
        near("near", "near", size, period, statistics),
        far("far", "far", size, 3 * period, statistics) {
    interconnect.attach_target("near", base, size, near.socket);
    interconnect.attach_target("far", 0x8000, size, far.socket);
    initiators.resize(scripts.size());
    for (std::size_t n = 0; n < scripts.size(); ++n) {
      const std::size_t i = reversed ? scripts.size() - 1 - n : n;
      initiators[i] = std::make_unique<Initiator>(("initiator" + std::to_string(i)).c_str(), scripts[i], period);
    }
    for (std::size_t i = 0; i < scripts.size(); ++i) {
      interconnect.attach_initiator("i" + std::to_string(i), initiators[i]->socket);
    }
  }
  void run() { sc_core::sc_start(); }

  const sc_core::sc_time period{5, sc_core::SC_NS};
  Statistics statistics;
  Interconnect interconnect;
  Memory near;
  Memory far;
  std::vector<std::unique_ptr<Initiator>> initiators;
};

TEST(Interconnect, CarriesDataToTheMemoryAndBack) {
  Bench bench({[](Initiator& i) {
    EXPECT_TRUE(i.write(base + 8, 0x12345678).ok());
    EXPECT_EQ(i.read(base + 8).value, 0x12345678u);
    EXPECT_EQ(i.read(base + 10, 2).value, 0x1234u);
    EXPECT_EQ(i.read(0x8008).value, 0u);
  }});
  bench.run();
  EXPECT_EQ(counter(bench.statistics, "interconnect", "read_bytes"), 10u);
  EXPECT_EQ(counter(bench.statistics, "interconnect", "write_bytes"), 4u);
  EXPECT_EQ(counter(bench.statistics, "interconnect", "transactions"), 4u);
  EXPECT_EQ(counter(bench.statistics, "near", "read"), 2u);
  EXPECT_EQ(counter(bench.statistics, "near", "write"), 1u);
  EXPECT_EQ(counter(bench.statistics, "far", "read"), 1u);
}

TEST(Interconnect, UncontendedTimeIsLatencyTargetBeatsLatency) {
  Bench bench({[](Initiator& i) {
    EXPECT_EQ(i.read(base).cycles(), 2u + 1 + 1 + 2);
    EXPECT_EQ(i.read(base, 256).cycles(), 2u + 1 + 32 + 2);
    EXPECT_EQ(i.read(base + 4, 8).cycles(), 2u + 1 + 2 + 2) << "8 bytes across two beats";
    EXPECT_EQ(i.write(base, 1, 64).cycles(), 2u + 8 + 1 + 2);
    EXPECT_EQ(i.read(0x8000).cycles(), 2u + 3 + 1 + 2);
  }});
  bench.run();
  EXPECT_EQ(counter(bench.statistics, "interconnect", "wait_cycles.i0"), 0u);
}

TEST(Interconnect, WaitsOutADelayBeforeTheRequest) {
  Bench bench({[](Initiator& i) {
    tlm::tlm_generic_payload payload;
    std::uint32_t data = 0;
    payload.set_read();
    payload.set_address(base);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&data));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay(50, sc_core::SC_NS);
    i.socket->b_transport(payload, delay);
    EXPECT_EQ(i.cycle(), 10u);
    EXPECT_EQ(delay, sc_core::sc_time(6 * 5, sc_core::SC_NS));
  }});
  bench.run();
}

TEST(Interconnect, RefusesWhatIsIllegal) {
  Bench bench({[](Initiator& i) {
    EXPECT_EQ(i.read(0x0).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(i.read(base + size).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(i.read(0xFFFFFFFFFFFFFFFF).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(i.read(base + size - 2).status, tlm::TLM_BURST_ERROR_RESPONSE) << "across the end of the region";
    EXPECT_EQ(i.read(base, 257).status, tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(i.read(base, 0).status, tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(i.start(tlm::TLM_IGNORE_COMMAND, base, 4).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(i.start(tlm::TLM_READ_COMMAND, base, 8, 0, [](auto& p) { p.set_streaming_width(4); }).status,
              tlm::TLM_BURST_ERROR_RESPONSE);
    unsigned char enables[4] = {0xFF, 0, 0xFF, 0};
    EXPECT_EQ(i.start(tlm::TLM_WRITE_COMMAND, base, 4, 7, [&](auto& p) { p.set_byte_enable_ptr(enables); }).status,
              tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    EXPECT_EQ(i.read(0x0).cycles(), 4u) << "an error response takes the way there and back";
    EXPECT_EQ(i.read(base).value, 0u);
  }});
  bench.run();
  EXPECT_EQ(counter(bench.statistics, "interconnect", "read_bytes"), 4u);
}

TEST(Interconnect, OverlapsOutstandingBursts) {
  Bench bench({[](Initiator& i) {
    const Response first = i.start(tlm::TLM_READ_COMMAND, base, 64);
    const Response second = i.start(tlm::TLM_READ_COMMAND, base + 64, 64);
    EXPECT_EQ(first.end_cycles, 2u + 1 + 8 + 2);
    EXPECT_EQ(second.end_cycles, first.end_cycles + 8) << "the data of the second follows without a gap";
    EXPECT_EQ(i.cycle(), 1u) << "the second request was taken one cycle after the first";
  }});
  bench.run();
}

TEST(Interconnect, ReadsAndWritesHaveChannelsOfTheirOwn) {
  std::uint64_t read_end = 0;
  std::uint64_t write_end = 0;
  Bench bench({[&](Initiator& i) { read_end = i.read(base, 256).end_cycles; },
               [&](Initiator& i) { write_end = i.write(base, 0, 256).end_cycles; }});
  bench.run();
  EXPECT_EQ(read_end, 2u + 1 + 32 + 2);
  EXPECT_EQ(write_end, 2u + 32 + 1 + 2);
}

TEST(Interconnect, AnInitiatorsOwnLinkIsShared) {
  Bench bench({[](Initiator& i) {
    EXPECT_EQ(i.start(tlm::TLM_READ_COMMAND, base, 256).end_cycles, 2u + 1 + 32 + 2);
    EXPECT_EQ(i.start(tlm::TLM_READ_COMMAND, 0x8000, 256).end_cycles, 2u + 1 + 64 + 2);
  }});
  bench.run();
}

TEST(Interconnect, APortTakesOnlySoManyBursts) {
  InterconnectConfig config;
  config.port_depth = 2;
  Bench bench({[](Initiator& i) {
                const std::uint64_t first_end = i.start(tlm::TLM_READ_COMMAND, base, 64).end_cycles;
                i.start(tlm::TLM_READ_COMMAND, base, 64);
                i.start(tlm::TLM_READ_COMMAND, base, 64);
                EXPECT_EQ(i.cycle(), first_end) << "the third waits for the end of the first";
              }},
              config);
  bench.run();
}

std::vector<std::uint64_t> ends_of_contention(Arbitration arbitration, bool reversed) {
  std::vector<std::uint64_t> ends(12);
  std::vector<Script> scripts;
  for (std::size_t n = 0; n < 3; ++n) {
    scripts.push_back([&ends, n](Initiator& i) {
      for (std::size_t k = 0; k < 4; ++k) ends[4 * n + k] = i.read(base, 32).end_cycles;
    });
  }
  InterconnectConfig config;
  config.arbitration = arbitration;
  config.port_depth = 1;
  Bench bench(scripts, config, reversed);
  bench.run();
  return ends;
}

// One burst at a time: 2 + 1 + 4 + 2 = 9 cycles each.
const std::vector<std::uint64_t> round_robin_ends = {9, 36, 63, 90, 18, 45, 72, 99, 27, 54, 81, 108};

TEST(Interconnect, RoundRobinServesEveryInitiatorInTurn) {
  auto ends = ends_of_contention(Arbitration::round_robin, false);
  std::vector<std::uint64_t> sorted = ends;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < 12; ++k) EXPECT_EQ(sorted[k], 9 * (k + 1));
  EXPECT_EQ(ends, round_robin_ends);
}

TEST(Interconnect, RoundRobinDoesNotDependOnTheOrderOfProcesses) {
  EXPECT_EQ(ends_of_contention(Arbitration::round_robin, true), round_robin_ends);
}

// A new request of initiator 0 arrives when its last one ends, in time to win again.
const std::vector<std::uint64_t> fixed_ends = {9, 18, 27, 36, 45, 54, 63, 72, 81, 90, 99, 108};

TEST(Interconnect, FixedPriorityServesTheFirstAttachedFirst) {
  EXPECT_EQ(ends_of_contention(Arbitration::fixed, false), fixed_ends);
}

TEST(Interconnect, FixedPriorityDoesNotDependOnTheOrderOfProcesses) {
  EXPECT_EQ(ends_of_contention(Arbitration::fixed, true), fixed_ends);
}

TEST(Interconnect, CountsTheCyclesAnInitiatorWaits) {
  Bench bench({[](Initiator& i) { i.read(base, 64); }, [](Initiator& i) { i.read(base, 64); }});
  bench.run();
  // The second is taken one cycle later and its data follows the first eight beats, seven cycles after it could have
  // come.
  EXPECT_EQ(counter(bench.statistics, "interconnect", "wait_cycles.i0"), 0u);
  EXPECT_EQ(counter(bench.statistics, "interconnect", "wait_cycles.i1"), 8u);
}

TEST(Interconnect, TranslatesDirectMemoryAccess) {
  Bench bench({[](Initiator& i) {
    tlm::tlm_generic_payload payload;
    tlm::tlm_dmi dmi;
    payload.set_read();
    payload.set_address(0x8004);
    ASSERT_TRUE(i.socket->get_direct_mem_ptr(payload, dmi));
    EXPECT_EQ(dmi.get_start_address(), 0x8000u);
    EXPECT_EQ(dmi.get_end_address(), 0x8000u + size - 1);
    EXPECT_EQ(payload.get_address(), 0x8004u);
    dmi.get_dmi_ptr()[4] = 0xAB;
    EXPECT_EQ(i.read(0x8004, 1).value, 0xABu);
    payload.set_address(0x7000);
    EXPECT_FALSE(i.socket->get_direct_mem_ptr(payload, dmi));
  }});
  bench.run();
}

TEST(Interconnect, DebugAccessTakesNoTimeAndCountsNothing) {
  Bench bench({[](Initiator& i) {
    std::array<unsigned char, 8> data{1, 2, 3, 4, 5, 6, 7, 8};
    tlm::tlm_generic_payload payload;
    payload.set_write();
    payload.set_address(base + size - 4);
    payload.set_data_ptr(data.data());
    payload.set_data_length(8);
    EXPECT_EQ(i.socket->transport_dbg(payload), 4u) << "what lies inside the region";
    payload.set_address(0x100);
    EXPECT_EQ(i.socket->transport_dbg(payload), 0u);
    EXPECT_EQ(i.cycle(), 0u);
  }});
  bench.run();
  EXPECT_EQ(bench.near.storage().data()[size - 1], 4);
  EXPECT_THAT(bench.statistics.snapshot(), testing::Each(0u));
}

TEST(Interconnect, RefusesImpossibleConfigurations) {
  Statistics statistics;
  const sc_core::sc_time period(5, sc_core::SC_NS);
  InterconnectConfig config;
  config.width_bytes = 12;
  EXPECT_THROW(Interconnect("a", config, period, statistics), Error);
  config = {};
  config.port_depth = 0;
  Statistics other;
  EXPECT_THROW(Interconnect("b", config, period, other), Error);
}

TEST(Interconnect, RefusesOverlappingRegions) {
  Bench bench({});
  EXPECT_THROW(bench.interconnect.attach_target("x", base + 4, 4, bench.near.socket), Error);
  EXPECT_THROW(bench.interconnect.attach_target("x", base - 4, 8, bench.near.socket), Error);
  EXPECT_THROW(bench.interconnect.attach_target("x", base + size - 1, 0x10, bench.near.socket), Error);
  EXPECT_THROW(bench.interconnect.attach_target("x", 0x20000, 0, bench.near.socket), Error);
  EXPECT_THROW(bench.interconnect.attach_target("x", 0xFFFFFFFFFFFFFFFF, 2, bench.near.socket), Error);
}

}  // namespace
}  // namespace lutra::models
