#include "accelerators/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <numeric>

#include "accelerators/engine/checks.h"
#include "accelerators/family/timing.h"
#include "software/common/error.h"
#include "tests/accelerators/engine/command_stream.h"
#include "tests/accelerators/engine/engine_bench.h"
#include "tests/support/convolution.h"

namespace lutra::accelerators {
namespace {

using test::bytes_of;
using test::CommandStream;
using test::Convolution;
using test::EngineBench;
using test::Memory;

TEST(Engine, ComputesAConvolutionInOverlappingTilesExactly) {
  EngineBench bench;
  const Convolution convolution;
  convolution.put_data(bench.memory);
  const CommandStream stream = convolution.stream();
  bench.simulate([&] {
    EXPECT_EQ(bench.run_stream(stream.bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.memory.get(Convolution::output_address, convolution.expected().size()), convolution.expected());
  });
}

TEST(Engine, EveryUnitsCyclesAddUpToTheElapsedOnes) {
  EngineBench bench;
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] {
    ASSERT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE);
    const auto sum = [&](std::initializer_list<lutra_engine_counter> counters) {
      std::uint64_t total = 0;
      for (const auto counter : counters) total += bench.counter(counter);
      return total;
    };
    const std::uint64_t elapsed = bench.counter(LUTRA_COUNT_ELAPSED);
    EXPECT_EQ(sum({LUTRA_COUNT_LOAD_BUSY, LUTRA_COUNT_LOAD_WAITS_STORE, LUTRA_COUNT_LOAD_WAITS_COMPUTE,
                   LUTRA_COUNT_LOAD_WAITS_COMMAND}),
              elapsed);
    EXPECT_EQ(sum({LUTRA_COUNT_COMPUTE_BUSY, LUTRA_COUNT_COMPUTE_WAITS_LOAD, LUTRA_COUNT_COMPUTE_WAITS_STORE,
                   LUTRA_COUNT_COMPUTE_WAITS_COMMAND}),
              elapsed);
    EXPECT_EQ(sum({LUTRA_COUNT_STORE_BUSY, LUTRA_COUNT_STORE_WAITS_COMPUTE, LUTRA_COUNT_STORE_WAITS_COMMAND}), elapsed);
    EXPECT_LE(sum({LUTRA_COUNT_FETCH_BUSY, LUTRA_COUNT_FETCH_STALLED}), elapsed);

    std::uint64_t predicted = 0;
    for (int tile = 0; tile < Convolution::tiles; ++tile)
      predicted += tile_cycles(convolution.tile(tile), bench.engine.config(), bench.engine.family());
    EXPECT_EQ(bench.counter(LUTRA_COUNT_COMPUTE_BUSY), predicted);
    EXPECT_LT(elapsed, sum({LUTRA_COUNT_LOAD_BUSY, LUTRA_COUNT_COMPUTE_BUSY, LUTRA_COUNT_STORE_BUSY}))
        << "nothing overlapped";
  });
}

TEST(Engine, CausesPartitionTime) {
  EngineBench bench;
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] {
    sc_core::wait(1000 * test::clock_period);
    ASSERT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE);
    const std::uint64_t now = sc_core::sc_time_stamp().value() / test::clock_period.value();
    std::uint64_t sum = 0;
    for (const char* cause : {"idle", "compute", "load", "store", "command"}) sum += bench.event("engine.cause", cause);
    EXPECT_EQ(sum, now);
    EXPECT_EQ(bench.event("engine.cause", "compute"), bench.counter(LUTRA_COUNT_COMPUTE_BUSY));
    EXPECT_GE(bench.event("engine.cause", "idle"), 1000u);
    EXPECT_EQ(now - bench.event("engine.cause", "idle"), bench.counter(LUTRA_COUNT_ELAPSED));
    EXPECT_GT(bench.event("engine.cause", "load"), 0u);
    EXPECT_GT(bench.event("engine.cause", "store"), 0u);
  });
}

