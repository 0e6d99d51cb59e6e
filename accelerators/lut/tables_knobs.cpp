#include "accelerators/lut/tables_knobs.h"

#include <fmt/format.h>

#include "accelerators/family/options.h"
#include "software/common/error.h"

namespace lutra::accelerators::lut {

namespace {

// Sums of all sign patterns of `group` activations but for the sign of all: from those of two halves.
int sign_sums(int group) {
  if (group == 1) return 0;
  return (1 << (group - 1)) + sign_sums(group / 2) + sign_sums(group - group / 2);
}

}  // namespace

int TablesKnobs::build_additions() const {
  if (serial) return half ? entries() + group - 1 : entries();
  return half ? sign_sums(group) : (1 << group) - 1 - group;
}

TablesKnobs read_tables_knobs(const EngineConfig& config) {
  FamilyOptions options(config);
  TablesKnobs knobs;
  knobs.group = options.integer("group", 2, 5, 4);
  knobs.half = options.flag("half_tables", false);
  knobs.serial = options.choice("build", {"parallel", "serial"}) == "serial";
  knobs.levels = options.flag("levels", false);
  const std::string combination = options.choice("coefficients", {"none", "shift", "multiply"});
  if (combination == "shift") knobs.coefficients = Combination::shift;
  if (combination == "multiply") knobs.coefficients = Combination::multiply;
  const int planes = options.integer("planes", 1, 8, knobs.coefficients == Combination::none ? 1 : 4);
  options.finish();
  if (planes > 1 && knobs.coefficients == Combination::none)
    throw Error(
        fmt::format("engine: options.planes is {} and options.coefficients none; an array without coefficients "
                    "keeps one sum per output: set coefficients to shift or multiply",
                    planes));
  knobs.planes = planes;
  if (config.lanes % knobs.group != 0)
    throw Error(fmt::format("engine: lanes is {}, not a multiple of options.group ({}), the activations of one table",
                            config.lanes, knobs.group));
  if (config.activation_bits == 16)
    throw Error("engine: activation_bits is 16, and the lut family's tables are built for 2 to 8");
  if (config.dataflow == Dataflow::weight_stationary)
    throw Error(
        "engine: dataflow is weight_stationary, where every column block passes for each plane of a word: a table "
        "would be built for a single plane; the lut family's tables are output_stationary");
  return knobs;
}

}  // namespace lutra::accelerators::lut
