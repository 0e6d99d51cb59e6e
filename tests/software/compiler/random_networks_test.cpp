#include <gtest/gtest.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "software/compiler/lowering/lower.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/random_network.h"
#include "tests/software/compiler/support/token_replay.h"

namespace lutra {
namespace {

using accelerators::EngineConfig;

EngineConfig small_array() {
  EngineConfig engine;
  engine.rows = 4;
  engine.columns = 4;
  engine.lanes = 2;
  engine.activation_bits = 16;
  engine.post_lanes = 4;
  return engine;
}

// Buffers so small that every dimension of most layers has to be cut.
EngineConfig tiny_buffers(test::Random& random) {
  EngineConfig engine = small_array();
  engine.activation_buffer_bytes = random.within(64, 600);
  engine.weight_buffer_bytes = random.within(64, 600);
  engine.parameter_buffer_bytes = random.within(64, 200);
  engine.skip_buffer_bytes = random.within(64, 300);
  engine.output_buffer_bytes = random.within(64, 300);
  engine.accumulator_buffer_bytes = random.within(64, 400);
  return engine;
}

int engine_ops(const compiler::Program& program) {
  int count = 0;
  for (const auto& op : program.ops) count += op.on_engine;
  return count;
}

class Compiled {
 public:
  Compiled(std::uint64_t seed, const EngineConfig& engine, bool normalise_on_hart,
           const test::NetworkOptions& options = {}, accelerators::MemoryUse memory = {})
      : network_(test::random_network(seed, options)),
        engine_(engine),
        family_(accelerators::make_family(engine)),
        options_{.allow_cpu_fallback = true, .normalise_on_hart = normalise_on_hart, .memory = memory},
        program_(compiler::compile(network_, engine_, family_.get(), options_)) {}

  std::string difference(std::span<const std::uint8_t> pixels) const {
    return test::difference_from_reference(program_, network_, pixels, options_, engine_, family_.get());
  }
  std::string hazard() const {
    for (const lutra_op& op : test::ops_of(program_.image)) {
      if (op.commands == 0) continue;
      if (std::string found = test::token_hazard(test::stream_of(program_.image, op)); !found.empty()) return found;
    }
    return {};
  }
  const compiler::Program& program() const { return program_; }
  std::int64_t pixels() const { return network_.edges[static_cast<std::size_t>(network_.input.edge)].shape.elements(); }

 private:
  network::QuantisedNetwork network_;
  EngineConfig engine_;
  std::unique_ptr<accelerators::Family> family_;
  compiler::CompileOptions options_;
  compiler::Program program_;
};

TEST(RandomNetworks, EveryEdgeOfTheImageEqualsTheReference) {
  int on_engine = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const Compiled compiled(seed, small_array(), random.chance(50));
    compiler::check_image(compiled.program().image);
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    on_engine += engine_ops(compiled.program());
  }
  EXPECT_GT(on_engine, 400);
}

TEST(RandomNetworks, TinyBuffersChangeNothingButTheTiles) {
  int on_engine = 0;
  std::uint32_t most_tiles = 0;
  for (std::uint64_t seed = 1000; seed < 1150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const Compiled compiled(seed, tiny_buffers(random), false);
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    on_engine += engine_ops(compiled.program());
    for (const auto& op : compiled.program().ops) most_tiles = std::max(most_tiles, op.tiles);
  }
  EXPECT_GT(on_engine, 200);
  EXPECT_GT(most_tiles, 100u);
}

TEST(RandomNetworks, PaddingWithAnyCodeIsExact) {
  int on_engine = 0;
  for (std::uint64_t seed = 3000; seed < 3150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const Compiled compiled(seed, random.chance(50) ? tiny_buffers(random) : small_array(), false, {.pads = true});
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    on_engine += engine_ops(compiled.program());
  }
  EXPECT_GT(on_engine, 200);
}

TEST(RandomNetworks, ThresholdsStandForEveryRequantiseOfNarrowCodes) {
  int on_engine = 0;
  for (std::uint64_t seed = 4000; seed < 4150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    EngineConfig engine = random.chance(50) ? tiny_buffers(random) : small_array();
    engine.post = accelerators::PostForm::thresholds;
    const Compiled compiled(seed, engine, false, {.pads = true});
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    EXPECT_EQ(compiled.hazard(), "");
    on_engine += engine_ops(compiled.program());
  }
  EXPECT_GT(on_engine, 200);
}

TEST(RandomNetworks, ShiftsSufficeWhereEveryMultiplierIsAPowerOfTwo) {
  int on_engine = 0;
  for (std::uint64_t seed = 5000; seed < 5100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    EngineConfig engine = small_array();
    engine.post = accelerators::PostForm::shift;
    const Compiled compiled(seed, engine, false, {.shifts = true});
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    for (const auto& op : compiled.program().ops) EXPECT_EQ(op.reason.find("post: shift"), std::string::npos);
    on_engine += engine_ops(compiled.program());
  }
  EXPECT_GT(on_engine, 250);
}

TEST(RandomNetworks, WeightsThatStayChangeNoEdge) {
  int resident = 0, streamed = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    EngineConfig engine = random.chance(50) ? tiny_buffers(random) : small_array();
    const bool all = random.chance(25);
    engine.weight_memory_bytes = all ? 1 << 20 : random.within(0, 3000);
    const accelerators::MemoryUse memory{all ? accelerators::WeightPlace::resident
                                             : accelerators::WeightPlace::automatic};
    const Compiled compiled(seed, engine, random.chance(50), {}, memory);
    compiler::check_image(compiled.program().image);
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    EXPECT_EQ(compiled.hazard(), "");
    for (const auto& op : compiled.program().ops)
      if (op.on_engine && op.weight_bytes > 0) {
        ++(op.resident ? resident : streamed);
        EXPECT_TRUE(op.resident || !all);
      }
  }
  EXPECT_GT(resident, 100);
  EXPECT_GT(streamed, 50);
}

