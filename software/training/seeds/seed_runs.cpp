#include "software/training/seeds/seed_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/parse_whole.h"
#include "software/common/text/json_reader.h"

namespace lutra::training {

namespace {

constexpr std::string_view folder_prefix = "seed";
constexpr std::uint64_t largest_seed = std::uint64_t{1} << 62;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  return parse_whole(text, value) ? std::optional(value) : std::nullopt;
}

std::map<std::uint64_t, std::filesystem::path> seed_folders(const std::filesystem::path& folder) {
  std::error_code failure;
  std::map<std::uint64_t, std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(folder_prefix)) continue;
    const auto seed = whole_number(std::string_view(name).substr(folder_prefix.size()));
    if (seed && entry.is_directory(failure)) found[*seed] = entry.path();
  }
  return found;
}

constexpr const char* report_name = "report.json";

void add_report(const std::filesystem::path& file, std::uint64_t seed, SeedRuns& runs) {
  const auto json = JsonReader::parse(read_text_file(file), file.string());
  const JsonReader report(json, file.string());
  if (report.at("seed").as<std::uint64_t>() != seed)
    report.at("seed").fail(fmt::format("the folder's name says {}", seed));
  SeedRuns one;
  report.at("training").read(one.training);
  one.epochs = report.at("epochs").as<int>();
  one.test_images = report.at("test_images").as<std::uint64_t>();
  if (runs.accuracies.empty()) {
    runs.training = one.training;
    runs.epochs = one.epochs;
    runs.test_images = one.test_images;
  }
  if (one.training != runs.training || one.epochs != runs.epochs || one.test_images != runs.test_images)
    report.fail(fmt::format(
        "'{}', {} epochs, {} test images, but seed {} beside it is of '{}', {} epochs, {} test images", one.training,
        one.epochs, one.test_images, runs.accuracies.begin()->first, runs.training, runs.epochs, runs.test_images));
  const double accuracy = report.at("reference_accuracy").as<double>();
  if (accuracy < 0 || accuracy > 100) report.at("reference_accuracy").fail("give 0 to 100");
  runs.accuracies[seed] = accuracy;
}

}  // namespace

std::optional<std::vector<std::uint64_t>> read_seeds(const std::string& written, std::uint64_t first) {
  const std::size_t dash = written.find('-');
  std::optional<std::uint64_t> low = first, count;
  if (dash == std::string::npos) {
    count = whole_number(written);
  } else {
    low = whole_number(std::string_view(written).substr(0, dash));
    const auto high = whole_number(std::string_view(written).substr(dash + 1));
    if (low && high && *high >= *low) count = *high - *low + 1;
  }
  if (!low || !count || *count < 1 || *count > most_seeds || *low > largest_seed) return std::nullopt;
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t i = 0; i < *count; ++i) seeds.push_back(*low + i);
  return seeds;
}

std::filesystem::path seed_folder(const std::filesystem::path& folder, std::uint64_t seed) {
  return folder / fmt::format("{}{}", folder_prefix, seed);
}

bool is_finished(const std::filesystem::path& training_folder) {
  const std::filesystem::path file = training_folder / report_name;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return false;
  const auto json = JsonReader::parse(read_text_file(file), file.string());
  const JsonReader report(json, file.string());
  return report.at("epochs").as<int>() >= report.at("epochs_wanted").as<int>();
}

SeedRuns read_seed_runs(const std::filesystem::path& folder) {
  SeedRuns runs;
  for (const auto& [seed, place] : seed_folders(folder)) {
    if (is_finished(place))
      add_report(place / report_name, seed, runs);
    else
      runs.unfinished.push_back(seed);
  }
  if (runs.accuracies.empty())
    throw Error(
        fmt::format("{}: holds no finished training of a seed ('lutra train RECIPE --seeds N --output DIR' makes "
                    "such a folder)",
                    folder.string()));
  return runs;
}

}  // namespace lutra::training
