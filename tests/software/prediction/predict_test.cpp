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
#include "software/exploration/point/flow.h"
#include "software/exploration/point/predict.h"
#include "software/program/image_reader.h"
#include "software/simulation/simulation.h"
#include "software/simulation/steady_state.h"
#include "tests/software/compiler/support/random_network.h"
#include "tests/support/environment.h"

namespace lutra::prediction {
namespace {

constexpr double most_percent = 5;

// A network and the engine that its row of a comparison runs it on.
struct Row {
  scenario::Scenario scenario;
  network::QuantisedNetwork network;
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
    rows.push_back({std::move(scenario), std::move(network)});
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

struct Compared {
  double simulated = 0;
  double predicted = 0;
  double percent() const { return 100 * (predicted / simulated - 1); }
};

// Cycles of a steady frame; images of zeros, for what they show decides nothing.
double simulated_cycles(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                        const compiler::Program& program) {
  const std::string answer = run_in_child([&] {
    const std::vector<std::vector<std::uint8_t>> frames(
        6, std::vector<std::uint8_t>(program::read_header(program.image).frame_bytes));
    const auto run = simulation::simulate(scenario.soc, scenario.engine, program,
                                          network.edges.at(static_cast<std::size_t>(network.output)), frames);
    return fmt::format("{}", simulation::steady_state(run.frames).mean);
  });
  return std::stod(answer);
}

// Empty where the compiler refuses the design, or leaves something to the hart.
std::optional<Compared> compare(const scenario::Scenario& scenario, const network::QuantisedNetwork& network) {
  std::optional<compiler::Program> program;
  Compared compared;
  try {
    const auto family = accelerators::make_family(*scenario.engine);
    program = exploration::compile_for(scenario, scenario.engine, network);
    const compiler::Program outline = exploration::outline_for(scenario, network);
    const Prediction predicted = predict_frame(outline.image, scenario.soc, *scenario.engine, *family);
    if (predicted.hart_operations > 0) return std::nullopt;
    compared.predicted = static_cast<double>(predicted.cycles);
  } catch (const Error&) {
    return std::nullopt;
  }
  compared.simulated = simulated_cycles(scenario, network, *program);
  return compared;
}

TEST(Predict, IsWithinFivePercentOfTheSimulationOnRandomDesigns) {
  const auto count = test::number_from<std::size_t>("LUTRA_RANDOM_DESIGNS", 200);
  const std::vector<Row> rows = carried_rows();
  std::map<std::string, std::vector<double>> errors;  // by what they are of
  std::vector<double> all;
  for (unsigned seed = 1; all.size() < count; ++seed) {
    DesignDraw draw(seed);
    Row row = rows[seed % rows.size()];
    draw.vary(row.scenario);
    const bool random = seed % 5 == 0;
    if (random) {
      row.network =
          test::random_network(seed, {.operations = 12, .most_channels = 40, .most_side = 24, .moves = false});
      row.scenario.engine->family = "mac";
      row.scenario.engine->variant = "";
      row.scenario.engine->options.clear();
      row.scenario.engine->activation_bits = 16;
      row.scenario.engine->weight_bits = 8;
    }
    const auto compared = compare(row.scenario, row.network);
    if (!compared) continue;
    all.push_back(std::abs(compared->percent()));
    errors[row.scenario.soc.main_memory.kind].push_back(all.back());
    errors[random ? "random networks" : "carried networks"].push_back(all.back());
    EXPECT_LE(all.back(), most_percent) << fmt::format("seed {}: {} cycles predicted, {:.0f} simulated ({} on {}, {})",
                                                       seed, compared->predicted, compared->simulated, row.network.name,
                                                       row.scenario.engine->family, row.scenario.soc.main_memory.kind);
  }
  errors["all"] = all;
  for (auto& [name, values] : errors) {
    double sum = 0;
    for (const double value : values) sum += value;
    fmt::print("{}: {} designs, {:.2f} % off in the mean, {:.2f} % at most\n", name, values.size(),
               sum / static_cast<double>(values.size()), *std::max_element(values.begin(), values.end()));
  }
}

}  // namespace
}  // namespace lutra::prediction
