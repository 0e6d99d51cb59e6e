#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "accelerators/family/structure.h"
#include "software/costs/provenance.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

// LUTs that synthesis took of some primitives over those that a device family's rules say, at a grid of points. Between
// points it is interpolated over the logarithm of each coordinate, beyond them it is that of the nearest.
struct LutFactorGrid {
  std::vector<std::pair<std::string, std::vector<int>>> over;  // coordinates and their values, ascending
  std::vector<double> factors;                                 // the last coordinate runs fastest

  // Throws Error naming a coordinate that `at` lacks.
  double at(const std::vector<std::pair<std::string, int>>& at) const;
};

struct LutFactor {
  std::vector<LutFactorGrid> grids;  // their product
  Provenance provenance;             // of the worst
};

// Of one device family, by the keys' names.
using LutFactors = std::map<std::string, LutFactor>;

// By device family, out of the tables `lut_factors/<family>`. Throws Error naming file and line.
std::map<std::string, LutFactors> read_lut_factors(const std::vector<const TableText*>& tables);

}  // namespace lutra::costs
