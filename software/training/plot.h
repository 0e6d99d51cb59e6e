#pragma once

#include <filesystem>
#include <vector>

#include "software/training/log.h"

namespace lutra::training {

// Draws loss and accuracies over epochs with gnuplot. False where the machine has no gnuplot. Throws Error naming the
// file that cannot be written.
bool draw_log(const std::vector<LogRow>& rows, const std::filesystem::path& svg);

}  // namespace lutra::training
