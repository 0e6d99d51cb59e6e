#pragma once

#include <cstddef>
#include <string>

namespace lutra::terminal {

// A bar on standard error while a stage runs; nothing where standard error is not a terminal.
class ProgressBar {
 public:
  explicit ProgressBar(bool wanted);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `note` stands behind the bar.
  void update(const std::string& stage, std::size_t done, std::size_t total, const std::string& note = "");
  void clear();  // makes room for a line; the next update draws it again

 private:
  bool enabled_;
  std::string shown_;
};

}  // namespace lutra::terminal
