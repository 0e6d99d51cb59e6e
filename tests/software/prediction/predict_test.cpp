#include "software/prediction/predict.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>

#include "accelerators/family/family.h"
#include "software/common/error.h"
#include "software/common/process/child_process.h"
#include "software/exploration/campaign/comparison.h"
#include "software/exploration/point/assemble.h"
#include "software/exploration/point/flow.h"
#include "software/exploration/point/predict.h"
#include "software/exploration/search/evaluator.h"
#include "software/exploration/search/moves.h"
#include "software/program/image_reader.h"
#include "software/result/result_json.h"
#include "software/simulation/simulation.h"
#include "software/simulation/steady_state.h"
#include "tests/software/compiler/support/random_network.h"
#include "tests/support/environment.h"

namespace lutra::prediction {
namespace {

constexpr double most_percent = 5;
constexpr double most_energy_percent = 5;

// A network and the engine that its row of a comparison runs it on.
struct Row {
  scenario::Scenario scenario;
  network::QuantisedNetwork network;
  std::optional<exploration::Activity> activity;  // as the row itself shows it
};

std::vector<Row> carried_rows() {
  exploration::Inputs inputs;
  exploration::FlowOptions options;
  options.images = 1;
  options.float_accuracy = false;
  const exploration::Comparison comparison = exploration::load_comparison("embedded_schemes");
  std::vector<Row> rows;
  for (const exploration::ComparisonRow& row : comparison.rows) {
    scenario::Scenario scenario = scenario::apply_overrides(comparison.base, row.settings).scenario;
    scenario.quantisation.options.calibration_images = 4;
    network::QuantisedNetwork network = exploration::measure_network(scenario, inputs, options).network;
    rows.push_back({std::move(scenario), std::move(network), {}});
  }
  return rows;
}

// Draws what a search may change, and what it may not but a scenario can say.
class DesignDraw {
 public:
  explicit DesignDraw(unsigned seed) : random_(seed) {}

  void vary(scenario::Scenario& scenario) {
    accelerators::EngineConfig& engine = *scenario.engine;
    engine.rows = pick({2, 4, 8, 16, 32});
    engine.columns = pick({2, 4, 8, 16, 32});
    engine.lanes = pick({1, 2, 4, 8, 16});
    engine.post_lanes = pick({1, 2, 4, 8, 16, 32});
    engine.dataflow = pick({accelerators::Dataflow::output_stationary, accelerators::Dataflow::output_stationary,
                            accelerators::Dataflow::weight_stationary});
    for (int* bytes : {&engine.activation_buffer_bytes, &engine.weight_buffer_bytes, &engine.skip_buffer_bytes,
                       &engine.output_buffer_bytes, &engine.accumulator_buffer_bytes})
      *bytes = pick({1024, 2048, 4096, 8192, 16384, 32768, 65536});
    engine.burst_bytes = pick({32, 64, 128});
    engine.outstanding = pick({1, 2, 4, 8});
    engine.command_queue = pick({1, 2, 4});
    models::SocConfig& soc = scenario.soc;
    soc.interconnect.width_bytes = pick({4U, 8U, 16U, 32U});
    soc.main_memory.kind =
        pick({std::string("lpddr4"), std::string("lpddr4"), std::string("ddr3"), std::string("ddr3_x32"),
              std::string("ddr4"), std::string("lpddr2"), std::string("sram")});
    soc.clock_mhz = pick({100.0, 200.0, 200.0, 333.0});
    using namespace accelerators;
    scenario.memory.weights = pick({WeightPlace::streamed, WeightPlace::automatic});
    scenario.memory.activations = pick({MapPlace::dram, MapPlace::automatic});
    scenario.memory.parameters = pick({ConstantPlace::streamed, ConstantPlace::resident});
    scenario.memory.commands = pick({ConstantPlace::streamed, ConstantPlace::resident});
    engine.weight_memory_bytes = pick({4096, 16384, 65536});
    engine.map_memory_bytes = pick({4096, 16384, 65536});
    engine.command_memory_bytes = 1 << 20;
  }

