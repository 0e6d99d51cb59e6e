#include <fmt/format.h>

#include "software/costs/price_list.h"
#include "software/costs/tables.h"
#include "tests/validation/report.h"

namespace lutra::validation {
namespace {

using accelerators::EngineConfig;

// Of an event of 16 x 16 elements of 16 lanes.
double pj_of(EngineConfig config, const std::string& event) {
  config.rows = config.columns = config.lanes = 16;
  const costs::AsicTarget& target = costs::find_target(costs::carried_tables(), "45nm");
  const costs::PriceList prices(energy_tables(target, "lpddr4", config.family), costs::pricing_context({}, config));
  return prices.find("engine.array", event).value().pj;
}

double mac_pj(int bits) {
  EngineConfig config;
  config.activation_bits = config.weight_bits = bits;
  return pj_of(config, "multiply_accumulate");
}

std::vector<std::string> row(const std::string& figure, const std::string& source, const std::string& unit,
                             double theirs, double ours, const std::string& reason) {
  Errors error;
  error.add(ours, theirs);
  return {figure,
          source,
          fmt::format("{:.3f}{}", theirs, unit),
          fmt::format("{:.3f}{}", ours, unit),
          fmt::format("x {:.1f}", ours / theirs),
          error.grade() + ": " + reason};
}

}  // namespace

Section published_energy() {
  const std::string whole =
      "registers, glitches, wires and clock pins of an element are in ours, the bare operator in theirs";
  Section section;
  section.title = "Energy against published figures";
  section.text =
      "Prices of a product at 45 nm, none of them zero, in an array of 16 x 16 elements of 16 lanes. Published figures "
      "of a node differ by four\n"
      "among themselves. Ratios between schemes are what a comparison needs; absolute energies are Nangate's 45 nm "
      "library at 1.1 V.";
  section.columns = {"figure", "held against", "theirs", "ours", "ours over theirs", "verdict"};
  for (const auto& [bits, pj] : {std::pair{2, 0.041}, {4, 0.082}, {8, 0.203}})
    section.rows.push_back(row(fmt::format("MAC {0} x {0} bits", bits),
                               "BitFusion, arXiv 1712.01507, 45 nm, 500 MHz, per PE and cycle", " pJ", pj, mac_pj(bits),
                               whole));
  section.rows.push_back(row("MAC 8 x 8 bits", "Horowitz, ISSCC 2014, 45 nm: multiplication 0.2, 32-bit addition 0.1",
                             " pJ", 0.2 + 0.1, mac_pj(8), whole));
  section.rows.push_back(row("MAC 4 x 4 over 8 x 8", "BitFusion, as above", "", 0.082 / 0.203, mac_pj(4) / mac_pj(8),
                             "a ratio of two of our prices"));
  section.rows.push_back(
      row("MAC 2 x 2 over 8 x 8", "BitFusion, as above", "", 0.041 / 0.203, mac_pj(2) / mac_pj(8), "the same"));
  EngineConfig pairs;
  pairs.family = "bit_serial";
  pairs.variant = "planes";
  pairs.activation_bits = pairs.weight_bits = 2;
  EngineConfig ternary;
  ternary.family = "ternary";
  ternary.variant = "popcount";
  ternary.activation_bits = 2;
  const std::string system = "theirs is the peak of a whole processor with its memories, ours the array alone";
  section.rows.push_back(row("a pair of bits over MAC 8 x 8",
                             "BrainTTA, arXiv 2211.11331: 35 over 405 fJ per operation", "", 35.0 / 405,
                             pj_of(pairs, "plane_pair") / mac_pj(8), system));
  section.rows.push_back(row("ternary x ternary over MAC 8 x 8", "BrainTTA: 67 over 405 fJ per operation", "",
                             67.0 / 405, pj_of(ternary, "bit_match") / mac_pj(8), system));
  return section;
}

}  // namespace lutra::validation
