#include "accelerators/shift_add/shift_add.h"

#include "accelerators/family/options.h"
#include "accelerators/shift_add/power_of_two.h"
#include "accelerators/shift_add/sub_filters.h"

namespace lutra::accelerators {

std::unique_ptr<Family> make_shift_add(const EngineConfig& config) {
  check_array_knobs(config);
  if (FamilyOptions(config).variant({"power_of_two", "sub_filters"}) == "sub_filters")
    return std::make_unique<shift_add::SubFilters>(config);
  return std::make_unique<shift_add::PowerOfTwo>(config);
}

}  // namespace lutra::accelerators
