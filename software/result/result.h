#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/memory_use.h"
#include "models/base/soc_config.h"
#include "software/costs/energy.h"
#include "software/costs/published_software.h"
#include "software/costs/tables.h"
#include "software/simulation/measurement.h"

namespace lutra::result {

// What one run found. Plain values: the JSON, the CSV and the tables are views of it.

struct NetworkFacts {
  std::string name;
  std::string model;  // as the scenario names it
  std::string dataset;
  std::int64_t macs = 0;  // per image
};

struct SchemeFacts {
  std::string name;  // as the quantised network says
  std::string file;  // where it was read, if it was not made in this run
  int weight_bits = 0;
  int activation_bits = 0;
  int first_last_bits = 0;
  bool wide_skip = false;
  std::string activations = "uniform";            // how the codes that layers multiply stand for values
  std::string requantise = "multiplier";          // or "shift"
  std::string progressive;                        // levels and budget; empty: the same weight bits everywhere
  std::map<std::string, std::string> parameters;  // the scheme's own
  std::string range;
  double percentile = 0;  // used by the range "percentile" alone
  int calibration_images = 0;
  std::string calibration_split;
  std::int64_t weight_bits_total = 0;  // stored weights of the network, unpadded
};

// "uniform W8A8"; a network read from a file names its own scheme.
std::string scheme_label(const SchemeFacts& scheme);
// "mac 16x16x1" (rows x columns x lanes), or "none".
std::string engine_label(const std::optional<accelerators::EngineConfig>& engine);

struct AccuracyFacts {
  std::uint64_t images = 0;
  std::optional<std::uint64_t> correct;                    // absent: the images have no labels
  std::optional<std::uint64_t> float_correct;              // absent: there is no float network, or it was not run
  std::optional<std::uint64_t> top5_correct = {};          // the label is one of the five best; absent: up to 5 classes
  std::optional<std::uint64_t> float_top5_correct = {};    // likewise
  std::optional<std::uint64_t> other_answers = {};         // than the quantised file's own; absent: it was Lutra's
  std::vector<std::vector<std::uint64_t>> confusion = {};  // images by class, and then by answer; empty: not counted
  std::vector<std::string> class_names = {};               // empty: classes are numbers

  std::optional<double> top1_percent() const;
  std::optional<double> top5_percent() const;
  std::optional<double> float_top1_percent() const;
  std::optional<double> float_top5_percent() const;
};

struct LayerFacts {
  std::string name;
  bool on_engine = false;
  std::string reason;   // why the hart computes it
  std::string mapping;  // what lies on rows, columns and lanes
  std::int64_t macs = 0;
  std::uint64_t cycles = 0;
  simulation::Causes causes;
  std::uint64_t hart_instructions = 0;
  std::uint64_t predicted_array_cycles = 0;
  std::uint64_t weight_bytes = 0;           // in memory, as packed
  std::uint64_t resident_weight_bytes = 0;  // of these, what stays in the weight memory
  int weight_bits = 0;                      // of a weight, as the scheme stores it; 0: there are none
  std::uint64_t dram_read_bytes = 0;
  std::uint64_t dram_write_bytes = 0;
  simulation::UnitCycles busy{};
  std::uint64_t output_channels = 0;
  std::uint64_t output_pixels = 0;
  std::uint64_t groups = 0;
  std::uint64_t merged_groups = 1;     // neighbours that the array takes as one, zeros between them
  std::uint64_t input_bytes = 0;       // of the activations it must read once, a skip operand included, as packed
  std::uint64_t output_bytes = 0;      // of those it must write
  std::uint64_t map_input_bytes = 0;   // of the input bytes, those that lie in the engine's map memory
  std::uint64_t map_output_bytes = 0;  // of the output bytes
  std::uint64_t map_read_bytes = 0;    // of the map memory, each as often as it is read
  std::uint64_t map_write_bytes = 0;
  std::vector<costs::EventCount> counters;  // those that counted something; energy follows from them

