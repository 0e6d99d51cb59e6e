#include "software/training/phase_progress.h"

#include <fmt/format.h>
#include "software/common/terminal/output.h"

#include <cmath>
#include <cstdio>

namespace lutra::training {

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(std::llround(seconds));
  const long long hours = whole / 3600;
  const long long minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{} h {:02} min", hours, minutes);
  if (minutes > 0) return fmt::format("{} min {:02} s", minutes, whole % 60);
  return fmt::format("{} s", whole);
}

PhaseProgress::PhaseProgress(std::vector<int> epochs, bool wanted)
    : epochs_(std::move(epochs)), wanted_(wanted), bar_(wanted, terminal::ProgressBar::Elsewhere::nothing) {}

int PhaseProgress::epochs_left(int done) const {
  int left = epochs_[phase_] - done;
  for (std::size_t later = phase_ + 1; later < epochs_.size(); ++later) left += epochs_[later];
  return left;
}

void PhaseProgress::start_phase(std::size_t phase, const std::string& title) {
  phase_ = phase;
  title_ = epochs_.size() == 1 ? title : fmt::format("phase {}/{} {}", phase + 1, epochs_.size(), title);
}

void PhaseProgress::batch(int epoch, std::size_t done, std::size_t batches, double loss) {
  std::string note = fmt::format("loss {:.4f}", loss);
  if (epoch_seconds_ > 0) {
    const double part = static_cast<double>(done) / static_cast<double>(batches);
    note += fmt::format("  {} left", duration_text(epoch_seconds_ * (epochs_left(epoch) - part)));
  }
  bar_.update(fmt::format("epoch {}/{}", epoch + 1, epochs_[phase_]), done, batches, note);
}

void PhaseProgress::epoch(const EpochFigures& figures) {
  epoch_seconds_ = figures.seconds;
  if (!wanted_) return;
  bar_.clear();
  const std::string test = figures.test_accuracy < 0 ? "" : fmt::format("  test {:.2f} %", 100 * figures.test_accuracy);
  const int left = epochs_left(figures.epoch);
  terminal::say(fmt::format("{}: epoch {}/{}  rate {:.5f}  loss {:.4f}  train {:.2f} %{}  {:.0f} images/s{}\n", title_,
                            figures.epoch, epochs_[phase_], figures.rate, figures.loss, 100 * figures.train_accuracy,
                            test, figures.images_per_second,
                            left == 0 ? "" : fmt::format("  {} left", duration_text(left * figures.seconds))));
}

void PhaseProgress::resumed(int epochs) {
  if (wanted_) terminal::say(fmt::format("{}: {} of {} epochs were done before\n", title_, epochs, epochs_[phase_]));
}

}  // namespace lutra::training
