#include "software/training/output_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
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

FolderLock::FolderLock(const std::filesystem::path& folder) : folder_(folder) {
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

void FolderLock::require_kept() const {
  struct stat status {};
  if (::fstat(file_, &status) == 0 && status.st_nlink > 0) return;
  throw Error(
      fmt::format("{}: the folder or the file 'lock' in it was removed while training ran; nothing is written any more",
                  folder_.string()));
}

void write_log(const OutputFolder& folder, const std::vector<LogRow>& rows) {
  write_file(folder.file("log.csv"), to_csv(rows));
  write_file(folder.file("log.json"), to_json(rows));
}

}  // namespace lutra::training
