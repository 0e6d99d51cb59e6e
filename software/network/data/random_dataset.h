#pragma once

#include <cstdint>

#include "software/network/data/dataset.h"

namespace lutra::network {

// Bytes drawn evenly, without labels: 1024 images, or as many as 64 MiB hold. The two splits of a seed differ.
Dataset make_random(const Shape& shape, std::uint32_t seed, Split split);

}  // namespace lutra::network