// What the image keeps in the map memory, each from the operation that writes it to the last that reads it.
struct KeptMap {
  network::EdgeId edge;
  std::uint64_t begin, end;
  std::size_t first, last;
  bool in_place;  // over the skip that its first operation adds, value by value

  bool shares_bytes(const KeptMap& other) const { return begin < other.end && other.begin < end; }
  bool meets(const KeptMap& other) const { return first <= other.last && other.first <= last; }
  bool may_lie_over(const KeptMap& other) const {
    return edge == other.edge || (in_place && other.begin == begin && other.last == first);
  }
};

std::vector<KeptMap> kept_maps(const compiler::Program& program) {
  std::vector<KeptMap> kept;
  const std::vector<lutra_op> ops = test::ops_of(program.image);
  const auto on_chip = [](const lutra_op& op, unsigned flag, const lutra_tensor& tensor) {
    return (flag == 0 || (op.flags & flag) != 0) && tensor.memory == LUTRA_MEMORY_MAPS;
  };
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const auto read = [&](unsigned flag, const lutra_tensor& tensor) {
      if (!on_chip(ops[i], flag, tensor)) return;
      const auto written = std::find_if(kept.rbegin(), kept.rend(), [&](const KeptMap& each) {
        return each.begin <= tensor.address && tensor.address < each.end;
      });
      ASSERT_NE(written, kept.rend()) << "operation " << i << " reads what none has written";
      for (KeptMap& each : kept)
        if (each.edge == written->edge) each.last = i;  // all parts of a concatenation
    };
    const auto write = [&](unsigned flag, const lutra_tensor& tensor, network::EdgeId edge, int channel) {
      if (!on_chip(ops[i], flag, tensor)) return;
      const std::uint64_t begin =
          tensor.address - static_cast<std::uint64_t>(compiler::packed_bytes(channel, tensor.bits));
      const bool in_place = (ops[i].flags & LUTRA_OP_SKIP) != 0 && ops[i].skip.memory == LUTRA_MEMORY_MAPS &&
                            ops[i].skip.address == begin;
      kept.push_back({edge, begin, begin + compiler::tensor_bytes(tensor), i, i, in_place});
    };
    read(0, ops[i].input);
    read(LUTRA_OP_SKIP, ops[i].skip);
    write(LUTRA_OP_CODES, ops[i].codes, program.ops[i].codes, program.ops[i].codes_channel);
    write(LUTRA_OP_STREAM, ops[i].stream, program.ops[i].stream, 0);
  }
  return kept;
}

