#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/interface/registers.h"
#include "software/compiler/compiler.h"
#include "tests/software/compiler/support/commands.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

using accelerators::EngineConfig;
using accelerators::MapPlace;
using compiler::MapPlan;
using compiler::Program;
using testing::HasSubstr;

// A network of several operations that an engine computes all of.
constexpr std::uint64_t network_seed = 3;

Program compile(MapPlace place, int memory_bytes) {
  EngineConfig engine;
  engine.activation_bits = 16;
  engine.lanes = 2;
  engine.map_memory_bytes = memory_bytes;
  return compiler::compile(test::random_network(network_seed), engine, accelerators::make_family(engine).get(),
                           {.allow_cpu_fallback = true, .memory = {.activations = place}});
}

// Bytes that a frame's transfers move to and from one memory.
std::uint64_t moved(const Program& program, lutra_memory memory, std::initializer_list<lutra_buffer> buffers) {
  std::uint64_t bytes = 0;
  struct Visit {
    std::uint64_t& bytes;
    lutra_memory memory;
    std::initializer_list<lutra_buffer> buffers;
    void operator()(const lutra_command&) const {}
    void operator()(const lutra_tile&) const {}
    void operator()(const lutra_transfer& t) const {
      if (t.memory == memory && std::find(buffers.begin(), buffers.end(), t.buffer) != buffers.end())
        bytes += std::uint64_t{t.rows} * t.columns * t.element_bytes;
    }
  };
  for (const lutra_op& op : test::ops_of(program.image))
    if (op.commands != 0) test::for_each_command(test::stream_of(program.image, op), Visit{bytes, memory, buffers});
  return bytes;
}

constexpr std::initializer_list<lutra_buffer> activations = {LUTRA_BUFFER_ACTIVATION, LUTRA_BUFFER_SKIP,
                                                             LUTRA_BUFFER_OUTPUT};
constexpr std::initializer_list<lutra_buffer> constants = {LUTRA_BUFFER_WEIGHT, LUTRA_BUFFER_PARAMETER};

std::uint64_t bytes_elsewhere(const Program& program) {
  std::uint64_t bytes = 0;
  for (const MapPlan& map : program.maps) bytes += map.stays ? 0 : map.bytes;
  return bytes;
}

TEST(MapMemory, KeepsFeatureMapsAndNothingElseOnChip) {
  const Program dram = compile(MapPlace::dram, 1 << 20);
  EXPECT_TRUE(dram.maps.empty());
  EXPECT_EQ(dram.map_bytes, 0u);
  EXPECT_EQ(moved(dram, LUTRA_MEMORY_MAPS, activations), 0u);
  const Program kept = compile(MapPlace::on_chip, 1 << 20);
  EXPECT_GT(moved(kept, LUTRA_MEMORY_MAPS, activations), 0u);
  EXPECT_EQ(moved(kept, LUTRA_MEMORY_MAPS, constants), 0u);
  EXPECT_LT(moved(kept, LUTRA_MEMORY_MAIN, activations), moved(dram, LUTRA_MEMORY_MAIN, activations));
  EXPECT_LT(test::header_of(kept.image).memory_bytes, test::header_of(dram.image).memory_bytes);
}

TEST(MapMemory, WhatTheHostOrTheHartUsesStaysInMainMemory) {
  const Program kept = compile(MapPlace::on_chip, 1 << 20);
  for (const MapPlan& map : kept.maps) {
    EXPECT_NE(map.elsewhere, "no room");
    bool on_engine = true;
    for (const int op : {map.first, map.last})
      on_engine = on_engine && kept.ops[static_cast<std::size_t>(op)].on_engine;
    EXPECT_TRUE(on_engine || !map.stays) << map.name;
  }
  const lutra_op first = test::ops_of(kept.image).front();
  const lutra_image header = test::header_of(kept.image);
  EXPECT_EQ(first.input.memory, LUTRA_MEMORY_MAIN);
  EXPECT_EQ(first.input.address, header.frame);
}

