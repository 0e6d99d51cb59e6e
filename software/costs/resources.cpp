#include "software/costs/resources.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "software/common/arithmetic.h"

namespace lutra::costs {

namespace {

using accelerators::DspPart;
using accelerators::Primitive;
using accelerators::PrimitiveKind;
using accelerators::Structure;

// Blocks an operand of `bits` spans, each further one adding its width without the sign.
long dsp_columns(int bits, int width) { return bits <= width ? 1 : 1 + divide_up<long>(bits - width, width - 1); }

long dsps_per_multiplier(const Primitive& p, const PackingRules& rules) {
  const auto [narrow, wide] = std::minmax(p.width_a, p.width_b);
  return dsp_columns(wide, rules.dsp_width_a) * dsp_columns(narrow, rules.dsp_width_b);
}

// How many copies of each multiplier lie in DSP blocks.
std::vector<long> assign_dsps(const Structure& structure, const Device& device, long taken, long& left_out) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < structure.size(); ++i) {
    const Primitive& p = structure[i];
    if (p.kind == PrimitiveKind::multiplier && p.dsp == DspPart::product &&
        (p.per_dsp > 1 || p.width_a + p.width_b >= device.rules.dsp_smallest_product))
      order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return structure[a].width_a * structure[a].width_b > structure[b].width_a * structure[b].width_b;
  });
  std::vector<long> in_dsp(structure.size(), 0);
  long free = std::max(0L, device.dsp_usable - taken);
  for (const std::size_t i : order) {
    const long each = dsps_per_multiplier(structure[i], device.rules);
    in_dsp[i] = std::min<long>(structure[i].count, free / each * structure[i].per_dsp);
    free -= divide_up(in_dsp[i], structure[i].per_dsp) * each;
    left_out += structure[i].count - in_dsp[i];
  }
  return in_dsp;
}

struct MemoryCells {
  long luts = 0;
  long blocks = 0;
};

MemoryCells memory_cells(const Primitive& p, const PackingRules& rules) {
  MemoryCells best;
  for (const RamShape& shape : rules.distributed)
    if (p.depth <= shape.depth) {
      const long luts = divide_up<long>(p.width_a, shape.width) * shape.luts;
      if (best.luts == 0 || luts < best.luts) best.luts = luts;
    }
  if (best.luts != 0) return best;
  for (const RamShape& shape : rules.block) {
    const long blocks = divide_up<long>(p.width_a, shape.width) * divide_up<long>(p.depth, shape.depth);
    if (best.blocks == 0 || blocks < best.blocks) best.blocks = blocks;
  }
  return best;
}

class Packer {
 public:
  Packer(const Structure& structure, const Device& device, long dsps_taken, FpgaResources& result)
      : structure_(structure), rules_(device.rules), result_(result) {
    in_dsp_ = assign_dsps(structure, device, dsps_taken, result.multipliers_in_fabric);
    for (std::size_t i = 0; i < structure.size(); ++i)
      if (structure[i].kind == PrimitiveKind::multiplier && structure[i].dsp == DspPart::product) {
        Share& share = shares_[structure[i].component];
        share.all += structure[i].count;
        share.in_dsp += in_dsp_[i];
      }
  }

  void run() {
    for (std::size_t i = 0; i < structure_.size(); ++i) add(structure_[i], in_dsp_[i]);
  }

  ComponentCells& cells(const std::string& component) {
    for (ComponentCells& cells : result_.components)
      if (cells.component == component) return cells;
    result_.components.push_back({.component = component, .lut = {}, .ff = {}, .dsp = {}, .block_kbits = {}});
    return result_.components.back();
  }

  void cite(const Provenance& provenance) {
    if (std::find(result_.sources.begin(), result_.sources.end(), provenance) == result_.sources.end())
      result_.sources.push_back(provenance);
  }

  void luts(ComponentCells& target, double count, const Provenance& provenance) {
    if (count == 0) return;
    target.lut.add(count, provenance);
    cite(provenance);
  }

 private:
  struct Share {
    long all = 0;
    long in_dsp = 0;
  };

  // Copies whose multiplier lies in a DSP block.
  long at_blocks(const Primitive& p) const {
    const auto share = shares_.find(p.component);
    return share == shares_.end() ? 0 : p.count * share->second.in_dsp / share->second.all;
  }

  // Copies of an adder or register that its multiplier does not take into the DSP block.
  long outside(const Primitive& p) const {
    const bool held = (p.dsp == DspPart::product && rules_.dsp_product_registers) ||
                      (p.dsp == DspPart::sum && p.width_a <= rules_.dsp_accumulator_bits);
    return held ? p.count - at_blocks(p) : p.count;
  }

