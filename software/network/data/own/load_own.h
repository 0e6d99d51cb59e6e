#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "software/network/data/dataset.h"
#include "software/network/data/own_data.h"

namespace lutra::network {

// Where a file lies that a scenario names.
using FindFile = std::function<std::filesystem::path(const std::string& written)>;

// Images and labels of one's own. Without train images, of every 100 images `calibration_percent`, evenly spread, are
// the train split and no others. uint8 and int8 come through as they are; other numbers are rounded to the byte whose
// meaning (Dataset::meaning) is nearest, and Dataset::values holds them as they were. Throws Error naming file, index
// and the way out.
Dataset load_own(const OwnData& data, Split split, const FindFile& find);

}  // namespace lutra::network