TEST(MapMemory, RefusesWhatDoesNotFitWithTheBytesAndTheWayOut) {
  const auto needed = static_cast<int>(compile(MapPlace::on_chip, 1 << 20).map_bytes);
  EXPECT_EQ(compile(MapPlace::on_chip, needed).map_bytes, static_cast<std::uint64_t>(needed));
  try {
    compile(MapPlace::on_chip, needed - 1);
    FAIL() << "compiled";
  } catch (const compiler::NoRoom& error) {
    EXPECT_THAT(error.what(), HasSubstr("engine.map_memory_bytes"));
    EXPECT_THAT(error.what(), HasSubstr("need " + std::to_string(needed) + " bytes"));
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(needed - 1) + " are given"));
    EXPECT_THAT(error.what(), HasSubstr("activations: auto"));
  }
}

Program compile_constants(int map_bytes, int command_bytes) {
  EngineConfig engine;
  engine.activation_bits = 16;
  engine.lanes = 2;
  engine.map_memory_bytes = map_bytes;
  engine.command_memory_bytes = command_bytes;
  accelerators::MemoryUse memory;
  memory.parameters = memory.commands = accelerators::ConstantPlace::resident;
  return compiler::compile(test::random_network(network_seed), engine, accelerators::make_family(engine).get(),
                           {.allow_cpu_fallback = true, .memory = memory});
}

TEST(MapMemory, ParametersAndCommandsThatStayAreLoadedAtStartUpAlone) {
  const Program kept = compile_constants(1 << 16, 1 << 18);
  EXPECT_GT(kept.parameter_bytes, 0u);
  EXPECT_EQ(kept.map_bytes, kept.parameter_bytes);
  EXPECT_EQ(moved(kept, LUTRA_MEMORY_MAIN, {LUTRA_BUFFER_PARAMETER}), 0u);
  EXPECT_GT(moved(kept, LUTRA_MEMORY_MAPS, {LUTRA_BUFFER_PARAMETER}), 0u);
  EXPECT_NE(test::header_of(kept.image).startup, 0u);
  std::uint64_t end = 0;
  for (const lutra_op& op : test::ops_of(kept.image)) {
    if (op.commands == 0) continue;
    EXPECT_EQ(op.commands, end | LUTRA_STREAM_RESIDENT);
    end = (end + op.command_bytes + 15) / 16 * 16;
  }
  EXPECT_EQ(kept.command_bytes, end);
  const auto refusal = [](std::uint64_t map_bytes, std::uint64_t command_bytes) -> std::string {
    try {
      compile_constants(static_cast<int>(map_bytes), static_cast<int>(command_bytes));
    } catch (const compiler::NoRoom& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal(kept.parameter_bytes, kept.command_bytes), "");
  EXPECT_THAT(refusal(kept.parameter_bytes - 1, kept.command_bytes),
              HasSubstr("engine.map_memory_bytes: the parameters"));
  EXPECT_THAT(refusal(kept.parameter_bytes, kept.command_bytes - 1),
              HasSubstr("need " + std::to_string(kept.command_bytes) + " bytes to stay on chip"));
}

TEST(MapMemory, SpillsLessTheMoreRoomThereIs) {
  const auto needed = static_cast<int>(compile(MapPlace::on_chip, 1 << 20).map_bytes);
  const Program none = compile(MapPlace::automatic, 0);
  const Program half = compile(MapPlace::automatic, needed / 2);
  const Program all = compile(MapPlace::automatic, needed);
  EXPECT_EQ(none.map_bytes, 0u);
  EXPECT_LE(half.map_bytes, static_cast<std::uint64_t>(needed / 2));
  EXPECT_GT(bytes_elsewhere(none), bytes_elsewhere(half));
  EXPECT_GT(bytes_elsewhere(half), bytes_elsewhere(all));
  EXPECT_THAT(compiler::maps_text(half), HasSubstr("(no room)"));
  EXPECT_THAT(compiler::maps_text(all), testing::Not(HasSubstr("(no room)")));
  EXPECT_THAT(compiler::maps_text(all), HasSubstr("(the frame's input)"));
  EXPECT_THAT(compiler::maps_text(compile(MapPlace::dram, 0)), HasSubstr("through main memory"));
}

}  // namespace
}  // namespace lutra
