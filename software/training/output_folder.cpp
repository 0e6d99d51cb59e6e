#include "software/training/output_folder.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/common/files.h"

namespace lutra::training {

OutputFolder open_output(const std::filesystem::path& path, const TrainingFile& training) {
  const OutputFolder folder{path};
  std::error_code ignored;
  if (!std::filesystem::exists(folder.recipe(), ignored)) {
    write_file(folder.recipe(), training.text);
    return folder;
  }
  if (!is_same_recipe(read_text_file(folder.recipe()), training.text))
    throw Error(fmt::format("{}: holds a training of another recipe than {}; name another folder, or remove this one",
                            path.string(), training.file));
  require_writable(path);
  return folder;
}

void write_log(const OutputFolder& folder, const std::vector<LogRow>& rows) {
  write_file(folder.file("log.csv"), to_csv(rows));
  write_file(folder.file("log.json"), to_json(rows));
}

}  // namespace lutra::training
