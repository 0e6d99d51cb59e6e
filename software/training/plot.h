#pragma once

#include <filesystem>
#include <vector>

#include "software/training/log.h"

namespace lutra::training {

// Draws loss and accuracies over epochs with gnuplot. False where that fails, as without gnuplot: a picture is no
// reason to end a training.
bool draw_log(const std::vector<LogRow>& rows, const std::filesystem::path& svg);

}  // namespace lutra::training