  // By a rule of the device, and by what synthesis took of it where that was measured.
  void logic_luts(ComponentCells& target, const Primitive& p, double by_rule, const Provenance& rule) {
    const auto factor = rules_.lut_factors.find(p.lut_factor.name);
    if (factor == rules_.lut_factors.end()) return luts(target, by_rule, rule);
    const auto [here, fresh] = factors_.emplace(p.lut_factor.name, 1);
    if (fresh)
      for (const LutFactorGrid& grid : factor->second.grids) here->second *= grid.at(p.lut_factor.at);
    Provenance measured = factor->second.provenance;
    if (rules_.borrowed_factors)
      measured.uncertainty_percent = std::max(measured.uncertainty_percent, rule.uncertainty_percent);
    luts(target, by_rule * here->second, measured);
  }

  void add(const Primitive& p, long in_dsp) {
    ComponentCells& target = cells(p.component);
    switch (p.kind) {
      case PrimitiveKind::multiplier: {
        const auto cell_count = static_cast<double>((p.count - in_dsp) * (p.width_a * (p.width_b + 1) - 1));
        logic_luts(target, p, cell_count * rules_.luts_per_multiplier_cell, rules_.multiplier);
        target.dsp.add(static_cast<double>(divide_up(in_dsp, p.per_dsp) * dsps_per_multiplier(p, rules_)), rules_.dsp);
        if (in_dsp != 0) cite(rules_.dsp);
        break;
      }
      case PrimitiveKind::adder:
        logic_luts(target, p, static_cast<double>(outside(p) * p.width_a) * rules_.luts_per_adder_bit, rules_.adder);
        break;
      case PrimitiveKind::registers:
        target.ff.value += static_cast<double>(outside(p) * p.width_a);  // a count, not an estimate
        break;
      case PrimitiveKind::multiplexer: {
        const double per_bit = std::ceil(std::max(0, p.width_b - 1) / rules_.multiplexer_inputs_per_lut);
        const long count = p.dsp == DspPart::none ? p.count : at_blocks(p);
        logic_luts(target, p, static_cast<double>(count) * p.width_a * per_bit, rules_.multiplexer);
        break;
      }
      case PrimitiveKind::logic:
        logic_luts(target, p, static_cast<double>(p.count) * p.width_a * rules_.luts_per_function, rules_.function);
        break;
      case PrimitiveKind::memory: {
        const MemoryCells memory = memory_cells(p, rules_);
        luts(target, static_cast<double>(p.count * memory.luts), rules_.ram);
        target.block_kbits.add(static_cast<double>(p.count * memory.blocks) * rules_.block_kbits, rules_.ram);
        result_.blocks += p.count * memory.blocks;
        cite(rules_.ram);
        break;
      }
    }
  }

  const Structure& structure_;
  const PackingRules& rules_;
  FpgaResources& result_;
  std::vector<long> in_dsp_;
  std::map<std::string, Share> shares_;
  std::map<std::string, double> factors_;  // by name: parts of a structure that share one stand at one place of it
};

double used_percent(long used, long available) {
  if (available == 0) return used == 0 ? 0 : 100.0 * static_cast<double>(used);
  return 100.0 * static_cast<double>(used) / static_cast<double>(available);
}

}  // namespace

FpgaResources pack(const Structure& structure, const std::vector<SocBlock>& blocks, const Device& device) {
  FpgaResources result;
  result.device = device.name;
  long dsps_taken = 0;
  for (const SocBlock& block : blocks) dsps_taken += block.dsp;
  Packer packer(structure, device, dsps_taken, result);
  for (const SocBlock& block : blocks) {
    ComponentCells& target = packer.cells(block.component);
    Provenance lut = block.provenance;
    lut.uncertainty_percent += device.rules.foreign.uncertainty_percent;
    target.lut.add(block.lut * device.rules.luts_per_lut6, lut);
    target.ff.add(block.ff, block.provenance);
    target.dsp.add(block.dsp, block.provenance);
    packer.cite(block.provenance);
  }
  packer.run();
  Estimate lut, ff, dsp;
  for (const ComponentCells& cells : result.components) {
    lut.add(cells.lut);
    ff.add(cells.ff);
    dsp.add(cells.dsp);
  }
  result.lut = std::lround(std::ceil(lut.value));
  result.ff = std::lround(std::ceil(ff.value));
  result.dsp = std::lround(dsp.value);
  result.lut_uncertainty_percent = lut.uncertainty_percent();
  result.ff_uncertainty_percent = ff.uncertainty_percent();
  result.bram36 = static_cast<double>(result.blocks) * device.rules.block_kbits / 36;
  result.lut_used_percent = used_percent(result.lut, device.lut);
  result.ff_used_percent = used_percent(result.ff, device.ff);
  result.dsp_used_percent = used_percent(result.dsp, device.dsp);
  result.bram_used_percent = used_percent(result.blocks, device.blocks);
  result.fits =
      result.lut <= device.lut && result.ff <= device.ff && result.dsp <= device.dsp && result.blocks <= device.blocks;
  return result;
}

}  // namespace lutra::costs
