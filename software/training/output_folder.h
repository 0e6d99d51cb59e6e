#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "software/training/log.h"
#include "software/training/training_file.h"

namespace lutra::training {

// The files of one training.
struct OutputFolder {
  std::filesystem::path path;

  std::filesystem::path file(const std::string& name) const { return path / name; }
  std::filesystem::path recipe() const { return file("recipe.yaml"); }
  std::filesystem::path start() const { return file("start.onnx"); }
  std::filesystem::path teacher() const { return file("teacher.onnx"); }
  std::filesystem::path widths() const { return file("layers.yaml"); }
};

// Makes the folder and copies the recipe into it. Throws Error where it holds another recipe's training, or cannot be
// written.
OutputFolder open_output(const std::filesystem::path& path, const TrainingFile& training);

// While it lives, no other one of the same folder can be made: by another thread, process or, where locks reach that
// far, machine. Throws Error where there is one.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);  // made where it is absent
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  void require_kept() const;  // throws Error where the folder was removed meanwhile

 private:
  std::filesystem::path folder_;
  int file_;
};

// log.csv and log.json.
void write_log(const OutputFolder& folder, const std::vector<LogRow>& rows);

}  // namespace lutra::training
