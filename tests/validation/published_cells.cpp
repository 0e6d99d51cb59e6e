#include <fmt/format.h>

#include <cmath>

#include "accelerators/engine/structure.h"
#include "tests/support/synthesised.h"
#include "tests/validation/report.h"

namespace lutra::validation {
namespace {

using accelerators::EngineConfig;

costs::FpgaResources array_of(const EngineConfig& config) {
  return costs::pack(make_family(config)->structure(), {}, test::roomy_device("xilinx7"));
}

std::vector<std::string> row(const std::string& figure, const std::string& source, const Errors& errors,
                             const std::string& theirs, const std::string& ours, const std::string& reason) {
  return {figure, source, errors.points_text(), theirs, ours, errors.range_text(), errors.grade() + ": " + reason};
}

// Of the array of bit pairs that BISMO is: rows x columns x bits of a dot product.
std::vector<std::string> bismo() {
  constexpr int bismo_side = 8;
  Errors errors;
  std::vector<std::string> theirs, ours;
  for (const int lanes : {64, 128, 255}) {
    EngineConfig config;
    config.family = "bit_serial";
    config.variant = "planes";
    config.rows = config.columns = bismo_side;
    config.lanes = lanes;
    config.post_lanes = bismo_side;
    const double formula = 1.17 * lanes + 44.1 + 120.1;
    const double lut = static_cast<double>(array_of(config).lut) / (bismo_side * bismo_side);
    errors.add(lut, formula);
    theirs.push_back(fmt::format("{:.0f}", formula));
    ours.push_back(fmt::format("{:.0f}", lut));
  }
  return row("LUT per element, `bit_serial` planes, 8 x 8 elements of 64, 128, 255 bits",
             "BISMO: Dm Dn (1.17 Dk + 44.1 + 120.1)", errors, fmt::format("{}", fmt::join(theirs, " / ")),
             fmt::format("{}", fmt::join(ours, " / ")),
             "trees of adders over single bits, where BISMO compresses them with a popcount. Counters of three bits in "
             "their place: +4 to -12 % in Yosys, which packs no two functions into one LUT6_2");
}

struct Mvtu {
  int weight_bits, activation_bits;
  double lut_per_mac;
};

// A matrix-vector unit of 16 elements of 16 lanes.
std::vector<std::vector<std::string>> finn_r() {
  constexpr int finn_side = 16, dot_product_bits = 8;  // of 144 products
  std::vector<std::vector<std::string>> rows;
  for (const Mvtu& unit : {Mvtu{1, 1, 8.2}, {2, 2, 14.9}, {2, 8, 56.7}, {4, 8, 67.7}, {8, 8, 124.9}}) {
    EngineConfig config;
    const bool pairs = unit.weight_bits == 1;
    config.family = pairs ? "bit_serial" : "mac";
    if (pairs) config.variant = "planes";
    config.rows = config.lanes = config.post_lanes = finn_side;
    config.columns = 1;
    config.use_dsp = false;
    config.weight_bits = unit.weight_bits;
    config.activation_bits = std::max(2, unit.activation_bits);
    config.accumulator_bits = std::max(16, unit.weight_bits + unit.activation_bits + dot_product_bits);
    const double lut = static_cast<double>(array_of(config).lut) / (finn_side * finn_side);
    Errors errors;
    errors.add(lut, unit.lut_per_mac);
    rows.push_back(row(fmt::format("LUT per MAC, W{}A{}, `{}`", unit.weight_bits, unit.activation_bits, config.family),
                       "FINN-R's model, P = Q = 16, MW = 144", errors, fmt::format("{:.1f}", unit.lut_per_mac),
                       fmt::format("{:.1f}", lut),
                       "theirs is a model of whole units out of HLS, ours the array alone"));
  }
  return rows;
}

struct Accelerator {
  const char* name;
  long lut, ff, dsp;
  const char* family;
  const char* terms;
  int weight_bits;  // of what the shifts stand for: width of its products (PROD_DATA_WIDTH) less the 8 of activations,
                    // and 1
};

// 4 units of 4 x 4 elements of 4 products: 256 a cycle (VMM_COUNT and VM_PE of its sources), a post-processor each.
EngineConfig potacc_engine(const Accelerator& accelerator) {
  EngineConfig config;
  config.family = accelerator.family;
  config.weight_bits = accelerator.weight_bits;
  if (*accelerator.terms != 0) config.options = {{"terms", accelerator.terms}, {"zero_gating", "false"}};
  config.rows = 16;
  config.columns = config.lanes = config.post_lanes = 4;
  return config;
}

long array_lut(const costs::FpgaResources& engine) {
  for (const costs::ComponentCells& component : engine.components)
    if (component.component == "engine.array") return std::lround(component.lut.value);
  throw std::runtime_error("an engine without an array");
}

std::vector<std::vector<std::string>> potacc() {
  const std::vector<Accelerator> accelerators = {
      {"int8", 37'133, 32'766, 48, "mac", "", 8},
      {"APoT 4 bits", 28'508, 36'486, 32, "shift_add", "2", 7},
      {"QKeras 4 bits, one power of two", 25'734, 32'117, 32, "shift_add", "1", 8}};
  const std::string source = "PoTAcc, routed";
  std::vector<std::vector<std::string>> rows;
  double our_mac = 0;
  for (const Accelerator& accelerator : accelerators) {
    const EngineConfig config = potacc_engine(accelerator);
    costs::Device device = test::roomy_device("xilinx7");
    device.dsp_usable = static_cast<int>(accelerator.dsp);
    const costs::FpgaResources engine = costs::pack(engine_structure(config, *make_family(config)), {}, device);
    Errors lut, ff, ratio;
    lut.add(static_cast<double>(engine.lut), static_cast<double>(accelerator.lut));
    ff.add(static_cast<double>(engine.ff), static_cast<double>(accelerator.ff));
    rows.push_back(row(fmt::format("LUT of a whole engine, 256 products a cycle, {}", accelerator.name), source, lut,
                       grouped(accelerator.lut), grouped(engine.lut),
                       fmt::format("{} of ours are the array; of its {} DSP blocks ours takes {}; flip-flops {}",
                                   grouped(array_lut(engine)), accelerator.dsp, engine.dsp, ff.mean_text())));
    const auto own = static_cast<double>(engine.lut);
    if (our_mac == 0) {
      our_mac = own;
      continue;
    }
    const double theirs = static_cast<double>(accelerator.lut) / static_cast<double>(accelerators.front().lut);
    ratio.add(own / our_mac, theirs);
    rows.push_back(row(fmt::format("the same over int8, {}", accelerator.name), source, ratio,
                       fmt::format("{:.2f}", theirs), fmt::format("{:.2f}", own / our_mac),
                       "a comparison of schemes rests on it; a lane of ours that shifts takes about as many LUTs as "
                       "one that multiplies, or more"));
  }
  return rows;
}

}  // namespace

Section published_cells() {
  Section section;
  section.title = "Cells against published designs";
  section.text =
      "Others' RTL, tools and devices; ours is the nearest engine, priced for xilinx7, and nothing was fitted on "
      "these. BISMO: arXiv 1806.08862.\n"
      "FINN-R: arXiv 1809.04570. PoTAcc: arXiv 2605.06082, the accelerator alone in `utilization_report_impl_ip.txt` "
      "of gicLAB/PoTAcc\n"
      "(Zynq-7020, 200 MHz), 4 units of 4 x 4 elements of 4 products, so ours has 16 x 4 x 4 and four post-processor "
      "lanes; the\n"
      "multipliers of ours may take as many DSP blocks as it has.";
  section.columns = {"figure", "held against", "points", "theirs", "ours", "error", "verdict"};
  section.rows.push_back(bismo());
  for (auto& of : finn_r()) section.rows.push_back(std::move(of));
  for (auto& of : potacc()) section.rows.push_back(std::move(of));
  return section;
}

}  // namespace lutra::validation
