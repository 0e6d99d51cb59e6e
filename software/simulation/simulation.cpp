#include "software/simulation/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "models/interface/memory_map.h"
#include "models/soc/elf.h"
#include "models/soc/soc.h"
#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/program/image_reader.h"
#include "software/simulation/attach_engine.h"
#include "software/simulation/attribution.h"
#include "traces/timeline.h"

namespace lutra::simulation {

namespace {

constexpr const char* firmware_path = "firmware/runtime.elf";
constexpr const char* frame_row = "software.frame";
constexpr const char* operation_row = "software.operation";

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::span<const std::uint8_t> firmware() {
  const auto file = find_embedded(firmware_path);
  if (!file) throw Error(fmt::format("this build carries no {}: build the target lutra_firmware", firmware_path));
  return {reinterpret_cast<const std::uint8_t*>(file->data()), file->size()};
}

// A pixel-packed tensor's codes, pixel by pixel (accelerators/interface/commands.h).
std::vector<std::int32_t> unpack(const std::vector<std::uint8_t>& bytes, const network::Edge& edge) {
  const std::size_t bits = edge.encoding.bits;
  const std::size_t pixel_bits = (edge.shape.channels * bits + 7) / 8 * 8;
  std::vector<std::int32_t> codes;
  codes.reserve(edge.shape.elements());
  for (std::size_t first = 0; first < bytes.size() * 8; first += pixel_bits)
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(edge.shape.channels); ++channel) {
      std::int32_t code = 0;
      for (std::size_t bit = 0; bit < bits; ++bit) {
        const std::size_t place = first + channel * bits + bit;
        code |= (bytes[place / 8] >> (place % 8) & 1) << bit;
      }
      const std::int32_t sign = edge.encoding.is_signed ? 1 << (bits - 1) : 0;
      codes.push_back((code ^ sign) - sign);
    }
  return codes;
}

// The sensor and the observer of one simulation: delivers frames, takes marks, collects what each frame took.
class Experiment {
 public:
  Experiment(models::Soc& soc, const compiler::Program& program, const network::Edge& output,
             const std::vector<std::vector<std::uint8_t>>& frames, std::uint64_t steady_cycles,
             const std::function<void(std::size_t)>& progress, const Tracing& tracing)
      : soc_(soc),
        program_(program),
        output_(output),
        frames_(frames),
        steady_cycles_(steady_cycles),
        progress_(progress),
        timeline_(tracing.timeline),
        first_traced_(tracing.first),
        last_traced_(tracing.last),
        header_(program::read_header(program.image)) {
    for (std::size_t i = 0; i < frames.size(); ++i)
      if (frames[i].size() != header_.frame_bytes)
        throw Error(
            fmt::format("frame {} has {} bytes, the program takes {}", i, frames[i].size(), header_.frame_bytes));
    if (header_.logits_bytes != static_cast<std::uint64_t>(output.shape.height) * output.shape.width *
                                    ((output.shape.channels * output.encoding.bits + 7) / 8))
      throw Error(fmt::format("the program's logits take {} bytes, which does not fit its output edge '{}'",
                              header_.logits_bytes, output.name));
    soc.host().connect(
        {[this] { return next_frame(); }, [this](std::uint32_t op) { begin_op(op); }, [this] { frame_done(); }});
  }

  // The software begins an operation.
  void begin_op(std::uint32_t op) {
    mark_all(op == LUTRA_HOST_NO_OP ? std::nullopt : std::optional(op));
    show(operation_row, op < program_.ops.size() ? program_.ops[op].name : "");
  }

  // A unit of the engine comes to the next operation of its stream.
  void begin_op(accelerators::Unit unit, std::uint32_t op) {
    const View view = view_of(unit);
    marks_[static_cast<std::size_t>(view)].push_back(mark(op));
    if (view == View::compute) show(operation_row, op < program_.ops.size() ? program_.ops[op].name : "");
  }

  std::vector<FrameMeasurement> take() && { return std::move(measured_); }
  bool complete() const { return measured_.size() >= frames_.size() && steady_ >= steady_cycles_; }

 private:
  static View view_of(accelerators::Unit unit) {
    if (unit == accelerators::Unit::load) return View::load;
    return unit == accelerators::Unit::store ? View::store : View::compute;
  }

  void mark_all(std::optional<std::uint32_t> op) {
    const Mark now = mark(op);
    for (std::vector<Mark>& each : marks_) each.push_back(now);
  }

  Mark mark(std::optional<std::uint32_t> op) const { return {op, soc_.cycle(), soc_.statistics().snapshot()}; }

  bool next_frame() {
    if (complete()) return false;
    soc_.write_memory(header_.frame, frames_[measured_.size() % frames_.size()]);
    marks_ = {};
    mark_all(std::nullopt);
    if (timeline_ != nullptr && measured_.size() == first_traced_) timeline_->begin(now_ps());
    show(frame_row, fmt::format("frame {}", measured_.size()));
    return true;
  }

