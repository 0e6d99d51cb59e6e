#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "software/common/terminal/progress_bar.h"
#include "software/training/core/epoch_figures.h"

namespace lutra::training {

// A training's progress on standard error: a line per epoch, and on a terminal a bar between them.
class PhaseProgress {
 public:
  // `epochs`: of every phase.
  PhaseProgress(std::vector<int> epochs, bool wanted);

  void start_phase(std::size_t phase, const std::string& title);
  void batch(int epoch, std::size_t done, std::size_t batches, double loss);
  void epoch(const EpochFigures& figures);
  void resumed(int epochs);  // of the current phase, from its checkpoint

 private:
  int epochs_left(int done) const;

  std::vector<int> epochs_;
  bool wanted_;
  std::size_t phase_ = 0;
  std::string title_;
  double epoch_seconds_ = 0;  // of the newest epoch
  terminal::ProgressBar bar_;
};

// "3 h 05 min", "12 min 40 s", "9 s".
std::string duration_text(double seconds);

}  // namespace lutra::training
