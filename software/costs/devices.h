#pragma once

#include <map>
#include <string>
#include <vector>

#include "software/costs/lut_factors.h"
#include "software/costs/provenance.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

struct RamShape {
  int width = 0;
  int depth = 0;
  int luts = 0;  // distributed RAM only
};

// How primitives become a device family's cells. Each figure has its own provenance.
struct PackingRules {
  double luts_per_adder_bit = 0;
  double luts_per_multiplier_cell = 0;    // a product of a x b bits in the fabric is a * (b + 1) - 1 cells
  double luts_per_function = 0;           // of up to six inputs
  double multiplexer_inputs_per_lut = 0;  // a LUT that selects among n + 1 saves n inputs
  double luts_per_lut6 = 0;               // for figures published for six-input LUTs
  Provenance adder, multiplier, function, multiplexer, foreign;

  int dsp_width_a = 0;  // operands of one block, signed
  int dsp_width_b = 0;
  int dsp_smallest_product = 0;        // bits; a smaller product stays in the fabric
  bool dsp_product_registers = false;  // a block holds the registers of its operands and its product
  int dsp_accumulator_bits = 0;        // the adder and register a block holds; 0: none
  Provenance dsp;

  std::vector<RamShape> distributed;  // one cell group each; empty: none
  double block_kbits = 0;
  std::vector<RamShape> block;
  Provenance ram;

  LutFactors lut_factors;
  bool borrowed_factors = false;  // those of another device family: its rules' uncertainty stays
};

struct Device {
  std::string name;
  std::string family;
  int lut = 0;
  int ff = 0;
  int dsp = 0;
  int dsp_usable = 0;                      // by arithmetic: at most dsp
  int blocks = 0;                          // of PackingRules::block_kbits
  std::vector<std::string> hard_memories;  // main memory kinds with a hard controller; others need one in the fabric
  std::string source;
  PackingRules rules;
};

// Each table laid before the ones it follows: a family or device of a known name replaces the one before, others are
// added. A family takes the LUT factors of its name, or of the one that it names. Throws Error naming file and line.
std::vector<Device> read_devices(const std::vector<const TableText*>& tables,
                                 const std::map<std::string, LutFactors>& lut_factors = {});

}  // namespace lutra::costs
