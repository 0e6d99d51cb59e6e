#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/accelerators/rtl/twin.h"  // before SystemC

#include "accelerators/family/timing.h"
#include "tests/accelerators/rtl/transfer/scripted_memory.h"
#include "tests/accelerators/rtl/transfer/transfer_bench.h"
#include "tests/support/convolution.h"
#include "transfer_broken.h"
#include "transfer_narrow.h"
#include "transfer_wide.h"

namespace lutra::test {
namespace {

using accelerators::EngineConfig;

constexpr lutra_buffer readable[] = {LUTRA_BUFFER_WEIGHT, LUTRA_BUFFER_PARAMETER, LUTRA_BUFFER_SKIP,
                                     LUTRA_BUFFER_WEIGHT_MEMORY, LUTRA_BUFFER_COMMAND_MEMORY};
constexpr std::uint32_t streams_at = 2048;  // of the command memory; the twin has what lies below

template <class Model>
EngineConfig engine() {
  EngineConfig config;
  config.burst_bytes = Model::BURST_BYTES;
  config.outstanding = Model::OUTSTANDING;
  config.command_queue = Model::QUEUE;
  config.weight_buffer_bytes = Model::WEIGHT_BYTES;
  config.parameter_buffer_bytes = Model::PARAMETER_BYTES;
  config.skip_buffer_bytes = Model::SKIP_BYTES;
  config.output_buffer_bytes = Model::OUTPUT_BYTES;
  config.weight_memory_bytes = Model::WEIGHT_MEMORY_BYTES;
  config.map_memory_bytes = Model::MAP_MEMORY_BYTES;
  config.command_memory_bytes = 8192;
  return config;
}

struct Found {
  int streams = 0;
  int transfers = 0;
  int refused = 0;  // streams that ended with an error
  int states = 0;   // streams in whose cycles load or store unit do otherwise
  int bursts = 0;   // streams whose bursts are others, or leave in other cycles
  int errors = 0;   // streams with another error, or at another command
  int loads = 0;    // streams after which a buffer or memory holds other bytes
  int stores = 0;   // streams after which main memory does
  int beats = 0;    // beats of data that come too late, or are not the last of their burst
  std::string first;
};

// After a failure units end what they are at; until then they do the same in every cycle.
std::string until(std::string states, std::uint64_t end) {
  states.resize(std::min<std::uint64_t>(states.size(), end));
  states.erase(states.find_last_not_of("c-") + 1);
  return states;
}
// Where two lists of bursts part.
std::string parting(const std::vector<IssuedBurst>& model, const std::vector<IssuedBurst>& twin) {
  const auto text = [](const std::vector<IssuedBurst>& bursts, std::size_t i) {
    if (i >= bursts.size()) return std::string("none");
    return fmt::format("{} beats at {:#x} in cycle {}", bursts[i].beats, bursts[i].address, bursts[i].taken);
  };
  std::size_t i = 0;
  while (i < model.size() && i < twin.size() && model[i] == twin[i]) ++i;
  return fmt::format("burst {}: model {}, twin {}", i, text(model, i), text(twin, i));
}
std::vector<IssuedBurst> until(std::vector<IssuedBurst> bursts, std::uint64_t end) {
  std::erase_if(bursts, [&](const IssuedBurst& burst) { return burst.taken >= end; });
  return bursts;
}

template <class Model>
class Lockstep {
 public:
  explicit Lockstep(std::uint32_t seed, unsigned bug = 0) : random_(seed), bench_(engine<Model>()), twin_(bug) {
    bench_.engine.observe(&observer_);
    const EngineConfig& config = bench_.engine.config();
    for (int b = 0; b < LUTRA_BUFFER_COUNT; ++b)
      contents_.buffers[b].resize(accelerators::buffer_capacity(config, static_cast<lutra_buffer>(b)));
    contents_.buffers[LUTRA_BUFFER_COMMAND_MEMORY].resize(Model::COMMAND_MEMORY_BYTES);
    contents_.main.resize(1 << 17);
    for (auto& byte : contents_.main) byte = static_cast<std::uint8_t>(random_.between(0, 255));
    tile_ = simple_tile(LUTRA_TILE_SUM, 1, 1, 1);
    tile_.flags = LUTRA_TILE_KEEP;
  }

  Found run(int streams) {
    bench_.simulate([&] {
      fill();
      for (; found_.streams < streams; ++found_.streams) {
        const int kind = found_.streams % 8;
        step(kind == 7, kind == 5, kind == 3);
      }
    });
    found_.beats = twin_.missed();
    return found_;
  }