TEST(RandomNetworks, MapsThatStayChangeNoEdgeAndShareNoByteWhileTheyLive) {
  int stay = 0, spilled = 0, shared = 0, in_place = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    EngineConfig engine = random.chance(50) ? tiny_buffers(random) : small_array();
    const bool all = random.chance(25);
    engine.map_memory_bytes = all ? 1 << 20 : random.within(0, 1000);
    engine.weight_memory_bytes = random.within(0, 3000);
    accelerators::MemoryUse memory{
        .activations = all ? accelerators::MapPlace::on_chip : accelerators::MapPlace::automatic,
        .stripes = accelerators::StripeUse::none};
    if (random.chance(50)) memory.weights = accelerators::WeightPlace::automatic;
    if (random.chance(50)) {
      memory.commands = accelerators::ConstantPlace::resident;
      engine.command_memory_bytes = 1 << 20;
    }
    if (random.chance(all ? 100 : 50)) {
      memory.parameters = accelerators::ConstantPlace::resident;
      engine.map_memory_bytes += 3000;
    }
    const Compiled compiled(seed, engine, random.chance(50), {}, memory);
    const compiler::Program& program = compiled.program();
    compiler::check_image(program.image);
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    EXPECT_EQ(compiled.hazard(), "");
    EXPECT_LE(program.map_bytes, static_cast<std::uint64_t>(engine.map_memory_bytes));
    const std::vector<KeptMap> kept = kept_maps(program);
    for (std::size_t a = 0; a < kept.size(); ++a) {
      EXPECT_LE(kept[a].end, program.map_bytes);
      EXPECT_GE(kept[a].begin, program.parameter_bytes);
      for (std::size_t b = a + 1; b < kept.size(); ++b) {
        const bool overlap = kept[a].shares_bytes(kept[b]);
        EXPECT_FALSE(overlap && kept[a].meets(kept[b]) && !kept[b].may_lie_over(kept[a]))
            << "bytes " << kept[a].begin << " and " << kept[b].begin;
        shared += overlap && kept[a].edge != kept[b].edge;
      }
    }
    for (const compiler::MapPlan& map : program.maps) {
      stay += map.stays;
      in_place += map.in_place;
      spilled += map.elsewhere == "no room";
      EXPECT_TRUE(map.elsewhere != "no room" || !all);
      EXPECT_EQ(map.stays, map.elsewhere.empty());
    }
  }
  EXPECT_GT(stay, 200);
  EXPECT_GT(spilled, 50);
  EXPECT_GT(shared, 20) << "no place was used twice";
  EXPECT_GT(in_place, 0);
}

// As `options` say, in so much of the map memory that all maps would take that not all have room as a whole; null where
// stripes do not suffice either.
std::unique_ptr<Compiled> compiled_in_part(std::uint64_t seed, EngineConfig& engine, bool normalise_on_hart,
                                           const test::NetworkOptions& options, accelerators::MemoryUse memory,
                                           int percent) {
  memory.activations = accelerators::MapPlace::on_chip;
  engine.map_memory_bytes = 1 << 20;
  const std::uint64_t all = Compiled(seed, engine, normalise_on_hart, options, memory).program().map_bytes;
  engine.map_memory_bytes = static_cast<int>(all) * percent / 100;
  try {
    return std::make_unique<Compiled>(seed, engine, normalise_on_hart, options, memory);
  } catch (const compiler::NoRoom&) {
    return nullptr;
  }
}