TEST(Engine, CountsWhatItMoves) {
  EngineBench bench;
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] {
    ASSERT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE);
    std::uint64_t read = 0, written = 0;
    for (const auto& access : bench.memory.accesses)
      (access.command == tlm::TLM_READ_COMMAND ? read : written) += access.bytes;
    EXPECT_EQ(bench.event("engine.load", "bytes") + bench.event("engine.command", "bytes"), read);
    EXPECT_EQ(bench.event("engine.store", "bytes"), written);
    EXPECT_EQ(written, convolution.expected().size());
    EXPECT_EQ(bench.event("engine.command", "commands"), 3u + 3 * Convolution::tiles);
    EXPECT_EQ(bench.event("engine.array", "multiply_accumulate") + bench.event("engine.array", "zero_multiply"),
              convolution.expected().size() * 9 * Convolution::inputs);
    EXPECT_EQ(bench.event("engine.output_buffer", "read_bytes"), written);
    EXPECT_EQ(bench.event("engine.output_buffer", "write_bytes"), written);
    const std::uint64_t padded_tile = 4 * (Convolution::size + 2) * Convolution::inputs;
    EXPECT_EQ(bench.event("engine.activation_buffer", "write_bytes"), Convolution::tiles * padded_tile);
    EXPECT_EQ(bench.event("engine.post", "scale"), convolution.expected().size());
  });
}

EngineConfig with_weight_memory() {
  EngineConfig config;
  config.weight_memory_bytes = 2048;
  return config;
}

constexpr unsigned offset_word = offsetof(lutra_transfer, offset) / 4 - 1;  // behind the header
constexpr unsigned address_word = offsetof(lutra_transfer, address) / 4 - 1;

// Three loads and three stores, all but the first of each told by what they change.
TEST(Engine, ACommandMayBeToldByWhatItChanges) {
  EngineBench bench;
  std::vector<std::uint8_t> data(192);
  std::iota(data.begin(), data.end(), std::uint8_t{1});
  constexpr std::uint32_t place = Memory::base + 0x100, copy = Memory::base + 0x1000;
  bench.memory.put(place, data);
  bench.simulate([&] {
    CommandStream stream;
    stream.load(bytes_of(LUTRA_BUFFER_OUTPUT, 0, place + 128, 64))
        .load(bytes_of(LUTRA_BUFFER_SKIP, 64, place, 32), LUTRA_SIGNAL_NEXT)  // another buffer in between
        .changes(LUTRA_LOAD, LUTRA_BUFFER_OUTPUT, {{offset_word, 64}, {address_word, place}})
        .changes(LUTRA_LOAD, LUTRA_BUFFER_OUTPUT, {{offset_word, 128}, {address_word, place + 64}})
        .finish();
    ASSERT_EQ(bench.run_stream(stream.bytes()), LUTRA_ERROR_NONE);
    CommandStream back;
    back.store(bytes_of(LUTRA_BUFFER_OUTPUT, 64, copy, 64))
        .changes(LUTRA_STORE, LUTRA_BUFFER_OUTPUT, {{offset_word, 128}, {address_word, copy + 64}})
        .changes(LUTRA_STORE, LUTRA_BUFFER_OUTPUT, {{offset_word, 0}, {address_word, copy + 128}})
        .finish();
    ASSERT_EQ(bench.run_stream(back.bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.memory.get(copy, data.size()), data);
  });
}

TEST(Engine, ResidentWeightsAreLoadedOnceAndReadInEveryStream) {
  EngineBench bench(with_weight_memory());
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] {
    ASSERT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE);
    const std::uint64_t streamed = bench.event("engine.weight_buffer", "read_bytes");
    const std::uint64_t compute = bench.counter(LUTRA_COUNT_COMPUTE_BUSY);
    CommandStream startup;
    startup.load(convolution.weight_load(LUTRA_BUFFER_WEIGHT_MEMORY, 0)).finish();
    ASSERT_EQ(bench.run_stream(startup.bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.event("engine.weight_memory", "write_bytes"), convolution.weight_bytes());
    bench.memory.put(Convolution::weight_address, std::vector<std::uint8_t>(convolution.weight_bytes()));
    for (std::uint64_t frame = 1; frame <= 2; ++frame) {
      bench.memory.put(Convolution::output_address, std::vector<std::uint8_t>(convolution.expected().size()));
      ASSERT_EQ(bench.run_stream(convolution.resident_stream().bytes()), LUTRA_ERROR_NONE);
      EXPECT_EQ(bench.memory.get(Convolution::output_address, convolution.expected().size()), convolution.expected());
      EXPECT_EQ(bench.event("engine.weight_memory", "read_bytes"), frame * streamed);
      EXPECT_EQ(bench.counter(LUTRA_COUNT_COMPUTE_BUSY), compute);
    }
    EXPECT_EQ(bench.event("engine.weight_buffer", "read_bytes"), streamed);
    EXPECT_EQ(bench.event("engine.weight_memory", "write_bytes"), convolution.weight_bytes());
  });
}

