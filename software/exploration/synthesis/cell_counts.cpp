#include "software/exploration/synthesis/cell_counts.h"

#include <nlohmann/json.hpp>
#include <regex>

#include "software/common/error.h"

namespace lutra::exploration {

namespace {

struct CellKind {
  const char* pattern;
  long SynthesisedCells::*counter;
  long each;
};

// The same as in accelerators/array/synth/synthesise.sh.
constexpr CellKind kinds[] = {
    {"LUT[1-6]|SB_LUT4|SRL16E|SRLC32E", &SynthesisedCells::lut, 1},
    {"CCU2C", &SynthesisedCells::lut, 2},
    {"RAM32M|RAM64M|RAM128X1D|TRELLIS_DPR16X4", &SynthesisedCells::lut, 4},
    {"RAM32X1D|RAM64X1D|RAM128X1S", &SynthesisedCells::lut, 2},
    {"RAM32X1S|RAM64X1S", &SynthesisedCells::lut, 1},
    {"FD[RSCP]E|TRELLIS_FF|SB_DFF.*", &SynthesisedCells::ff, 1},
    {"DSP48E1|MULT18X18D|SB_MAC16", &SynthesisedCells::dsp, 1},
    {"RAMB.*|DP16KD|PDPW16KD|SB_RAM.*", &SynthesisedCells::bram, 1},
};

// Of a flat design: one module.
SynthesisedCells count_area(const std::string& statistics) {
  static const std::regex cell_count(R"(Number of cells: +([0-9]+))");
  static const std::regex area(R"(Chip area for (?:top )?module [^:]*: ([0-9.e+]+))");
  std::smatch count, um2;
  if (!std::regex_search(statistics, count, cell_count) || !std::regex_search(statistics, um2, area))
    throw Error("Yosys' statistics cannot be read: they have no number or no area of cells");
  SynthesisedCells cells;
  cells.on_fpga = false;
  cells.cells = std::stol(count[1]);
  cells.um2 = std::stod(um2[1]);
  return cells;
}

}  // namespace

SynthesisedCells count_cells(const std::string& statistics, bool on_fpga) {
  if (!on_fpga) return count_area(statistics);
  SynthesisedCells cells;
  try {
    const nlohmann::json design = nlohmann::json::parse(statistics).at("design");
    cells.cells = design.at("num_cells");
    for (const auto& [type, count] : design.at("num_cells_by_type").items())
      for (const CellKind& kind : kinds)
        if (std::regex_match(type, std::regex(kind.pattern))) cells.*kind.counter += kind.each * count.get<long>();
  } catch (const nlohmann::json::exception& problem) {
    throw Error(std::string("Yosys' statistics cannot be read: ") + problem.what());
  }
  return cells;
}

}  // namespace lutra::exploration
