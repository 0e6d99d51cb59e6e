#include "accelerators/lut/lut.h"

#include "accelerators/family/options.h"
#include "accelerators/lut/codebook.h"
#include "accelerators/lut/tables.h"

namespace lutra::accelerators {

std::unique_ptr<Family> make_lut(const EngineConfig& config) {
  check_array_knobs(config);
  if (FamilyOptions(config).variant({"tables", "codebook"}) == "tables") return lut::make_tables(config);
  return lut::make_codebook(config);
}

}  // namespace lutra::accelerators