TEST(Engine, WeightsThatNoLoadHasWrittenAreAnError) {
  EngineBench bench(with_weight_memory());
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] {
    const auto load = [&](lutra_transfer transfer) {
      return bench.run_stream(CommandStream().load(transfer).finish().bytes());
    };
    EXPECT_EQ(bench.run_stream(convolution.resident_stream().bytes()), LUTRA_ERROR_UNWRITTEN);
    EXPECT_EQ(load(convolution.weight_load(LUTRA_BUFFER_WEIGHT_MEMORY, 4)), LUTRA_ERROR_UNWRITTEN) << "a hole";
    lutra_transfer part = convolution.weight_load(LUTRA_BUFFER_WEIGHT_MEMORY, 0);
    part.element_bytes -= 1;
    ASSERT_EQ(load(part), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.run_stream(convolution.resident_stream().bytes()), LUTRA_ERROR_UNWRITTEN);
    lutra_transfer refused = convolution.weight_load(LUTRA_BUFFER_WEIGHT_MEMORY, 0);
    refused.address = 0x1000;
    EXPECT_EQ(load(refused), LUTRA_ERROR_BUS);
    EXPECT_EQ(bench.run_stream(convolution.resident_stream().bytes()), LUTRA_ERROR_UNWRITTEN);
    ASSERT_EQ(load(convolution.weight_load(LUTRA_BUFFER_WEIGHT_MEMORY, 0)), LUTRA_ERROR_NONE);
    ASSERT_EQ(bench.run_stream(convolution.resident_stream().bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.memory.get(Convolution::output_address, convolution.expected().size()), convolution.expected());
  });
}

EngineConfig with_map_memory() {
  EngineConfig config;
  config.map_memory_bytes = 4096;
  return config;
}

lutra_transfer in_maps(lutra_transfer transfer) {
  transfer.memory = LUTRA_MEMORY_MAPS;
  return transfer;
}