TEST(RandomNetworks, StripesChangeNoEdge) {
  int striped = 0, rings = 0, twice = 0;
  for (std::uint64_t seed = 7000; seed < 8000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    EngineConfig engine = random.chance(50) ? tiny_buffers(random) : small_array();
    engine.map_memory_bytes = random.within(64, 3000);
    engine.weight_memory_bytes = random.within(0, 3000);
    accelerators::MemoryUse memory{.activations = accelerators::MapPlace::automatic};
    if (random.chance(50)) memory.weights = accelerators::WeightPlace::automatic;
    if (random.chance(30)) memory.parameters = accelerators::ConstantPlace::resident;
    if (memory.parameters == accelerators::ConstantPlace::resident) engine.map_memory_bytes += 3000;
    const bool joins = random.chance(50);
    if (joins) engine.post_thresholds = random.within(0, 3);
    const test::NetworkOptions options{
        .operations = joins ? 3 : 6, .most_side = 24, .moves = joins, .joins = joins, .recent = true};
    const bool on_hart = random.chance(50);
    const auto compiled = random.chance(50)
                              ? compiled_in_part(seed, engine, on_hart, options, memory, random.within(20, 95))
                              : std::make_unique<Compiled>(seed, engine, on_hart, options, memory);
    if (!compiled) continue;
    const compiler::Program& program = compiled->program();
    compiler::check_image(program.image);
    ASSERT_EQ(compiled->difference(random.bytes(compiled->pixels())), "");
    EXPECT_EQ(compiled->hazard(), "");
    EXPECT_LE(program.map_bytes, static_cast<std::uint64_t>(engine.map_memory_bytes));
    striped += !program.stripes.empty();
    for (std::size_t a = 0; a < program.maps.size(); ++a) {
      const compiler::MapPlan& map = program.maps[a];
      rings += map.ring.rows > 0;
      twice += map.ring.again > 0;
      EXPECT_TRUE(!map.stays || map.offset + map.bytes <= program.map_bytes) << map.name;
      EXPECT_TRUE(map.stays || map.ring.rows == 0) << map.name;
      for (std::size_t b = a + 1; b < program.maps.size(); ++b) {
        const compiler::MapPlan& other = program.maps[b];
        if (!map.stays || !other.stays || map.last < other.first + other.in_place) continue;
        EXPECT_TRUE(map.offset + map.bytes <= other.offset || other.offset + other.bytes <= map.offset)
            << map.name << " and " << other.name;
      }
    }
  }
  EXPECT_GT(striped, 100);
  EXPECT_GT(rings, 200);
  EXPECT_GT(twice, 50);
}

TEST(RandomNetworks, JoinsChangeNoEdgeThatIsLeft) {
  int recoded = 0, in_place = 0, over_streams = 0, on_hart = 0;
  for (std::uint64_t seed = 6000; seed < 6400; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    EngineConfig engine = random.chance(30) ? tiny_buffers(random) : small_array();
    const bool shifts = random.chance(20);
    if (shifts) engine.post = accelerators::PostForm::shift;
    if (!shifts && random.chance(25))
      engine.post = accelerators::PostForm::thresholds;
    else
      engine.post_thresholds = random.within(0, 3);
    engine.map_memory_bytes = random.chance(50) ? 1 << 20 : random.within(0, 2000);
    const accelerators::MemoryUse memory{.activations = random.chance(70) ? accelerators::MapPlace::automatic
                                                                          : accelerators::MapPlace::dram};
    const Compiled compiled(seed, engine, random.chance(50), {.operations = 3, .shifts = shifts, .joins = true},
                            memory);
    const compiler::Program& program = compiled.program();
    compiler::check_image(program.image);
    ASSERT_EQ(compiled.difference(random.bytes(compiled.pixels())), "");
    EXPECT_EQ(compiled.hazard(), "");
    for (const compiler::OpPlan& op : program.ops) {
      recoded += static_cast<int>(op.joined.size());
      in_place += op.codes_channel > 0;
      on_hart += !op.on_engine;
    }
    for (const compiler::MapPlan& map : program.maps) over_streams += map.in_place;
  }
  EXPECT_GT(recoded, 100);
  EXPECT_GT(in_place, 100);
  EXPECT_GT(over_streams, 20);
  EXPECT_GT(on_hart, 20);
}

TEST(RandomNetworks, AnEngineOfShiftsRefusesAMultiplierAndNamesTheOperation) {
  EngineConfig engine = small_array();
  engine.post = accelerators::PostForm::shift;
  const auto network = test::random_network(1);
  const auto family = accelerators::make_family(engine);
  try {
    compiler::compile(network, engine, family.get(), {});
    FAIL() << "compiled";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("operation 'op"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("multiplies by"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("requantise: shift"), std::string::npos) << error.what();
  }
}

TEST(RandomNetworks, TokensOrderEveryTwoCommandsThatShareData) {
  for (std::uint64_t seed = 2000; seed < 2100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const EngineConfig engine = random.chance(50) ? tiny_buffers(random) : small_array();
    EXPECT_EQ(Compiled(seed, engine, false).hazard(), "");
  }
}

}  // namespace
}  // namespace lutra
