#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <utility>

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
using test::simple_tile;

EngineConfig small_buffers() {
  EngineConfig config;
  config.activation_buffer_bytes = config.output_buffer_bytes = 2 * Convolution::half;
  config.weight_buffer_bytes = config.skip_buffer_bytes = config.accumulator_buffer_bytes = 2048;
  config.parameter_buffer_bytes = 512;
  config.map_memory_bytes = 4096;
  return config;
}

class Hostile : public ::testing::Test {
 protected:
  // The engine must still compute a convolution exactly.
  void expect_recovered() {
    const Convolution convolution;
    convolution.put_data(bench_.memory);
    EXPECT_EQ(bench_.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench_.memory.get(Convolution::output_address, convolution.expected().size()), convolution.expected());
  }
  void expect_error(const CommandStream& stream, lutra_engine_error error, std::uint32_t detail) {
    EXPECT_EQ(bench_.run_stream(stream.bytes()), error);
    EXPECT_EQ(bench_.read(LUTRA_ENGINE_ERROR_DETAIL), detail);
  }

  EngineBench bench_{small_buffers()};
};

TEST_F(Hostile, UnknownCommandsAreNamedByTheirPlace) {
  bench_.simulate([&] {
    const auto good = bytes_of(LUTRA_BUFFER_WEIGHT, 0, Memory::base, 64);
    constexpr std::uint32_t second = sizeof(lutra_transfer);
    expect_error(CommandStream().load(good).append(lutra_command{9, 0, 4}), LUTRA_ERROR_OPCODE, second);
    expect_error(CommandStream().load(good).append(lutra_command{LUTRA_FINISH, 0, 8}), LUTRA_ERROR_OPCODE, second);
    expect_error(CommandStream().load(good).append(lutra_command{LUTRA_LOAD, 0, 0}), LUTRA_ERROR_OPCODE, second);
    expect_error(CommandStream().load(good).load(good, LUTRA_SIGNAL_PREVIOUS), LUTRA_ERROR_OPCODE, second);
    expect_error(CommandStream().load(good).store(good, LUTRA_WAIT_NEXT), LUTRA_ERROR_OPCODE, second);
    expect_error(CommandStream().load(good).load(good, 16), LUTRA_ERROR_OPCODE, second);
    expect_recovered();
  });
}

TEST_F(Hostile, ChangesOfNothingOrOfWordsThatAreNotAreNamedByTheirPlace) {
  bench_.simulate([&] {
    const auto good = bytes_of(LUTRA_BUFFER_WEIGHT, 0, Memory::base, 64);
    constexpr std::uint32_t second = sizeof(lutra_transfer);
    constexpr unsigned words = sizeof(lutra_transfer) / 4 - 1;
    const auto expect_refused = [&](lutra_opcode opcode, lutra_buffer buffer,
                                    std::initializer_list<std::pair<unsigned, std::uint32_t>> changes) {
      expect_error(CommandStream().load(good).changes(opcode, buffer, changes), LUTRA_ERROR_OPCODE, second);
    };
    expect_refused(LUTRA_LOAD, LUTRA_BUFFER_SKIP, {});
    expect_refused(LUTRA_STORE, LUTRA_BUFFER_WEIGHT, {});
    expect_refused(LUTRA_TILE, LUTRA_BUFFER_ACTIVATION, {});
    expect_refused(LUTRA_FINISH, LUTRA_BUFFER_ACTIVATION, {});
    expect_refused(LUTRA_LOAD, LUTRA_BUFFER_WEIGHT, {{words, 0}});
    const auto opcode = static_cast<std::uint8_t>(LUTRA_CHANGES | LUTRA_BUFFER_WEIGHT << 4 | LUTRA_LOAD);
    // Sizes that cannot be, a marked word that does not follow, and one that follows unmarked.
    for (const auto& [bytes, marks] : {std::pair{4, 0u}, {6, 0u}, {72, 0u}, {8, 1u}, {12, 0u}, {12, 3u}})
      expect_error(CommandStream()
                       .load(good)
                       .append(lutra_command{opcode, 0, static_cast<std::uint16_t>(bytes)})
                       .append(marks)
                       .append(std::array<std::uint32_t, 16>{}),
                   LUTRA_ERROR_OPCODE, second);
    expect_recovered();
  });
}