  std::uint64_t streamed_weight_bytes() const { return weight_bytes - resident_weight_bytes; }
};

struct CycleFacts {
  std::uint64_t total = 0;  // of the reported frame, to which layers and events belong: that nearest to the mean
  std::uint64_t reported_frame = 0;  // its index
  std::uint64_t first_frame = 0;
  std::uint64_t steady_frames = 0;  // those behind the first; the first where there is no other
  double mean = 0;                  // of these: what designs are compared by
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  std::uint64_t per_frame() const;  // the mean, to the nearest cycle
  simulation::Causes by_cause;
};

struct EnergyFacts {
  std::string implementation;  // "asic:45nm"
  costs::Femtojoules total = 0;
  double uncertainty_percent = 0;
  std::vector<costs::EnergyLine> lines;
  std::vector<costs::Provenance> sources;
  std::vector<std::string> not_counted;  // what the total leaves out, beyond its uncertainty
};

struct ComponentFacts {
  std::string component;
  double lut = 0, ff = 0, dsp = 0, bram36 = 0;
  double lut_uncertainty_percent = 0, ff_uncertainty_percent = 0;
};

struct ResourceFacts {
  std::string implementation;  // "fpga:zynq-7020"
  std::string device;
  long lut = 0, ff = 0, dsp = 0;
  double bram36 = 0;
  bool fits = false;
  double lut_used_percent = 0, ff_used_percent = 0, dsp_used_percent = 0, bram_used_percent = 0;
  double lut_uncertainty_percent = 0, ff_uncertainty_percent = 0;
  long multipliers_in_fabric = 0;
  std::vector<ComponentFacts> components;
  std::vector<costs::Provenance> sources;
};

struct ComponentAreaFacts {
  std::string component;
  double um2 = 0;
  double uncertainty_percent = 0;
};

struct AreaFacts {
  std::string implementation;
  double um2 = 0;
  double uncertainty_percent = 0;
  std::vector<ComponentAreaFacts> components;
  std::vector<costs::Provenance> sources;

  double engine_um2() const;  // of the engine with its buffers
};

// At which clock the engine's logic closes, wires taken as ideal.
struct ClockFacts {
  std::string implementation;  // "asic:45nm"
  double mhz = 0;
  std::string limited_by;
};

struct MemoryFacts {
  std::uint64_t weight_bytes = 0;  // as packed
  std::uint64_t dram_read_bytes = 0;
  std::uint64_t dram_write_bytes = 0;
  std::string residency;
  std::uint64_t resident_weight_bytes = 0;   // of the weights', what stays in the weight memory
  std::uint64_t first_frame_read_bytes = 0;  // of main memory, start-up included
  std::uint64_t map_bytes = 0;               // of the engine's map memory, that are used
  std::uint64_t map_read_bytes = 0;          // there, in the reported frame
  std::uint64_t map_write_bytes = 0;
  std::string feature_maps = {};               // which stay there
  std::uint64_t resident_parameter_bytes = 0;  // in the map memory
  std::uint64_t resident_command_bytes = 0;    // in the command memory
};

struct Result {
  std::string scenario;
  std::string description;
  NetworkFacts network;
  SchemeFacts scheme;
  std::optional<accelerators::EngineConfig> engine;
  bool cpu_fallback = false;
  bool normalise_on_hart = false;
  accelerators::MemoryUse memory_use;
  models::SocConfig soc;
  costs::Implementations implementations;
  AccuracyFacts accuracy;
  std::uint64_t verified_images = 0;  // simulated and equal to the reference, bit for bit
  CycleFacts cycles;
  std::vector<LayerFacts> layers;  // the last one: what belongs to the frame but to no operation
  std::optional<EnergyFacts> energy;
  std::optional<ResourceFacts> resources;
  std::optional<AreaFacts> area;
  std::optional<ClockFacts> clock;
  MemoryFacts memory;
  std::optional<std::uint64_t> cpu_only_cycles;  // of one frame with the hart alone, logits equal to the reference too
  costs::PublishedSoftware published_software;

  double time_ms() const;
  double cycles_per_mac() const;
  std::optional<double> cpu_only_cycles_per_mac() const;
};

// As many rows as columns, which add up to the images, and those in the right place to the correct ones.
bool confusion_holds(const AccuracyFacts& accuracy);

// More classes are not counted by answer: a result stays within what is read.
inline constexpr std::size_t most_confused_classes = 256;

// Every layer's causes add up to its cycles, the layers' to the totals; the energy lines to theirs; bytes likewise.
// Throws Error naming the sum that does not hold.
void check_sums(const Result& result);

std::map<std::string, costs::Femtojoules> energy_by_component(const EnergyFacts& energy);

inline constexpr double femtojoules_per_microjoule = 1e9;
double microjoules(costs::Femtojoules energy);

// Share of the array's multiply-accumulates that were useful in the layer's cycles; 0 without an engine.
double array_utilisation_percent(const LayerFacts& layer, const std::optional<accelerators::EngineConfig>& engine);

}  // namespace lutra::result