  void frame_done() {
    if (marks_.front().empty() || complete()) throw Error("the software ended a frame that it had not begun");
    mark_all(std::nullopt);
    show(operation_row, "");
    show(frame_row, "");
    if (timeline_ != nullptr && measured_.size() == last_traced_) timeline_->end(now_ps());
    FrameMeasurement frame = attribute(soc_.statistics().counters(), program_.ops.size(), marks_);
    read_profile(frame);
    std::vector<std::uint8_t> logits(header_.logits_bytes);
    soc_.read_memory(header_.logits, logits);
    frame.logits = unpack(logits, output_);
    if (!measured_.empty()) steady_ += frame.cycles;
    measured_.push_back(std::move(frame));
    marks_ = {};
    if (progress_) progress_(measured_.size());
  }

  static std::uint64_t now_ps() { return sc_core::sc_time_stamp().value(); }

  void show(const char* row, const std::string& what) {
    if (timeline_ == nullptr) return;
    const auto condition = what.empty() ? models::Condition::off : models::Condition::busy;
    timeline_->enter(row, condition, what, now_ps(), {});
  }

  void read_profile(FrameMeasurement& frame) const {
    std::vector<lutra_profile> profile(program_.ops.size());
    soc_.read_memory(header_.profile,
                     {reinterpret_cast<std::uint8_t*>(profile.data()), profile.size() * sizeof(lutra_profile)});
    for (std::size_t i = 0; i < profile.size(); ++i) {
      frame.ops[i].hart_cycles = profile[i].cycles;
      frame.ops[i].hart_instructions = profile[i].instructions;
    }
  }

  models::Soc& soc_;
  const compiler::Program& program_;
  const network::Edge& output_;
  const std::vector<std::vector<std::uint8_t>>& frames_;
  const std::uint64_t steady_cycles_;
  std::uint64_t steady_ = 0;  // cycles of the frames behind the first
  const std::function<void(std::size_t)>& progress_;
  traces::Timeline* timeline_;
  std::size_t first_traced_, last_traced_;
  const lutra_image header_;
  Marks marks_;
  std::vector<FrameMeasurement> measured_;
};

void check_end(const models::RunResult& end, const models::Soc& soc, bool complete) {
  const std::string console = soc.console().text();
  const std::string said = console.empty() ? "" : "; its console says: " + console;
  if (end.end != models::RunEnd::exited)
    throw Error(fmt::format("the simulation cannot go on: {}{}", end.message, said));
  if (end.exit_code != 0)
    throw Error(fmt::format("the software on the hart failed with code {}{}", end.exit_code, said));
  if (!complete) throw Error(fmt::format("the software on the hart ended before its last frame{}", said));
}

}  // namespace

std::uint32_t firmware_bytes() {
  std::uint32_t end = LUTRA_TCM_BASE;
  for (const models::ElfSegment& segment : models::parse_elf(firmware(), firmware_path).segments)
    end = std::max(end, segment.address + segment.memory_bytes);
  return end - LUTRA_TCM_BASE;
}

Simulation simulate(const models::SocConfig& config, const std::optional<accelerators::EngineConfig>& engine_config,
                    const compiler::Program& program, const network::Edge& output,
                    const std::vector<std::vector<std::uint8_t>>& frames, std::uint64_t steady_cycles,
                    const std::function<void(std::size_t)>& progress, const Tracing& tracing) {
  const Stopwatch startup;
  compiler::check_image(program.image);
  models::Soc soc("soc", config);
  const auto engine = engine_config ? attach_engine(soc, *engine_config) : nullptr;
  soc.load(models::parse_elf(firmware(), firmware_path));
  soc.write_memory(LUTRA_IMAGE_ADDRESS, program.image);
  if (tracing.timeline != nullptr) {
    for (const char* row : {frame_row, operation_row}) tracing.timeline->enter(row, models::Condition::off, "", 0, {});
    soc.observe(tracing.timeline);
    if (engine) engine->observe(tracing.timeline);
  }
  Experiment experiment(soc, program, output, frames, steady_cycles, progress, tracing);
  if (engine) engine->on_operation([&](accelerators::Unit unit, std::uint32_t op) { experiment.begin_op(unit, op); });

  Simulation simulation;
  simulation.host_seconds_startup = startup.seconds();
  const Stopwatch running;
  const models::RunResult end = soc.run();
  simulation.host_seconds_frames = running.seconds();
  check_end(end, soc, experiment.complete());
  simulation.frames = std::move(experiment).take();
  simulation.counters = soc.statistics().counters();
  simulation.console = soc.console().text();
  return simulation;
}

}  // namespace lutra::simulation
