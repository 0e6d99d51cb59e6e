#pragma once

#include <memory>

#include "accelerators/family/family.h"

namespace lutra::accelerators::lut {

std::unique_ptr<Family> make_tables(const EngineConfig& config);

}  // namespace lutra::accelerators::lut
