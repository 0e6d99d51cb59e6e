#include "software/scenario/scenario.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "software/common/embedded.h"
#include "software/common/files.h"
#include "tests/software/scenario/message.h"
#include "tests/support/damage_text.h"
#include "tests/support/scratch.h"

namespace lutra::scenario {
namespace {

using test::message_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* minimal =
    "name: tiny\n"
    "network: {model: embedded, dataset: embedded}\n"
    "scheme: {name: uniform}\n"
    "engine: none\n";

std::string refusal(const std::string& text) {
  return message_of([&] { parse_scenario(text, "s.yaml"); });
}

// The minimal scenario with one line replaced or, when `line` is new, added.
std::string with(const std::string& key, const std::string& line) {
  std::string text, rest = minimal;
  bool replaced = false;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n') + 1;
    if (rest.starts_with(key + ":")) {
      text += line + "\n";
      replaced = true;
    } else {
      text += rest.substr(0, end);
    }
    rest.erase(0, end);
  }
  return replaced ? text : text + line + "\n";
}

TEST(Scenario, DefaultsAreThoseOfTheStructs) {
  const Scenario scenario = parse_scenario(minimal, "s.yaml");
  EXPECT_EQ(scenario.name, "tiny");
  EXPECT_FALSE(scenario.engine);
  EXPECT_FALSE(scenario.cpu_fallback);
  EXPECT_FALSE(scenario.run.images);
  EXPECT_EQ(scenario.run.simulate, 2U);
  EXPECT_EQ(scenario.quantisation.options.weight_bits, 8);
  EXPECT_EQ(scenario.quantisation.calibration_split, network::Split::train);
  EXPECT_EQ(scenario.implementations.fpga, "zynq-7020");
  EXPECT_EQ(scenario.implementations.asic, "45nm");
  EXPECT_DOUBLE_EQ(scenario.soc.clock_mhz, models::SocConfig{}.clock_mhz);
}

TEST(Scenario, ReadsEveryKey) {
  const Scenario scenario = parse_scenario(
      "name: full\n"
      "description: all of it\n"
      "network:\n"
      "  model: a.onnx\n"
      "  dataset: cifar10\n"
      "  normalisation: {range: 255, mean: [1, 2, 3], deviation: [4]}\n"
      "scheme:\n"
      "  name: uniform\n"
      "  weight_bits: 4\n"
      "  activation_bits: 3\n"
      "  first_last_bits: 0\n"
      "  layers: {conv1: {weight_bits: 5}, fc: {activation_bits: 6}}\n"
      "  range: percentile\n"
      "  percentile: 99.5\n"
      "  calibration_images: 17\n"
      "  calibration_split: test\n"
      "  wide_skip: true\n"
      "engine:\n"
      "  {family: mac, rows: 8, columns: 4, lanes: 2, activation_bits: 7, weight_bits: 6, accumulator_bits: 24, "
      "use_dsp: false,\n"
      "   activation_buffer_bytes: 1024, weight_buffer_bytes: 2048, parameter_buffer_bytes: 512, skip_buffer_bytes: "
      "256,\n"
      "   output_buffer_bytes: 128, accumulator_buffer_bytes: 4096, post_lanes: 3, burst_bytes: 32, outstanding: 2,\n"
      "   command_queue: 5, weight_memory_bytes: 7168, map_memory_bytes: 9216, command_memory_bytes: 5120}\n"
      "memory: {weights: auto, activations: on_chip, stripes: none, parameters: resident, commands: resident}\n"
      "fallback: cpu\n"
      "normalise: hart\n"
      "soc:\n"
      "  clock_mhz: 123.5\n"
      "  tcm_bytes: 65536\n"
      "  hart:\n"
      "    timing: ibex\n"
      "    instruction_cache: {bytes: 0}\n"
      "    data_cache: {bytes: 8192, ways: 4, line_bytes: 64}\n"
      "    quantum_instructions: 77\n"
      "  interconnect: {width_bytes: 16, latency_cycles: 5, max_burst_bytes: 128, port_depth: 3, arbitration: fixed}\n"
      "  sram: {bytes: 8192, latency_cycles: 2}\n"
      "  main_memory: {kind: sram, bytes: 4194304}\n"
      "run: {images: 11, simulate: 3, cpu_baseline: true}\n"
      "implementations: {fpga: ecp5-85, asic: none}\n",
      "s.yaml");
  EXPECT_EQ(scenario.description, "all of it");
  EXPECT_EQ(scenario.network.model, "a.onnx");
  EXPECT_EQ(scenario.network.dataset, "cifar10");
  EXPECT_DOUBLE_EQ(scenario.network.normalisation.range, 255);
  EXPECT_THAT(scenario.network.normalisation.mean, ElementsAre(1, 2, 3));
  EXPECT_THAT(scenario.network.normalisation.deviation, ElementsAre(4));
  const quantization::Options& options = scenario.quantisation.options;
  EXPECT_EQ(options.scheme, "uniform");
  EXPECT_EQ(options.weight_bits, 4);
  EXPECT_EQ(options.activation_bits, 3);
  EXPECT_EQ(options.first_last_bits, 0);
  EXPECT_EQ(options.layers.at("conv1").weight_bits, 5);
  EXPECT_EQ(options.layers.at("conv1").activation_bits, 3);
  EXPECT_EQ(options.layers.at("fc").weight_bits, 4);
  EXPECT_EQ(options.layers.at("fc").activation_bits, 6);
  EXPECT_EQ(options.range, quantization::RangeMethod::percentile);
  EXPECT_DOUBLE_EQ(options.percentile, 99.5);
  EXPECT_EQ(options.calibration_images, 17);
  EXPECT_EQ(scenario.quantisation.calibration_split, network::Split::test);
  EXPECT_TRUE(options.wide_skip);
  ASSERT_TRUE(scenario.engine);
  const accelerators::EngineConfig& engine = *scenario.engine;
  EXPECT_EQ(engine.rows, 8);
  EXPECT_EQ(engine.columns, 4);
  EXPECT_EQ(engine.lanes, 2);
  EXPECT_EQ(engine.activation_bits, 7);
  EXPECT_EQ(engine.weight_bits, 6);
  EXPECT_EQ(engine.accumulator_bits, 24);
  EXPECT_FALSE(engine.use_dsp);
  EXPECT_EQ(engine.activation_buffer_bytes, 1024);
  EXPECT_EQ(engine.weight_buffer_bytes, 2048);
  EXPECT_EQ(engine.parameter_buffer_bytes, 512);
  EXPECT_EQ(engine.skip_buffer_bytes, 256);
  EXPECT_EQ(engine.output_buffer_bytes, 128);
  EXPECT_EQ(engine.accumulator_buffer_bytes, 4096);
  EXPECT_EQ(engine.post_lanes, 3);
  EXPECT_EQ(engine.burst_bytes, 32);
  EXPECT_EQ(engine.outstanding, 2);
  EXPECT_EQ(engine.command_queue, 5);
  EXPECT_EQ(engine.weight_memory_bytes, 7168);
  EXPECT_EQ(engine.map_memory_bytes, 9216);
  EXPECT_EQ(engine.command_memory_bytes, 5120);
  EXPECT_EQ(scenario.memory.parameters, accelerators::ConstantPlace::resident);
  EXPECT_EQ(scenario.memory.commands, accelerators::ConstantPlace::resident);
  EXPECT_EQ(scenario.memory.weights, accelerators::WeightPlace::automatic);
  EXPECT_EQ(scenario.memory.activations, accelerators::MapPlace::on_chip);
  EXPECT_EQ(scenario.memory.stripes, accelerators::StripeUse::none);
  EXPECT_TRUE(scenario.cpu_fallback);
  EXPECT_TRUE(scenario.normalise_on_hart);
  EXPECT_DOUBLE_EQ(scenario.soc.clock_mhz, 123.5);
  EXPECT_EQ(scenario.soc.tcm_bytes, 65536U);
  EXPECT_EQ(scenario.soc.hart.timing, "ibex");
  EXPECT_EQ(scenario.soc.hart.instruction_cache.bytes, 0U);
  EXPECT_EQ(scenario.soc.hart.data_cache.bytes, 8192U);
  EXPECT_EQ(scenario.soc.hart.data_cache.ways, 4U);
  EXPECT_EQ(scenario.soc.hart.data_cache.line_bytes, 64U);
  EXPECT_EQ(scenario.soc.hart.quantum_instructions, 77U);
  EXPECT_EQ(scenario.soc.interconnect.width_bytes, 16U);
  EXPECT_EQ(scenario.soc.interconnect.latency_cycles, 5U);
  EXPECT_EQ(scenario.soc.interconnect.max_burst_bytes, 128U);
  EXPECT_EQ(scenario.soc.interconnect.port_depth, 3U);
  EXPECT_EQ(scenario.soc.interconnect.arbitration, models::Arbitration::fixed);
  EXPECT_EQ(scenario.soc.sram.bytes, 8192U);
  EXPECT_EQ(scenario.soc.sram.latency_cycles, 2U);
  EXPECT_EQ(scenario.soc.main_memory.kind, "sram");
  EXPECT_EQ(scenario.soc.main_memory.bytes, 4194304U);
  EXPECT_EQ(scenario.run.images, 11U);
  EXPECT_EQ(scenario.run.simulate, 3U);
  EXPECT_TRUE(scenario.run.cpu_baseline);
  EXPECT_EQ(scenario.implementations.fpga, "ecp5-85");
  EXPECT_EQ(scenario.implementations.asic, "");
}

TEST(Scenario, AWeightSchemeHasItsOwnWidthAndParameters) {
  const auto options = [](const std::string& scheme) {
    return parse_scenario(with("scheme", "scheme: " + scheme), "s.yaml").quantisation.options;
  };
  EXPECT_EQ(options("{name: sttn}").weight_bits, 2);
  EXPECT_EQ(options("{name: bwn}").weight_bits, 1);
  EXPECT_TRUE(options("{name: sttn}").parameters.empty());
  const quantization::Options aptq = options("{name: aptq, parameters: {form: different, largest_difference: 4}}");
  EXPECT_EQ(aptq.parameters, (std::map<std::string, std::string>{{"form", "different"}, {"largest_difference", "4"}}));
}

TEST(Scenario, AMistypedKeyIsNamedWithItsLineAndTheNearestOne) {
  EXPECT_EQ(refusal(with("engine", "engin: none")), "s.yaml:4: key 'engin' is unknown here; did you mean 'engine'?");
  EXPECT_EQ(refusal(with("soc", "soc: {hart: {timming: ibex}}")),
            "s.yaml:5: key 'timming' is unknown in 'soc.hart'; did you mean 'timing'?");
  EXPECT_EQ(refusal(with("engine", "engine: {row: 4}")),
            "s.yaml:4: key 'row' is unknown in 'engine'; did you mean 'rows'?");
}

TEST(Scenario, WrongValuesSayWhatWouldBeRight) {
  EXPECT_EQ(refusal(with("engine", "engine: {rows: 0}")),
            "s.yaml:4: engine.rows: '0' stands where a whole number from 1 to 255 is expected");
  EXPECT_EQ(refusal(with("engine", "engine: {rows: many}")),
            "s.yaml:4: engine.rows: 'many' stands where a whole number from 1 to 255 is expected");
  EXPECT_EQ(refusal(with("engine", "engine: yes")),
            "s.yaml:4: engine: 'yes' is none of the choices; there are: none, auto");
  EXPECT_EQ(refusal(with("engine", "engine: {family: mack}")),
            "s.yaml:4: engine.family: 'mack' is none of the choices; did you mean 'mac'?");
  EXPECT_THAT(refusal(with("scheme", "scheme: {name: uniforme}")), HasSubstr("did you mean 'uniform'?"));
  EXPECT_THAT(refusal(with("scheme", "scheme: {name: uniform, first_last_bits: 1}")), HasSubstr("1 is too few"));
  EXPECT_THAT(refusal(with("scheme", "scheme: {name: uniform, weight_bits: 9}")), HasSubstr("from 2 to 8"));
  EXPECT_THAT(refusal(with("scheme", "scheme: {name: codebook, weight_bits: 7}")), HasSubstr("from 2 to 6"));
  EXPECT_THAT(refusal(with("scheme", "scheme: {name: codebook}")), HasSubstr("key 'weight_bits' is missing"));
  EXPECT_THAT(refusal(with("scheme", "scheme: {name: apq, weight_bits: 3, parameters: {zeros: true}}")),
              HasSubstr("did you mean 'zero'?"));
  EXPECT_THAT(refusal(with("scheme", "scheme: {name: apq, weight_bits: 3, parameters: {zero: maybe}}")),
              HasSubstr("it can be: true, false"));
  EXPECT_THAT(refusal(with("network", "network: {dataset: cifar11}")), HasSubstr("did you mean 'cifar10'?"));
  EXPECT_THAT(refusal(with("soc", "soc: {clock_mhz: .nan}")), HasSubstr("a number from 1 to 2000"));
  EXPECT_THAT(refusal(with("soc", "soc: {interconnect: {width_bytes: 12}}")), HasSubstr("12 is not a power of two"));
  EXPECT_THAT(refusal(with("soc", "soc: {hart: {data_cache: {bytes: 64, ways: 4, line_bytes: 32}}}")),
              HasSubstr("64 bytes cannot hold 4 ways of 32-byte lines"));
  EXPECT_THAT(refusal(with("implementations", "implementations: {fpga: zync-7020}")),
              HasSubstr("did you mean 'zynq-7020'?"));
  EXPECT_THAT(refusal(with("implementations", "implementations: {asic: 7nm}")), HasSubstr("there are: 45nm, none"));
  EXPECT_THAT(refusal(with("engine", "engine: {burst_bytes: 512}")), HasSubstr("soc.interconnect.max_burst_bytes 256"));
  EXPECT_THAT(refusal(with("engine", "engine: {activation_bits: 9}")), HasSubstr("9 is neither 2 to 8 nor 16"));
  EXPECT_THAT(refusal(with("engine", "engine: {burst_bytes: 48}")), HasSubstr("48 is not a power of two"));
  EXPECT_THAT(refusal(with("run", "run: {simulate: 0}")), HasSubstr("from 1 to"));
}

TEST(Scenario, AnAutomaticClockIsTheFastestOfTheEngine) {
  const auto scenario = [&](const std::string& engine) {
    return parse_scenario(with("engine", "engine: " + engine) + "soc: {clock_mhz: auto}\n", "s.yaml");
  };
  const Scenario shallow = scenario("{family: mac, pipeline: 0}");
  const auto closing = costs::closing_clock(*shallow.engine, *costs::carried_tables().targets.front().clock);
  EXPECT_EQ(shallow.soc.clock_mhz, std::floor(closing.value().mhz));
  EXPECT_NE(shallow.soc.clock_mhz, scenario("{family: mac, post: shift}").soc.clock_mhz);
}

TEST(Scenario, AnAutomaticClockNeedsAnEngineThatIsKnown) {
  const std::string automatic = "soc: {clock_mhz: auto}\n";
  EXPECT_THAT(refusal(with("soc", "soc: {clock_mhz: fast}")),
              HasSubstr("'fast' is neither a number from 1 to 2000 nor 'auto'"));
  EXPECT_THAT(refusal(with("engine", "engine: none") + automatic), HasSubstr("there is no engine"));
  EXPECT_THAT(refusal(with("engine", "engine: auto") + automatic), HasSubstr("the engine is chosen later"));
  EXPECT_THAT(refusal(with("engine", "engine: {family: mac}") + automatic + "implementations: {asic: none}\n"),
              HasSubstr("implementations.asic is 'none'"));
  EXPECT_THAT(refusal(with("engine", "engine: {family: mac, activation_bits: 16}") + automatic),
              HasSubstr("no path of such an engine"));
}

TEST(Scenario, AsksForRequiredKeys) {
  EXPECT_EQ(refusal("network: {dataset: embedded}\n"), "s.yaml:1: key 'name' is missing");
  EXPECT_EQ(refusal("name: x\nnetwork: {model: embedded}\n"), "s.yaml:2: network: key 'dataset' is missing");
  EXPECT_THAT(refusal(with("scheme", "quantized: a.onnx\nscheme: {name: uniform}")), HasSubstr("give either 'scheme'"));
  EXPECT_THAT(refusal("name: x\nnetwork: {dataset: embedded}\nengine: none\n"), HasSubstr("give either 'scheme'"));
  EXPECT_THAT(refusal(with("network", "network: {dataset: embedded}")), HasSubstr("network: key 'model' is missing"));
  EXPECT_THAT(refusal("- a list\n"), HasSubstr("a list stands where a mapping is expected"));
}

TEST(Scenario, EveryShippedScenarioParses) {
  const auto names = shipped_scenarios();
  EXPECT_THAT(names, ElementsAre("cifar10_resnet20", "cifar10_resnet20_cpu", "cifar10_resnet20_zoo", "cifar10_resnet8",
                                 "cifar10_resnet8_cpu", "embedded", "embedded_bit_serial", "embedded_cpu",
                                 "embedded_lut", "embedded_on_chip", "embedded_resident", "embedded_shift_add",
                                 "embedded_ternary", "embedded_w2a2", "embedded_w4a4", "kws_dscnn", "own_images"));
  for (const std::string& name : names) {
    const Scenario scenario = load_scenario(name);
    EXPECT_EQ(scenario.name, name);
    EXPECT_EQ(scenario.engine.has_value(), !name.ends_with("_cpu"));
    EXPECT_FALSE(scenario.description.empty());
  }
}

TEST(Scenario, AShippedScenarioIsFoundUnderEachOfItsNames) {
  for (const char* name : {"embedded", "embedded.yaml", "scenarios/embedded.yaml"})
    EXPECT_EQ(load_scenario(name).name, "embedded");
  EXPECT_THAT(message_of([] { load_scenario("embeded"); }), HasSubstr("did you mean 'embedded'?"));
}

TEST(Scenario, PathsResolveAgainstTheScenariosFolderThenTheDataFolder) {
  const test::Scratch folder;
  write_file(folder / "here/model.onnx", "a");
  write_file(folder / "data/model.onnx", "b");
  write_file(folder / "data/other.onnx", "c");
  Scenario scenario;
  scenario.file = (folder / "here/s.yaml").string();
  const std::filesystem::path data = folder / "data";
  EXPECT_EQ(resolve_path(scenario, "model.onnx", data), folder / "here/model.onnx");
  EXPECT_EQ(resolve_path(scenario, "other.onnx", data), data / "other.onnx");
  EXPECT_EQ(resolve_path(scenario, (data / "model.onnx").string(), std::nullopt), data / "model.onnx");
  EXPECT_THAT(message_of([&] { resolve_path(scenario, "other.onnx", std::nullopt); }), HasSubstr("--data"));
  EXPECT_THAT(message_of([&] { resolve_path(scenario, "none.onnx", data); }), HasSubstr((data / "none.onnx").string()));
}

// Any bytes give a scenario or an Error.
TEST(Scenario, MutatedTextIsAScenarioOrAnError) {
  const std::string original(*find_embedded("scenarios/embedded.yaml"));
  constexpr unsigned seed = 77;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  int refused = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string text = original;
    for (unsigned i = 0; i <= random() % 4; ++i) {
      test::damage_text(text, random, "[]{}:,-&*!0123456789.e\n ", 5);
    }
    const std::string message = refusal(text);
    if (message == "no error") continue;
    EXPECT_THAT(message, StartsWith("s.yaml:"));
    ++refused;
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace lutra::scenario
