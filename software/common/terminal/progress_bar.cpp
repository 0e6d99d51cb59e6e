#include "software/common/terminal/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "software/common/arithmetic.h"
#include "software/common/terminal/output.h"

namespace lutra::terminal {

namespace {

constexpr std::size_t bar_width = 30;
constexpr std::size_t most_lines = 100;  // of a stage, a line each step

}  // namespace

ProgressBar::ProgressBar(bool wanted, Elsewhere elsewhere)
    : bar_(wanted && ::isatty(STDERR_FILENO) == 1), lines_(wanted && !bar_ && elsewhere == Elsewhere::lines) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::update(const std::string& stage, std::size_t done, std::size_t total, const std::string& note) {
  if (total == 0) return;
  if (bar_) draw(stage, done, total, note);
  if (lines_) say_line(stage, done, total);
}

void ProgressBar::draw(const std::string& stage, std::size_t done, std::size_t total, const std::string& note) {
  const std::size_t filled = bar_width * std::min(done, total) / total;
  const std::string text =
      fmt::format("{:<20} [{}{}] {}/{}{}{}", stage, std::string(filled, '#'), std::string(bar_width - filled, '.'),
                  done, total, note.empty() ? "" : "  ", note);
  if (text == shown_) return;
  clear();
  say(text);
  shown_ = text;
}

void ProgressBar::say_line(const std::string& stage, std::size_t done, std::size_t total) {
  const bool begins = stage != stage_;
  const std::size_t step = total > most_lines ? divide_up(total, std::size_t{10}) : 1;
  const bool is_due = done >= said_ + step || (done == total && said_ < total && total > 1);
  if (!begins && !is_due) return;
  say(total == 1 ? stage + "\n" : fmt::format("{}: {} of {}\n", stage, done, total));
  stage_ = stage;
  said_ = total == 1 ? 1 : done;
}

void ProgressBar::clear() {
  if (shown_.empty()) return;
  say(fmt::format("\r{}\r", std::string(shown_.size(), ' ')));
  shown_.clear();
}

}  // namespace lutra::terminal