TEST_F(Hostile, AStreamThatEndsWithoutFinishIsAnError) {
  bench_.simulate([&] {
    const auto good = bytes_of(LUTRA_BUFFER_WEIGHT, 0, Memory::base, 64);
    expect_error(CommandStream(), LUTRA_ERROR_STREAM, 0);
    expect_error(CommandStream().load(good), LUTRA_ERROR_STREAM, sizeof(lutra_transfer));
    expect_error(CommandStream().append(lutra_command{LUTRA_LOAD, 0, sizeof(lutra_transfer)}), LUTRA_ERROR_STREAM, 0);
    expect_recovered();
  });
}

TEST_F(Hostile, ARefusedMemoryAccessIsABusError) {
  bench_.simulate([&] {
    const auto good = bytes_of(LUTRA_BUFFER_WEIGHT, 0, Memory::base, 64);
    const auto bad = bytes_of(LUTRA_BUFFER_WEIGHT, 0, 0x1000, 640);
    const auto bad_store = bytes_of(LUTRA_BUFFER_OUTPUT, 0, 0x1000, 640);
    constexpr std::uint32_t second = sizeof(lutra_transfer);
    expect_error(CommandStream().load(good).load(bad).finish(), LUTRA_ERROR_BUS, second);
    expect_error(CommandStream().load(good).store(bad_store).finish(), LUTRA_ERROR_BUS, second);
    bench_.write(LUTRA_ENGINE_STREAM_ADDRESS, 0x1000);
    bench_.write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
    sc_core::wait(bench_.interrupt.posedge_event());
    EXPECT_EQ(bench_.read(LUTRA_ENGINE_ERROR_CODE), static_cast<std::uint32_t>(LUTRA_ERROR_BUS));
    expect_recovered();
  });
}

TEST_F(Hostile, ATileOutsideItsBuffersIsRefusedBeforeItRuns) {
  bench_.simulate([&] {
    lutra_tile tile = simple_tile(LUTRA_TILE_MATRIX, 4, 4, 8);
    tile.weight_offset = 5000;
    expect_error(CommandStream().tile(tile).finish(), LUTRA_ERROR_BOUNDS, 0);
    EXPECT_EQ(bench_.counter(LUTRA_COUNT_COMPUTE_BUSY), 0u);
    expect_recovered();
  });
}

TEST_F(Hostile, AnImpossibleShiftAmongTheParametersIsAnOperandError) {
  bench_.simulate([&] {
    std::vector<std::uint8_t> parameters(sizeof(lutra_requantise));
    test::put(parameters, 0, test::requantise(1, 0, 200));
    bench_.memory.put(Memory::base, parameters);
    lutra_tile tile = simple_tile(LUTRA_TILE_SUM, 1, 1, 1);
    CommandStream stream;
    stream.load(bytes_of(LUTRA_BUFFER_PARAMETER, 0, Memory::base, sizeof(lutra_requantise)), LUTRA_SIGNAL_NEXT);
    stream.tile(tile, LUTRA_WAIT_PREVIOUS).finish();
    expect_error(stream, LUTRA_ERROR_OPERAND, sizeof(lutra_transfer));
    expect_recovered();
  });
}