  template <typename Value>
  Value pick(std::initializer_list<Value> values) {
    return std::data(values)[random_() % values.size()];
  }

 private:
  std::mt19937 random_;
};

// A steady frame; images of zeros.
result::Result simulated(const scenario::Scenario& scenario, const network::QuantisedNetwork& network) {
  const compiler::Program program = exploration::compile_for(scenario, scenario.engine, network);
  const std::string answer = run_in_child([&] {
    const std::vector<std::vector<std::uint8_t>> frames(
        6, std::vector<std::uint8_t>(program::read_header(program.image).frame_bytes));
    const auto run = simulation::simulate(scenario.soc, scenario.engine, program,
                                          network.edges.at(static_cast<std::size_t>(network.output)), frames);
    exploration::Prepared prepared;
    prepared.network = network;
    return result::to_json(
        exploration::assemble(scenario, prepared, {}, program, run, frames.size(), costs::carried_tables()));
  });
  return result::from_json(answer, "simulated");
}

// Empty where the row's own engine does not compute all of it.
std::optional<exploration::Activity> activity(const Row& row) {
  try {
    return exploration::activity_of(simulated(row.scenario, row.network), row.scenario, row.network,
                                    costs::carried_tables());
  } catch (const Error&) {
    return std::nullopt;
  }
}

struct Compared {
  exploration::FrameCost simulated;
  exploration::FrameCost predicted;
  bool striped = false;
  double percent() const { return 100 * (predicted.cycles / simulated.cycles - 1); }
  double energy_percent() const { return 100 * (predicted.microjoules / simulated.microjoules - 1); }
};

// Empty where the compiler refuses the design, or leaves something to the hart.
std::optional<Compared> compare(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                                const exploration::Activity& activity) {
  Compared compared;
  try {
    const auto family = accelerators::make_family(*scenario.engine);
    compared.striped = !exploration::compile_for(scenario, scenario.engine, network).stripes.empty();
    const compiler::Program outline = exploration::outline_for(scenario, network);
    const Prediction predicted = predict_frame(outline.image, scenario.soc, *scenario.engine, *family, activity.share);
    if (predicted.hart_operations > 0) return std::nullopt;
    compared.predicted.cycles = static_cast<double>(predicted.cycles);
    compared.predicted.microjoules =
        exploration::frame_microjoules(predicted, activity, scenario, costs::carried_tables());
  } catch (const Error&) {
    return std::nullopt;
  }
  const result::Result result = simulated(scenario, network);
  compared.simulated = {result.cycles.mean, result::microjoules(result.energy->total)};
  return compared;
}

// What a search says that no design of the scenario's shape is below.
double bound(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
             const exploration::Activity& activity, exploration::Minimise minimise) {
  exploration::SearchSpace space;
  space.budget = exploration::EngineArea{"45nm", 10000};
  space.minimise = minimise;
  exploration::Evaluator evaluator(scenario, network, space, activity, costs::carried_tables());
  return evaluator.bound(exploration::smallest(exploration::design_of(scenario), space)).value();
}

void print_errors(const char* what, std::map<std::string, std::vector<double>>& errors) {
  for (auto& [name, values] : errors) {
    double sum = 0;
    for (const double value : values) sum += value;
    fmt::print("{}, {}: {} designs, {:.2f} % off in the mean, {:.2f} % at most\n", what, name, values.size(),
               sum / static_cast<double>(values.size()), *std::max_element(values.begin(), values.end()));
  }
}

TEST(Predict, CyclesAndEnergyAreNearTheSimulationAndAboveTheirBoundsOnRandomDesigns) {
  const auto count = test::number_from<std::size_t>("LUTRA_RANDOM_DESIGNS", 200);
  std::vector<Row> rows = carried_rows();
  std::map<std::string, std::vector<double>> cycles, energy;  // errors, by what they are of
  for (unsigned seed = 1; cycles["all"].size() < count; ++seed) {
    DesignDraw draw(seed);
    Row drawn;
    const bool random = seed % 5 == 0;
    Row& row = random ? drawn : rows[seed % rows.size()];
    if (random) {
      row.scenario = rows[seed % rows.size()].scenario;
      row.network =
          test::random_network(seed, {.operations = 12, .most_channels = 40, .most_side = 24, .moves = false});
      row.scenario.engine->family = "mac";
      row.scenario.engine->variant = "";
      row.scenario.engine->options.clear();
      row.scenario.engine->activation_bits = 16;
      row.scenario.engine->weight_bits = 8;
    }
    if (!row.activity) row.activity = activity(row);
    if (!row.activity) continue;
    scenario::Scenario scenario = row.scenario;
    draw.vary(scenario);
    const auto compared = compare(scenario, row.network, *row.activity);
    if (!compared) continue;
    const std::string design = fmt::format(
        "seed {}: {} cycles and {:.2f} uJ predicted, {:.0f} and {:.2f} simulated ({} on {}, {})", seed,
        compared->predicted.cycles, compared->predicted.microjoules, compared->simulated.cycles,
        compared->simulated.microjoules, row.network.name, scenario.engine->family, scenario.soc.main_memory.kind);
    for (const std::string& kind : {std::string("all"), std::string(random ? "random networks" : "carried networks"),
                                    scenario.soc.main_memory.kind, scenario.engine->family}) {
      cycles[kind].push_back(std::abs(compared->percent()));
      energy[kind].push_back(std::abs(compared->energy_percent()));
    }
    if (compared->striped) cycles["in stripes"].push_back(cycles["all"].back());
    EXPECT_LE(cycles["all"].back(), most_percent) << design;
    EXPECT_LE(energy["all"].back(), most_energy_percent) << design;
    using exploration::Minimise;
    for (const Minimise minimise : {Minimise::cycles, Minimise::energy, Minimise::energy_delay}) {
      const double least = bound(scenario, row.network, *row.activity, minimise);
      EXPECT_LE(least, compared->simulated.of(minimise)) << design;
      EXPECT_LE(least, compared->predicted.of(minimise)) << design;
    }
  }
  print_errors("cycles", cycles);
  print_errors("energy", energy);
}

// Networks taller than their map memory.
TEST(Predict, IsWithinFivePercentOfTheSimulationInStripes) {
  const exploration::Comparison comparison = exploration::load_comparison("embedded_schemes");
  const scenario::Scenario base = scenario::apply_overrides(comparison.base, comparison.rows.front().settings).scenario;
  int striped = 0;
  for (unsigned seed = 1; striped < 12; ++seed) {
    DesignDraw draw(seed);
    scenario::Scenario scenario = base;
    draw.vary(scenario);
    scenario.memory.activations = accelerators::MapPlace::automatic;
    scenario.engine->map_memory_bytes = draw.pick({2048, 4096, 8192});
    scenario.engine->family = "mac";
    scenario.engine->variant = "";
    scenario.engine->options.clear();
    scenario.engine->activation_bits = 16;
    scenario.engine->weight_bits = 8;
    const network::QuantisedNetwork network = test::random_network(
        seed, {.operations = 8, .most_channels = 24, .most_side = 48, .moves = false, .recent = true});
    const auto busy = activity({scenario, network, std::nullopt});
    if (!busy) continue;
    const auto compared = compare(scenario, network, *busy);
    if (!compared || !compared->striped) continue;
    ++striped;
    fmt::print("seed {}: {:.2f} % off\n", seed, compared->percent());
    EXPECT_LE(std::abs(compared->percent()), most_percent) << "seed " << seed;
  }
}

}  // namespace
}  // namespace lutra::prediction
