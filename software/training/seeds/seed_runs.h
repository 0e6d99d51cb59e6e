#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lutra::training {

// The seeds of 'lutra train --seeds FIRST-LAST' or '--seeds COUNT', which begins with the recipe's.
// Absent on anything else, and on more than `most_seeds`.
inline constexpr std::uint64_t most_seeds = 1000;
std::optional<std::vector<std::uint64_t>> read_seeds(const std::string& written, std::uint64_t first);

// DIR/seedN: where one of them is trained.
std::filesystem::path seed_folder(const std::filesystem::path& folder, std::uint64_t seed);

// Whether the report in a training's folder is of all its epochs. Throws Error where it cannot be read.
bool is_finished(const std::filesystem::path& training_folder);

// What the trainings of one recipe with several seeds came to.
struct SeedRuns {
  std::string training;  // the recipe's name
  int epochs = 0;
  std::size_t test_images = 0;
  std::map<std::uint64_t, double>
      accuracies;                         // percent, of the network that was saved (the integers', of quantised ones)
  std::vector<std::uint64_t> unfinished;  // a folder without a report, or with one of fewer epochs than wanted
};

// The reports in DIR/seedN. Throws Error naming the folder where it holds none that is finished, and the file
// where a report is damaged, another seed's, or of another training, length or test set than the others.
SeedRuns read_seed_runs(const std::filesystem::path& folder);

}  // namespace lutra::training
