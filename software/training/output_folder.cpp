#include "software/training/output_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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

FolderLock::FolderLock(const std::filesystem::path& folder) {
  require_writable(folder);
  const std::filesystem::path file = folder / "lock";
  file_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file_ < 0) throw Error(fmt::format("{}: {}", file.string(), std::strerror(errno)));
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(file_);
  throw Error(
      fmt::format("{}: another 'lutra train' is at work here; wait for it, or name another folder", folder.string()));
}

FolderLock::~FolderLock() { ::close(file_); }

void write_log(const OutputFolder& folder, const std::vector<LogRow>& rows) {
  write_file(folder.file("log.csv"), to_csv(rows));
  write_file(folder.file("log.json"), to_json(rows));
}

}  // namespace lutra::training
