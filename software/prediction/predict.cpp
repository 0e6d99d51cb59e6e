#include "software/prediction/predict.h"

#include <algorithm>
#include <vector>

#include "accelerators/interface/registers.h"
#include "models/dram/timing.h"
#include "software/prediction/command_stream.h"
#include "software/prediction/engine_replay.h"
#include "software/prediction/main_memory.h"
#include "software/prediction/stream_events.h"
#include "software/program/image_reader.h"

namespace lutra::prediction {

namespace {

// What the inference software takes in a frame before it starts the engine and after the engine has ended, in cycles of
// the hart and lines of its data cache that it reads or writes back (README.md: where these come from).
struct Software {
  std::uint64_t cycles = 0;
  int lines = 0;
};
constexpr Software before = {105, 3};
constexpr Software after = {260, 4};

constexpr std::uint32_t hart = 0;  // of MainMemory's initiators

class Frames {
 public:
  Frames(std::span<const std::uint8_t> image, const models::SocConfig& soc, const accelerators::EngineConfig& engine,
         const accelerators::Family& family)
      : engine_(engine),
        family_(family),
        image_(image),
        line_bytes_(soc.hart.data_cache.line_bytes),
        memory_(soc, scheduler_),
        replay_(engine, memory_, scheduler_) {
    const lutra_image header = program::read_header(image);
    ops_ = program::read_operations(image);
    if (header.startup != 0)
      fill_command_memory(read_stream(in_image(header.startup, header.startup_bytes), engine, family));
    for (std::size_t i = 0; i < ops_.size(); i += ops_[i].operations) {
      if (ops_[i].commands == 0)
        ++hart_operations_;
      else
        streams_.push_back(
            {ops_[i].commands, stream_bytes(ops_[i]), read_stream(stream_bytes(ops_[i]), engine, family)});
    }
    table_ = header.ops;
  }

  Prediction run() {
    const std::uint64_t begin = scheduler_.now();
    for (const Stream& stream : streams_) {
      compute(before);
      replay_.run(stream.address, stream.work);
      compute(after);
    }
    return {(scheduler_.now() - begin) / memory_.period(), hart_operations_, {}};
  }

  // The same, and what is counted meanwhile.
  Prediction count(double share) {
    models::Statistics statistics;
    memory_.count(statistics);
    accelerators::EventCounters counters(engine_, family_, statistics);
    const std::vector<std::uint64_t> earlier = statistics.snapshot();
    Prediction prediction = run();
    for (const Stream& stream : streams_) count_stream(stream.bytes, stream.address, share, engine_, family_, counters);
    const std::vector<std::uint64_t> later = statistics.snapshot();
    for (std::size_t i = 0; i < later.size(); ++i)
      if (later[i] != earlier[i])
        prediction.events.push_back(
            {statistics.counters()[i].component, statistics.counters()[i].event, later[i] - earlier[i]});
    return prediction;
  }

 private:
  struct Stream {
    std::uint32_t address = 0;
    std::span<const std::uint8_t> bytes;
    std::vector<Work> work;
  };

  std::span<const std::uint8_t> in_image(std::uint64_t address, std::uint64_t bytes) const {
    return image_.subspan(address - LUTRA_IMAGE_ADDRESS, bytes);
  }

  // What the start-up stream loads there.
  void fill_command_memory(const std::vector<Work>& startup) {
    for (const Work& work : startup) {
      if (!work.over_bus || work.over_bus->buffer != LUTRA_BUFFER_COMMAND_MEMORY) continue;
      const lutra_transfer& load = *work.over_bus;
      const auto loaded = in_image(load.address, std::uint64_t{load.rows} * load.columns * load.element_bytes);
      command_memory_.resize(std::max(command_memory_.size(), load.offset + loaded.size()));
      std::copy(loaded.begin(), loaded.end(), command_memory_.begin() + load.offset);
    }
  }

  std::span<const std::uint8_t> stream_bytes(const lutra_op& op) const {
    if ((op.commands & LUTRA_STREAM_RESIDENT) == 0) return in_image(op.commands, op.command_bytes);
    return std::span(command_memory_).subspan(op.commands & ~LUTRA_STREAM_RESIDENT, op.command_bytes);
  }

  // The hart alone.
  void compute(const Software& software) {
    scheduler_.skip_to(scheduler_.now() + software.cycles * memory_.period());
    for (int line = 0; line < software.lines; ++line) scheduler_.skip_to(memory_.access(hart, table_, line_bytes_));
  }

  const accelerators::EngineConfig& engine_;
  const accelerators::Family& family_;
  std::span<const std::uint8_t> image_;
  std::uint32_t line_bytes_;
  Scheduler scheduler_;
  MainMemory memory_;
  EngineReplay replay_;
  std::vector<lutra_op> ops_;
  std::vector<std::uint8_t> command_memory_;
  std::vector<Stream> streams_;
  std::size_t hart_operations_ = 0;
  std::uint32_t table_ = 0;
};

}  // namespace

Prediction predict_frame(std::span<const std::uint8_t> image, const models::SocConfig& soc,
                         const accelerators::EngineConfig& engine, const accelerators::Family& family,
                         std::optional<double> share) {
  Frames frames(image, soc, engine, family);
  frames.run();  // the first finds no row of the memory open
  return share ? frames.count(*share) : frames.run();
}

IdleMemory idle_memory(const models::SocConfig& soc) {
  if (soc.main_memory.kind == "sram") return {};
  const models::DramTiming timing = models::embedded_dram_timing(soc.main_memory.kind);
  constexpr double ps_per_us = 1e6;
  const double clocks = ps_per_us / soc.clock_mhz / static_cast<double>(timing.clock_ps);
  return {clocks, clocks / static_cast<double>(timing.refi)};
}

std::uint64_t least_software_cycles() { return before.cycles + after.cycles; }

}  // namespace lutra::prediction