TEST_F(Hostile, ATokenThatNeverComesIsADeadlockAndNotAHang) {
  bench_.simulate([&] {
    const auto good = bytes_of(LUTRA_BUFFER_WEIGHT, 0, Memory::base, 64);
    const auto results = bytes_of(LUTRA_BUFFER_OUTPUT, 0, Memory::base, 64);
    const lutra_tile tile = simple_tile(LUTRA_TILE_SUM, 1, 1, 1);
    EXPECT_EQ(bench_.run_stream(CommandStream().tile(tile, LUTRA_WAIT_PREVIOUS).finish().bytes()),
              LUTRA_ERROR_DEADLOCK);
    EXPECT_EQ(bench_.run_stream(CommandStream().load(good, LUTRA_WAIT_NEXT).finish().bytes()), LUTRA_ERROR_DEADLOCK);
    EXPECT_EQ(bench_.run_stream(CommandStream().store(results, LUTRA_WAIT_PREVIOUS).finish().bytes()),
              LUTRA_ERROR_DEADLOCK);
    // The queue is full, and what would help lies behind it in the stream.
    CommandStream full;
    for (int i = 0; i < 20; ++i) full.tile(tile, LUTRA_WAIT_PREVIOUS);
    full.load(good, LUTRA_SIGNAL_NEXT).finish();
    EXPECT_EQ(bench_.run_stream(full.bytes()), LUTRA_ERROR_DEADLOCK);
    // Each waits for the other.
    CommandStream circle;
    circle.load(good, LUTRA_WAIT_NEXT | LUTRA_SIGNAL_NEXT).tile(tile, LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_PREVIOUS);
    EXPECT_EQ(bench_.run_stream(circle.finish().bytes()), LUTRA_ERROR_DEADLOCK);
    expect_recovered();
  });
}

TEST_F(Hostile, TokensLeftOverDoNotReachTheNextStream) {
  bench_.simulate([&] {
    const auto good = bytes_of(LUTRA_BUFFER_WEIGHT, 0, Memory::base, 64);
    const lutra_tile tile = simple_tile(LUTRA_TILE_SUM, 1, 1, 1);
    EXPECT_EQ(bench_.run_stream(CommandStream().load(good, LUTRA_SIGNAL_NEXT).finish().bytes()), LUTRA_ERROR_NONE);
    EXPECT_EQ(bench_.run_stream(CommandStream().tile(tile, LUTRA_WAIT_PREVIOUS).finish().bytes()),
              LUTRA_ERROR_DEADLOCK);
  });
}

TEST_F(Hostile, AStartWhileBusyStopsTheStream) {
  bench_.simulate([&] {
    const Convolution convolution;
    convolution.put_data(bench_.memory);
    bench_.start(convolution.stream().bytes());
    sc_core::wait(300 * test::clock_period);
    bench_.write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
    sc_core::wait(sc_core::sc_time(1, sc_core::SC_MS), bench_.interrupt.posedge_event());
    EXPECT_EQ(bench_.read(LUTRA_ENGINE_STATUS), LUTRA_ENGINE_STATUS_ERROR);
    EXPECT_EQ(bench_.read(LUTRA_ENGINE_ERROR_CODE), static_cast<std::uint32_t>(LUTRA_ERROR_BUSY));
    expect_recovered();
  });
}

TEST_F(Hostile, MutatedStreamsEndInTimeAndLeaveTheEngineWhole) {
  const std::uint32_t seed = 20240612;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::Random random(seed);
  const Convolution convolution;
  const std::vector<std::uint8_t> good = convolution.stream().bytes();
  int refused = 0;
  bench_.simulate([&] {
    convolution.put_data(bench_.memory);
    for (int round = 0; round < 1500; ++round) {
      std::vector<std::uint8_t> stream = good;
      for (int change = random.between(1, 4); change > 0; --change) {
        auto& byte = stream[static_cast<std::size_t>(random.between(0, static_cast<int>(stream.size()) - 1))];
        byte = static_cast<std::uint8_t>(random.chance(2) ? byte ^ 1 << random.between(0, 7) : random.between(0, 255));
      }
      if (random.chance(10))
        stream.resize(static_cast<std::size_t>(random.between(0, static_cast<int>(good.size()) / 4)) * 4);
      const std::uint32_t error = bench_.run_stream(stream);
      ASSERT_LE(error, static_cast<std::uint32_t>(LUTRA_ERROR_DEADLOCK)) << "round " << round;
      refused += error == LUTRA_ERROR_NONE ? 0 : 1;
      bench_.memory.accesses.clear();
    }
    expect_recovered();
  });
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace lutra::accelerators