TEST(Engine, WhatAStoreLeavesInTheMapMemoryLaterStreamsLoad) {
  EngineBench bench(with_map_memory());
  bench.simulate([&] {
    std::vector<std::uint8_t> data(1024);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 37 + i / 256);
    bench.memory.put(Memory::base, data);
    const auto run = [&](const CommandStream& stream) {
      return bench.run_stream(CommandStream(stream).finish().bytes());
    };
    const std::uint32_t address = Memory::base, copy = Memory::base + 4096;
    // Pixels of 24 bytes from memory to the output buffer, and every second of them from there into maps of 48 a pixel.
    lutra_transfer pixels = bytes_of(LUTRA_BUFFER_OUTPUT, 0, 64, 24);
    pixels.rows = 4;
    pixels.columns = 8;
    pixels.column_pitch = 48;
    pixels.row_pitch = 8 * 48;
    ASSERT_EQ(run(CommandStream().load(bytes_of(LUTRA_BUFFER_OUTPUT, 0, address, 768))), LUTRA_ERROR_NONE);
    ASSERT_EQ(run(CommandStream().store(in_maps(pixels))), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.event("engine.map_memory", "write_bytes"), 768u);
    EXPECT_EQ(bench.event("engine.store", "bytes"), 0u);
    ASSERT_EQ(run(CommandStream().load(bytes_of(LUTRA_BUFFER_OUTPUT, 0, copy, 768))), LUTRA_ERROR_NONE)
        << "overwritten";
    const std::uint64_t over_bus = bench.event("engine.load", "bytes");
    ASSERT_EQ(run(CommandStream().load(in_maps(pixels))), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.event("engine.map_memory", "read_bytes"), 768u);
    EXPECT_EQ(bench.event("engine.load", "bytes"), over_bus);
    ASSERT_EQ(run(CommandStream().store(bytes_of(LUTRA_BUFFER_OUTPUT, 0, copy, 768))), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.memory.get(copy, 768), std::vector<std::uint8_t>(data.begin(), data.begin() + 768));
  });
}

TEST(Engine, TheMapMemoryMovesAWordOf16BytesPerCycle) {
  EngineBench bench(with_map_memory());
  bench.simulate([&] {
    const auto busy = [&](lutra_transfer transfer) {
      EXPECT_EQ(bench.run_stream(CommandStream().load(in_maps(transfer)).finish().bytes()), LUTRA_ERROR_NONE);
      return bench.counter(LUTRA_COUNT_LOAD_BUSY);
    };
    constexpr std::uint64_t latency = memory_latency;
    EXPECT_EQ(busy(bytes_of(LUTRA_BUFFER_SKIP, 0, 0, 1)), latency + 1);
    EXPECT_EQ(busy(bytes_of(LUTRA_BUFFER_SKIP, 0, 0, 1024)), latency + 64);
    EXPECT_EQ(busy(bytes_of(LUTRA_BUFFER_SKIP, 0, 8, 1024)), latency + 65) << "begins within a word";
    lutra_transfer pixels = bytes_of(LUTRA_BUFFER_SKIP, 0, 0, 4);
    pixels.columns = 10;
    pixels.column_pitch = 64;
    EXPECT_EQ(busy(pixels), latency + 10) << "pieces that do not touch";
    lutra_transfer padded = bytes_of(LUTRA_BUFFER_ACTIVATION, 0, 0, 16);
    padded.pad_left = 99;
    EXPECT_EQ(busy(padded), 100u) << "the buffer's port writes the padding too";
  });
}

TEST(Engine, MapsBeyondTheMapMemoryEndTheStreamAtTheirCommand) {
  EngineBench bench(with_map_memory());
  bench.simulate([&] {
    const lutra_transfer good = in_maps(bytes_of(LUTRA_BUFFER_OUTPUT, 0, 4096 - 64, 64));
    const lutra_transfer bad = in_maps(bytes_of(LUTRA_BUFFER_OUTPUT, 0, 4096 - 63, 64));
    EXPECT_EQ(bench.run_stream(CommandStream().load(good).load(bad).finish().bytes()), LUTRA_ERROR_BOUNDS);
    EXPECT_EQ(bench.read(LUTRA_ENGINE_ERROR_DETAIL), sizeof(lutra_transfer));
    EXPECT_EQ(bench.run_stream(CommandStream().store(good).finish().bytes()), LUTRA_ERROR_NONE);
  });
}