 private:
  // Every buffer and memory holds what is known, in the engine's model and in the twin.
  void fill() {
    RandomStream all(random_, contents_, 0, false);
    for (const lutra_buffer buffer :
         {LUTRA_BUFFER_WEIGHT, LUTRA_BUFFER_PARAMETER, LUTRA_BUFFER_SKIP, LUTRA_BUFFER_OUTPUT,
          LUTRA_BUFFER_WEIGHT_MEMORY, LUTRA_BUFFER_MAP_MEMORY, LUTRA_BUFFER_COMMAND_MEMORY}) {
      Step step;
      const std::size_t bytes = contents_.buffers[buffer].size() / (buffer == LUTRA_BUFFER_WEIGHT_MEMORY ? 2 : 1);
      step.transfer = bytes_of(buffer, 0, Memory::base + 64, static_cast<std::uint32_t>(bytes));
      step.transfer.command.opcode = LUTRA_LOAD;
      all.steps.push_back(step);
    }
    all.stream = {};
    for (const Step& step : all.steps) all.stream.load(step.transfer);
    all.stream.finish();
    compare(all, BurstScript(random_, 0, false), std::nullopt);
  }

  void step(bool refuses, bool stops, bool unwritten) {
    RandomStream stream(random_, contents_, random_.between(1, 24), unwritten);
    for (Step& each : stream.steps) {
      if (each.opcode != LUTRA_TILE) continue;
      each.tile = tile_;
    }
    stream.stream = {};
    for (Step& each : stream.steps) {
      if (each.opcode == LUTRA_TILE) {
        each.tile.rows = each.tile.columns = static_cast<std::uint16_t>(random_.between(1, 8));
        each.tile.input.width = each.tile.columns;
        each.cycles = accelerators::tile_cycles(each.tile, bench_.engine.config(), bench_.engine.family());
        stream.stream.tile(each.tile, each.tokens);
      } else {
        stream.stream.transfer(each.opcode, each.transfer, each.tokens);
      }
    }
    stream.stream.finish();
    found_.transfers += static_cast<int>(stream.steps.size());
    const BurstScript script(random_, random_.chance(2) ? 3 : 30, refuses);
    std::optional<std::uint64_t> stop;
    if (stops) stop = static_cast<std::uint64_t>(random_.between(4, 400));
    if (!compare(stream, script, stop)) {
      ++found_.refused;
      fill();
    }
  }

  // False where the stream ended with an error: what buffers and memories hold is not known then.
  bool compare(const RandomStream& stream, const BurstScript& script, std::optional<std::uint64_t> stop) {
    const std::uint32_t place = streams_at + 4 * static_cast<std::uint32_t>(random_.between(0, 8));
    Trace model = run_model(stream, place, script, stop);
    std::vector<std::uint8_t> twin_main = contents_.main;
    Trace twin = twin_.run(stream, place, script, twin_main, stop);

    const bool fails = model.error != LUTRA_ERROR_NONE;
    // Software that starts the engine as its stream ends comes before or after.
    if (stop && twin.load.size() <= *stop + 4 && fails != (twin.error != LUTRA_ERROR_NONE)) return false;
    note(found_.errors, model.error != twin.error || (model.detail != twin.detail && model.error != LUTRA_ERROR_BUSY),
         "error", stream);
    const std::uint64_t end = twin.failed;
    note(found_.states,
         until(model.load, end) != until(twin.load, end) || until(model.store, end) != until(twin.store, end),
         "states\nload  " + model.load + "\ntwin  " + twin.load + "\nstore " + model.store + "\ntwin  " + twin.store,
         stream);
    note(found_.bursts,
         until(model.reads, end) != until(twin.reads, end) || until(model.writes, end) != until(twin.writes, end),
         fmt::format("bursts until cycle {}: reads {}, writes {}", end, parting(model.reads, twin.reads),
                     parting(model.writes, twin.writes)),
         stream);
    if (fails) return false;

    for (const Step& each : stream.steps)
      if (each.opcode != LUTRA_TILE) contents_.apply(each.transfer);
    const std::span model_main(bench_.memory.bytes.data(), contents_.main.size());
    note(found_.stores,
         contents_.main != twin_main || !std::equal(twin_main.begin(), twin_main.end(), model_main.begin()), "stores",
         stream);
    bool same = true;
    for (const lutra_buffer buffer : readable) {
      auto& expected = contents_.buffers[buffer];
      const std::size_t written = buffer == LUTRA_BUFFER_WEIGHT_MEMORY ? expected.size() / 2 : expected.size();
      const auto held = twin_.contents(buffer, written);
      same = same && std::equal(held.begin(), held.end(), expected.begin());
    }
    note(found_.loads, !same, "loads", stream);
    return true;
  }

