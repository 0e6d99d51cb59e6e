#pragma once

#include "software/network/data/dataset.h"
#include "software/network/data/own/own_images.h"
#include "software/network/data/own_data.h"

namespace lutra::network {

// Images and labels of one's own; `input` is what the network takes, which pictures have to be. Without train images,
// of every 100 images `calibration_percent`, evenly spread, are the train split and no others. uint8 and int8 come
// through as they are; other numbers are rounded to the byte whose meaning (Dataset::meaning) is nearest, and
// Dataset::values holds them as they were. Throws Error naming file, index and the way out.
Dataset load_own(const OwnData& data, Split split, const FindFile& find, const Shape& input);

}  // namespace lutra::network