TEST(Engine, LoadsFillTheMapMemoryFromMainMemory) {
  EngineBench bench(with_map_memory());
  bench.simulate([&] {
    const std::vector<std::uint8_t> data{3, 1, 4, 1, 5, 9, 2, 6};
    const std::uint32_t copy = Memory::base + 4096;
    bench.memory.put(Memory::base, data);
    const auto run = [&](const CommandStream& stream) {
      return bench.run_stream(CommandStream(stream).finish().bytes());
    };
    ASSERT_EQ(run(CommandStream().load(bytes_of(LUTRA_BUFFER_MAP_MEMORY, 40, Memory::base, 8))), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.event("engine.map_memory", "write_bytes"), 8u);
    ASSERT_EQ(run(CommandStream().load(in_maps(bytes_of(LUTRA_BUFFER_OUTPUT, 0, 40, 8)))), LUTRA_ERROR_NONE);
    ASSERT_EQ(run(CommandStream().store(bytes_of(LUTRA_BUFFER_OUTPUT, 0, copy, 8))), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.memory.get(copy, 8), data);
  });
}

TEST(Engine, RunsAStreamThatLiesInItsCommandMemoryWithoutTheBus) {
  EngineConfig config;
  config.command_memory_bytes = 4096;
  EngineBench bench(config);
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] {
    const std::vector<std::uint8_t> stream = convolution.stream().bytes();
    const auto bytes = static_cast<std::uint32_t>(stream.size());
    constexpr std::uint32_t copy = Memory::base + 0x8000, place = 64;
    bench.memory.put(copy, stream);
    ASSERT_EQ(bench.run_stream(
                  CommandStream().load(bytes_of(LUTRA_BUFFER_COMMAND_MEMORY, place, copy, bytes)).finish().bytes()),
              LUTRA_ERROR_NONE);
    const std::uint64_t over_bus = bench.event("engine.command", "bytes");
    const auto run_at = [&](std::uint32_t address) {
      bench.write(LUTRA_ENGINE_STREAM_ADDRESS, address);
      bench.write(LUTRA_ENGINE_STREAM_BYTES, bytes);
      bench.write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
      sc_core::wait(sc_core::sc_time(1, sc_core::SC_MS), bench.interrupt.posedge_event());
      bench.write(LUTRA_ENGINE_IRQ_STATUS, 1);
      sc_core::wait(2 * test::clock_period);
      return bench.read(LUTRA_ENGINE_ERROR_CODE);
    };
    for (int frame = 1; frame <= 2; ++frame) {
      bench.memory.put(Convolution::output_address, std::vector<std::uint8_t>(convolution.expected().size()));
      EXPECT_EQ(run_at(place | LUTRA_STREAM_RESIDENT), std::uint32_t{LUTRA_ERROR_NONE});
      EXPECT_EQ(bench.memory.get(Convolution::output_address, convolution.expected().size()), convolution.expected());
    }
    EXPECT_EQ(bench.event("engine.command", "bytes"), over_bus);
    EXPECT_EQ(bench.event("engine.command_memory", "read_bytes"), 2 * stream.size());
    EXPECT_EQ(bench.event("engine.command_memory", "write_bytes"), stream.size());
    EXPECT_EQ(run_at(4096 | LUTRA_STREAM_RESIDENT), std::uint32_t{LUTRA_ERROR_BOUNDS});
    EXPECT_EQ(bench.read(LUTRA_ENGINE_ERROR_DETAIL), 0u);
    EXPECT_EQ(run_at(3072 | LUTRA_STREAM_RESIDENT), std::uint32_t{LUTRA_ERROR_OPCODE}) << "nothing was loaded there";
  });
}

