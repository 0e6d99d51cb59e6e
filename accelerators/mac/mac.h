#pragma once

#include <memory>

#include "accelerators/family/family.h"

namespace lutra::accelerators {

std::unique_ptr<Family> make_mac(const EngineConfig& config);

}  // namespace lutra::accelerators
