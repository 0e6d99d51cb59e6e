#include <fmt/format.h>

#include <algorithm>

#include "software/common/text/text_table.h"
#include "software/result/explain.h"

namespace lutra::result {

namespace {

bool is_background(const costs::EnergyLine& line) {
  return line.event == "leakage" ||
         (line.component == "dram" && (line.event.ends_with("_standby") || line.event.ends_with("_power_down")));
}

std::string count(double value) { return with_separators(static_cast<std::uint64_t>(value + 0.5)); }

// Energy of a layer's lines, in femtojoules.
class LayerEnergy {
 public:
  LayerEnergy(const Result& result, std::size_t layer) {
    if (!result.energy) return;
    for (const costs::EnergyLine& line : result.energy->lines) {
      if (line.layer != layer) continue;
      const auto energy = static_cast<double>(line.energy);
      if (is_background(line)) background += energy;
      if (line.component == "dram" && line.event == "read_burst") reads += energy;
      if (line.component == "dram" && line.event == "write_burst") writes += energy;
      if (line.component == "engine.array" && line.event.starts_with("idle")) idle += energy;
    }
  }

  double background = 0;  // what time alone costs
  double reads = 0;       // DRAM read bursts
  double writes = 0;
  double idle = 0;  // of the array's elements without work
};

class Levers {
 public:
  Levers(const Result& result, const std::vector<LayerExplanation>& layers) : result_(result), layers_(layers) {
    for (std::size_t i = 0; i < layers.size(); ++i) energies_.emplace_back(result, i);
  }

  std::vector<Lever> find() && {
    if (result_.engine) {
      keep_weights();
      keep_activations();
      widen_bus();
      grow_array();
      fill_array();
      overlap();
      start_by_itself();
      gate_idle();
    }
    leave_the_hart();
    return std::move(levers_);
  }

 private:
  struct Saving {
    double cycles = 0;
    double energy_fj = 0;
  };

  bool is_operation(std::size_t i) const { return i + 1 < layers_.size(); }
  const LayerFacts& facts(std::size_t i) const { return result_.layers[i]; }
  double engine_cycles(std::size_t i) const { return static_cast<double>(facts(i).cycles - facts(i).causes.software); }

  // Adds what a layer could save, with the energy that the cycles alone would cost.
  void save(Saving& sum, std::size_t i, double cycles, double energy_fj = 0) const {
    const auto all = static_cast<double>(facts(i).cycles);
    cycles = std::clamp(cycles, 0.0, all);
    sum.cycles += cycles;
    sum.energy_fj += energy_fj + (all == 0 ? 0 : energies_[i].background * cycles / all);
  }

  void add(std::string what, std::string why, const Saving& saving) {
    if (saving.cycles > 0 || saving.energy_fj > 0)
      levers_.push_back({std::move(what), std::move(why), saving.cycles, saving.energy_fj});
  }

  template <typename Of>
  void for_engine_layers(const Of& of) const {
    for (std::size_t i = 0; i < layers_.size(); ++i)
      if (is_operation(i) && facts(i).on_engine) of(i);
  }

  // What the layer saves in waiting when this share of its reads (writes) falls away.
  double less_load(std::size_t i, double share) const {
    return std::min(static_cast<double>(facts(i).causes.load), share * static_cast<double>(facts(i).busy.load));
  }
  double less_store(std::size_t i, double share) const {
    return std::min(static_cast<double>(facts(i).causes.store), share * static_cast<double>(facts(i).busy.store));
  }
  static double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
  }

  void keep_weights() {
    Saving saving;
    std::uint64_t bytes = 0;
    for_engine_layers([&](std::size_t i) {
      const double part = share(facts(i).streamed_weight_bytes(), facts(i).dram_read_bytes);
      bytes += facts(i).streamed_weight_bytes();
      save(saving, i, less_load(i, part), part * energies_[i].reads);
    });
    add("weights resident on chip",
        fmt::format("{} bytes of weights, {:.0f} % of all bytes read from main memory, are read for every image",
                    with_separators(bytes), 100 * share(bytes, result_.memory.dram_read_bytes)),
        saving);
  }

  // The first operation's input and the last one's output must cross in any case.
  void keep_activations() {
    Saving saving;
    std::uint64_t bytes = 0;
    for_engine_layers([&](std::size_t i) {
      const std::uint64_t in = i == 0 ? 0 : facts(i).input_bytes - facts(i).map_input_bytes;
      const std::uint64_t out = i + 2 == layers_.size() ? 0 : facts(i).output_bytes - facts(i).map_output_bytes;
      const double read = share(in, facts(i).dram_read_bytes), written = share(out, facts(i).dram_write_bytes);
      bytes += in + out;
      save(saving, i, less_load(i, read) + less_store(i, written),
           read * energies_[i].reads + written * energies_[i].writes);
    });
    add("activations kept on chip between layers",
        fmt::format("{} bytes of them cross to main memory and back, each counted once per way",
                    with_separators(bytes)),
        saving);
  }