  void note(int& count, bool differs, const std::string& what, const RandomStream& stream) {
    if (!differs) return;
    ++count;
    if (found_.first.empty())
      found_.first =
          what + " of stream " + std::to_string(found_.streams) + " of " + std::to_string(stream.steps.size());
  }

  Trace run_model(const RandomStream& stream, std::uint32_t place, const BurstScript& script,
                  std::optional<std::uint64_t> stop) {
    const std::vector<std::uint8_t>& bytes = stream.stream.bytes();
    bench_.memory.put(Memory::base, contents_.main);
    constexpr std::uint32_t image = EngineBench::stream_address + 0x4000;
    bench_.memory.put(image, bytes);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    CommandStream startup;
    startup.load(bytes_of(LUTRA_BUFFER_COMMAND_MEMORY, place, image, size)).finish();
    EXPECT_EQ(bench_.run_stream(startup.bytes()), LUTRA_ERROR_NONE);

    Trace trace;
    bench_.write(LUTRA_ENGINE_STREAM_ADDRESS, place | LUTRA_STREAM_RESIDENT);
    bench_.write(LUTRA_ENGINE_STREAM_BYTES, size);
    observer_.begin(sc_core::sc_time_stamp().value());
    bench_.memory.follow(&script, &trace, Model::BUS_BYTES);
    bench_.write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
    if (stop) {
      sc_core::wait(static_cast<double>(*stop) * clock_period, bench_.interrupt.posedge_event());
      if (!bench_.interrupt.read()) bench_.write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
    }
    if (!bench_.interrupt.read()) sc_core::wait(bench_.interrupt.posedge_event());
    const std::uint64_t end = sc_core::sc_time_stamp().value();
    bench_.memory.follow(nullptr, nullptr, Model::BUS_BYTES);
    trace.load = observer_.states(0, end);
    trace.store = observer_.states(1, end);
    trace.error = bench_.read(LUTRA_ENGINE_ERROR_CODE);
    trace.detail = bench_.read(LUTRA_ENGINE_ERROR_DETAIL);
    bench_.write(LUTRA_ENGINE_IRQ_STATUS, 1);
    sc_core::wait(2 * clock_period);
    return trace;
  }

  Random random_;
  EngineBenchWith<ScriptedMemory> bench_;
  StateObserver observer_;
  TransferBench<Model> twin_;
  Contents contents_;
  lutra_tile tile_{};
  Found found_;
};

template <class Model>
void expect_equal(std::uint32_t seed) {
  Lockstep<Model> lockstep(seed);
  const Found found = lockstep.run(rtl_tiles(200));
  SCOPED_TRACE("seed " + std::to_string(seed) + ": " + found.first);
  ::testing::Test::RecordProperty("transfers", found.transfers);
  EXPECT_GT(found.refused, 0);
  EXPECT_EQ(found.states, 0);
  EXPECT_EQ(found.bursts, 0);
  EXPECT_EQ(found.errors, 0);
  EXPECT_EQ(found.loads, 0);
  EXPECT_EQ(found.stores, 0);
  EXPECT_EQ(found.beats, 0);
}

TEST(TransferTwin, MovesAsTheModelDoes) { expect_equal<transfer_wide>(31); }

TEST(TransferTwin, MovesWithOneBurstInFlightAndOneCommandQueued) { expect_equal<transfer_narrow>(32); }

class PlantedBug : public ::testing::TestWithParam<unsigned> {};

TEST_P(PlantedBug, IsFound) {
  Lockstep<transfer_broken> lockstep(33, GetParam());
  Found found;
  try {
    found = lockstep.run(60);
  } catch (const std::runtime_error&) {
    return;  // it hangs
  }
  EXPECT_GT(found.states + found.bursts + found.errors + found.loads + found.stores + found.beats, 0);
}
INSTANTIATE_TEST_SUITE_P(TransferTwin, PlantedBug, ::testing::Range(1U, 10U));

TEST(TransferTwin, WithoutABugTheBrokenOneMovesAsTheModelDoes) { expect_equal<transfer_broken>(33); }

}  // namespace
}  // namespace lutra::test
