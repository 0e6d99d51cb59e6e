#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "accelerators/family/engine_knobs.h"
#include "accelerators/family/family.h"
#include "models/base/soc_knobs.h"
#include "software/common/embedded.h"
#include "software/common/process/child_process.h"
#include "software/exploration/point/flow.h"
#include "software/scenario/override.h"
#include "tests/software/scenario/message.h"
#include "tests/support/environment.h"

namespace lutra::exploration {
namespace {

// Draws values that the declared knobs accept, at their limits more often than chance would have it.
class KnobDraw {
 public:
  KnobDraw(unsigned seed, const char* group) : random_(seed), group_(group) {}

  template <typename Number>
  void operator()(const char* name, const Number&, const KnobRange& range, const char*) {
    if (!changes()) return;
    const auto high = static_cast<double>(range.high), low = static_cast<double>(range.low);
    double value =
        below(4) == 0 ? (below(2) == 0 ? low : high) : std::exp(uniform(std::log(low + 1), std::log(high + 1))) - 1;
    value = std::clamp(std::floor(value), low, high);
    if (range.power_of_two && value > 0) value = std::exp2(std::floor(std::log2(value)));
    if (range.power_of_two && value < low) value = std::exp2(std::ceil(std::log2(low)));
    if (range.also != 0 && below(4) == 0) value = static_cast<double>(range.also);
    set(name, fmt::format("{}", static_cast<std::int64_t>(value)));
  }
  void operator()(const char* name, double, const KnobReal& range, const char*) {
    if (!changes()) return;
    const bool zero = *range.zero != '\0' && below(4) == 0;
    set(name, zero ? range.zero : fmt::format("{:.3f}", std::exp(uniform(std::log(range.low), std::log(range.high)))));
  }
  void operator()(const char* name, bool, const KnobFlag&, const char*) {
    if (changes()) set(name, below(2) == 0 ? "true" : "false");
  }
  template <typename Choice>
  void operator()(const char* name, const Choice&, const KnobWords& accepted, const char*) {
    if (changes()) set(name, std::data(accepted.words)[below(accepted.words.size())]);
  }
  void operator()(const char* name, const std::string&, const KnobTable& accepted, const char*) {
    if (!changes()) return;
    const std::vector<std::string> tables = list_embedded(std::string(accepted.folder) + "/");
    const std::size_t chosen = below(tables.size() + (*accepted.also != '\0' ? 1 : 0));
    set(name, chosen < tables.size() ? std::filesystem::path(tables[chosen]).stem().string() : accepted.also);
  }
  template <typename Any>
  void operator()(const char*, const Any&, const KnobAny&, const char*) {}  // the family stays that of the scenario
  template <typename Config>
  void operator()(const char* name, const Config& config, const KnobGroup&, const char*) {
    const std::string outer = group_;
    group_ += "." + std::string(name);
    for_each_knob(config, std::ref(*this));
    group_ = outer;
  }

  std::size_t below(std::size_t count) { return random_() % count; }
  std::vector<std::string> take() { return std::move(settings_); }

 private:
  bool changes() { return below(4) == 0; }
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(random_()) / 4294967296.0);
  }
  void set(const char* name, const std::string& value) {
    // A gigabyte of memory says no more than 64 MiB and takes a second to clear.
    if (std::string(name) == "bytes" && group_ == "soc.main_memory" && std::stoll(value) > (64 << 20)) return;
    settings_.push_back(fmt::format("{}.{}={}", group_, name, value));
  }

  std::mt19937 random_;
  std::string group_;
  std::vector<std::string> settings_;
};

std::vector<std::string> draw_settings(unsigned seed) {
  KnobDraw engine(seed, "engine"), soc(seed + 1'000'000, "soc");
  const accelerators::EngineConfig usual_engine;
  const models::SocConfig usual_soc;
  for_each_knob(usual_engine, std::ref(engine));
  for_each_knob(usual_soc, std::ref(soc));
  std::vector<std::string> settings = engine.take();
  for (std::string& setting : soc.take()) settings.push_back(std::move(setting));
  if (soc.below(2) == 0) settings.emplace_back("fallback=cpu");
  if (soc.below(2) == 0) settings.emplace_back("normalise=hart");
  constexpr const char* places[] = {"streamed", "resident", "auto"};
  constexpr const char* map_places[] = {"dram", "on_chip", "auto"};
  settings.push_back(fmt::format("memory.weights={}", places[soc.below(3)]));
  settings.push_back(fmt::format("memory.activations={}", map_places[soc.below(3)]));
  if (soc.below(4) == 0) settings.emplace_back("memory.parameters=resident");
  if (soc.below(4) == 0) settings.emplace_back("memory.commands=resident");
  // Most sizes drawn above are none at all or too small: give some that do.
  for (const char* memory : {"weight", "map", "command"})
    if (soc.below(4) > 0) settings.push_back(fmt::format("engine.{}_memory_bytes=65536", memory));
  return settings;
}

// How many to run: more of them in a night of one's own.
std::size_t count() { return test::number_from<std::size_t>("LUTRA_RANDOM_SCENARIOS", 40); }

// Where the simulation came to a bad end: all of these begin so.
bool is_fault(const std::string& message) {
  for (const char* sign : {"simulation", "software on the hart", "logit", "signal", "fault of Lutra", "did not finish"})
    if (message.find(sign) != std::string::npos) return true;
  return false;
}

// Whatever the keys accept is run to logits equal to the reference's, or refused before the hart begins.
TEST(RandomScenarios, RunOrAreRefusedBeforehand) {
  const std::vector<std::string> names = {"embedded",           "embedded_bit_serial", "embedded_lut",
                                          "embedded_shift_add", "embedded_ternary",    "embedded_w2a2",
                                          "embedded_w4a4"};
  Inputs inputs;
  FlowOptions options;
  options.images = 1;
  options.float_accuracy = false;
  std::vector<MeasuredNetwork> networks;
  std::vector<scenario::BaseScenario> bases;
  const scenario::Overrides quick = {
      scenario::parse_override("run={images: 1, simulate: 1, steady_cycles: 0}", "test")};
  for (const std::string& name : names) {
    bases.push_back(scenario::load_base(name));
    networks.push_back(measure_network(scenario::apply_overrides(bases.back(), quick).scenario, inputs, options));
  }
  std::size_t ran = 0;
  for (unsigned seed = 1; seed <= count(); ++seed) {
    const std::size_t base = seed % names.size();
    const std::vector<std::string> settings = draw_settings(seed);
    SCOPED_TRACE(fmt::format("seed {}: lutra run {} --set {}", seed, names[base], fmt::join(settings, " --set ")));
    const std::string message = test::message_of([&] {
      run_in_child([&] {
        scenario::Overrides overrides = quick;
        for (const std::string& setting : settings) overrides.push_back(scenario::parse_override(setting, "test"));
        FlowOptions with = options;
        with.measured = &networks[base];
        run_scenario(scenario::apply_overrides(bases[base], overrides).scenario, inputs, with);
        return std::string();
      });
    });
    ran += message == "no error" ? 1 : 0;
    EXPECT_FALSE(is_fault(message)) << message;
  }
  RecordProperty("ran", static_cast<int>(ran));
  EXPECT_GT(ran, count() / 6) << "too few of the drawn scenarios are valid to say anything";
}

}  // namespace
}  // namespace lutra::exploration