  void widen_bus() {
    const double width = result_.soc.interconnect.width_bytes;
    Saving saving;
    double beats = 0;
    for_engine_layers([&](std::size_t i) {
      const double read = static_cast<double>(facts(i).dram_read_bytes) / width;
      const double written = static_cast<double>(facts(i).dram_write_bytes) / width;
      beats += std::max(read, written);
      save(saving, i,
           std::min(static_cast<double>(facts(i).causes.load), read / 2) +
               std::min(static_cast<double>(facts(i).causes.store), written / 2));
    });
    add("an interconnect twice as wide",
        fmt::format("the engine layers' bytes take {} of {} cycles on {} bytes per cycle and direction; main memory "
                    "must deliver "
                    "as much",
                    count(beats), with_separators(result_.cycles.total), result_.soc.interconnect.width_bytes),
        saving);
  }

  // What is left when compute takes `left` cycles: no less than what another unit needs.
  double after_compute(std::size_t i, double left) const {
    const simulation::UnitCycles& busy = facts(i).busy;
    const auto others = static_cast<double>(std::max({busy.load, busy.store, busy.fetch}));
    const double gained = static_cast<double>(facts(i).causes.compute) - left;
    return std::min(gained, engine_cycles(i) - std::max(left, others));
  }

  void grow_array() {
    Saving saving;
    for_engine_layers([&](std::size_t i) {
      if (layers_[i].array) save(saving, i, after_compute(i, static_cast<double>(facts(i).causes.compute) / 2));
    });
    const auto& engine = *result_.engine;
    add("an array of twice the size, filled as well as this one",
        fmt::format("compute takes {} of {} cycles on {} elements", with_separators(result_.cycles.by_cause.compute),
                    with_separators(result_.cycles.total), engine.rows * engine.columns * engine.lanes),
        saving);
  }

  void fill_array() {
    Saving saving;
    double lost = 0;
    for_engine_layers([&](std::size_t i) {
      if (!layers_[i].array) return;
      const ArrayCycles& array = *layers_[i].array;
      const double remainder = array.rows + array.columns + array.lanes;
      lost += remainder;
      save(saving, i, after_compute(i, static_cast<double>(facts(i).causes.compute) - remainder));
    });
    add("an array of the same size in a shape that the layers fill",
        fmt::format("rows, columns and lanes without work cost {} cycles of the array", count(lost)), saving);
  }

  void overlap() {
    Saving saving;
    double apart = 0;
    for_engine_layers([&](std::size_t i) {
      apart += static_cast<double>(layers_[i].not_overlapped);
      save(saving, i, static_cast<double>(layers_[i].not_overlapped));
    });
    add("load, compute and store fully overlapped (prefetch across layers, smaller first tiles)",
        fmt::format("the engine runs {} cycles beyond what its busiest unit needs, layer by layer", count(apart)),
        saving);
  }

  void start_by_itself() {
    Saving saving;
    for_engine_layers([&](std::size_t i) { save(saving, i, static_cast<double>(facts(i).causes.software)); });
    add("an engine that starts by itself",
        fmt::format("it idles for {} cycles before and behind its runs, while the hart drives it",
                    count(saving.cycles)),
        saving);
  }

  void gate_idle() {
    Saving saving;
    for (const LayerEnergy& energy : energies_) saving.energy_fj += energy.idle;
    add("clock gating of array elements without work",
        fmt::format("they take {:.2f} uJ", microjoules(static_cast<costs::Femtojoules>(saving.energy_fj))), saving);
  }

  void leave_the_hart() {
    Saving saving;
    for (std::size_t i = 0; i < layers_.size(); ++i)
      if (is_operation(i) && !facts(i).on_engine) save(saving, i, static_cast<double>(facts(i).cycles));
    add("an engine for the layers that the hart computes",
        fmt::format("they take {} of {} cycles; what an engine would need for them is not subtracted",
                    count(saving.cycles), with_separators(result_.cycles.total)),
        saving);
  }

  const Result& result_;
  const std::vector<LayerExplanation>& layers_;
  std::vector<LayerEnergy> energies_;
  std::vector<Lever> levers_;
};

}  // namespace

std::vector<Lever> find_levers(const Result& result, const std::vector<LayerExplanation>& layers) {
  return Levers(result, layers).find();
}

}  // namespace lutra::result