TEST(Engine, BurstsStayWithinTheirBoundariesAndTheirNumberInFlight) {
  EngineConfig config;
  config.burst_bytes = 32;
  config.outstanding = 2;
  EngineBench bench(config);
  bench.memory.latency_cycles = 100;
  CommandStream stream;
  stream.load(bytes_of(LUTRA_BUFFER_WEIGHT, 0, 0x80000010, 256)).finish();
  bench.simulate([&] {
    ASSERT_EQ(bench.run_stream(stream.bytes()), LUTRA_ERROR_NONE);
    std::vector<sc_core::sc_time> times;
    for (const auto& access : bench.memory.accesses) {
      EXPECT_LE(access.address % 32 + access.bytes, 32u);
      if (access.address < EngineBench::stream_address) times.push_back(access.time);
    }
    ASSERT_EQ(times.size(), 9u);  // 16 + 7 * 32 + 16
    // Two leave in successive cycles; each further one when the burst two places before it has arrived.
    EXPECT_EQ(times[1] - times[0], test::clock_period);
    EXPECT_EQ(times[2] - times[0], 102 * test::clock_period);
    EXPECT_EQ(times[3] - times[1], 104 * test::clock_period);
    EXPECT_EQ(times[4] - times[2], 104 * test::clock_period);
  });
}

TEST(Engine, ALoadTakesItsBurstsTimeOrItsBufferPortsTime) {
  EngineBench bench;
  bench.simulate([&] {
    CommandStream small;
    small.load(bytes_of(LUTRA_BUFFER_WEIGHT, 0, 0x80000000, 64)).finish();
    ASSERT_EQ(bench.run_stream(small.bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.counter(LUTRA_COUNT_LOAD_BUSY), 20u + 8);

    lutra_transfer padded = bytes_of(LUTRA_BUFFER_ACTIVATION, 0, 0x80000000, 64);
    padded.pad_left = 31;  // 32 elements of 64 bytes through a port of 16 bytes
    CommandStream wide;
    wide.load(padded).finish();
    ASSERT_EQ(bench.run_stream(wide.bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.counter(LUTRA_COUNT_LOAD_BUSY), 128u);
  });
}

TEST(Engine, AStoresFirstBurstLeavesACycleAfterItBegins) {
  EngineBench bench;
  bench.simulate([&] {
    const lutra_transfer store = bytes_of(LUTRA_BUFFER_OUTPUT, 0, 0x80000000, 64);
    ASSERT_EQ(bench.run_stream(CommandStream().store(store).finish().bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench.counter(LUTRA_COUNT_STORE_BUSY), 1u + 20 + 8);
  });
}

TEST(Engine, AFullQueueStallsTheCommandProcessor) {
  EngineConfig config;
  config.command_queue = 1;
  EngineBench bench(config);
  CommandStream stream;
  for (int i = 0; i < 6; ++i) stream.load(bytes_of(LUTRA_BUFFER_WEIGHT, 0, 0x80000000, 1024));
  stream.finish();
  bench.simulate([&] {
    ASSERT_EQ(bench.run_stream(stream.bytes()), LUTRA_ERROR_NONE);
    EXPECT_GT(bench.counter(LUTRA_COUNT_FETCH_STALLED), 0u);
    EXPECT_EQ(bench.event("engine.load", "bytes"), 6u * 1024);
  });
}

TEST(Engine, TwoRunsGiveTheSameCounters) {
  EngineBench bench;
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] {
    std::vector<std::vector<std::uint64_t>> runs(2);
    for (auto& run : runs) {
      ASSERT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE);
      for (int i = 0; i < LUTRA_ENGINE_COUNTER_COUNT; ++i)
        run.push_back(bench.counter(static_cast<lutra_engine_counter>(i)));
    }
    EXPECT_EQ(runs[0], runs[1]);
  });
}

TEST(EngineRegisters, SayWhatTheEngineIs) {
  EngineBench bench;
  bench.simulate([&] {
    EXPECT_EQ(bench.read(LUTRA_ENGINE_ID), LUTRA_ENGINE_ID_VALUE);
    EXPECT_EQ(bench.read(LUTRA_ENGINE_VERSION), LUTRA_ENGINE_VERSION_VALUE);
    EXPECT_EQ(bench.read(LUTRA_ENGINE_FAMILY), family_id("mac"));
    EXPECT_EQ(bench.read(LUTRA_ENGINE_SHAPE), 0x00011010u);
    EXPECT_EQ(bench.read(LUTRA_ENGINE_STATUS), 0u);
    bench.write(LUTRA_ENGINE_STREAM_ADDRESS, 0x80000007);
    EXPECT_EQ(bench.read(LUTRA_ENGINE_STREAM_ADDRESS), 0x80000004u);
  });
}

TEST(EngineRegisters, RefuseForbiddenAndUnmappedAccesses) {
  EngineBench bench;
  bench.simulate([&] {
    std::uint32_t value = 1;
    EXPECT_EQ(bench.access(tlm::TLM_WRITE_COMMAND, LUTRA_ENGINE_ID, value), tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(bench.access(tlm::TLM_READ_COMMAND, LUTRA_ENGINE_CONTROL, value), tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(bench.access(tlm::TLM_READ_COMMAND, 0x7C, value), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(bench.access(tlm::TLM_READ_COMMAND, 0x0D, value), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(bench.access(tlm::TLM_READ_COMMAND, LUTRA_ENGINE_STATUS, value, 2), tlm::TLM_BURST_ERROR_RESPONSE);
  });
}

TEST(EngineRegisters, TheInterruptIsALevelThatSoftwareMasksAndClears) {
  EngineBench bench;
  CommandStream stream;
  stream.finish();
  bench.simulate([&] {
    bench.start(stream.bytes());
    EXPECT_EQ(bench.read(LUTRA_ENGINE_STATUS), LUTRA_ENGINE_STATUS_BUSY);
    bench.write(LUTRA_ENGINE_IRQ_ENABLE, 0);
    sc_core::wait(1000 * test::clock_period);
    EXPECT_EQ(bench.read(LUTRA_ENGINE_STATUS), LUTRA_ENGINE_STATUS_DONE);
    EXPECT_EQ(bench.read(LUTRA_ENGINE_IRQ_STATUS), 1u);
    EXPECT_FALSE(bench.interrupt.read());
    bench.write(LUTRA_ENGINE_IRQ_ENABLE, 1);
    sc_core::wait(test::clock_period);
    EXPECT_TRUE(bench.interrupt.read());
    bench.write(LUTRA_ENGINE_IRQ_STATUS, 1);
    sc_core::wait(test::clock_period);
    EXPECT_FALSE(bench.interrupt.read());
  });
}

TEST(EngineRegisters, DebugAccessReadsAndChangesNothing) {
  EngineBench bench;
  bench.simulate([&] {
    std::uint32_t value = 0;
    tlm::tlm_generic_payload transaction;
    transaction.set_command(tlm::TLM_READ_COMMAND);
    transaction.set_address(LUTRA_ENGINE_COUNTERS);
    transaction.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    transaction.set_data_length(4);
    EXPECT_EQ(bench.bus->transport_dbg(transaction), 4u);
    transaction.set_command(tlm::TLM_WRITE_COMMAND);
    transaction.set_address(LUTRA_ENGINE_CONTROL);
    value = LUTRA_ENGINE_CONTROL_START;
    EXPECT_EQ(bench.bus->transport_dbg(transaction), 0u);
    EXPECT_FALSE(bench.engine.running());
  });
}

TEST(Shell, NamesAKnobItCannotBuild) {
  using ::testing::HasSubstr;
  using ::testing::ThrowsMessage;
  EngineConfig config;
  config.burst_bytes = 48;
  EXPECT_THAT([&] { check_shell(config); }, ThrowsMessage<Error>(HasSubstr("burst_bytes is 48")));
  config = {};
  config.outstanding = 0;
  EXPECT_THAT([&] { check_shell(config); }, ThrowsMessage<Error>(HasSubstr("outstanding is 0")));
  config = {};
  config.skip_buffer_bytes = -1;
  EXPECT_THAT([&] { check_shell(config); }, ThrowsMessage<Error>(HasSubstr("skip_buffer_bytes is -1")));
}

}  // namespace
}  // namespace lutra::accelerators
