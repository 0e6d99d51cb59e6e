#include "software/common/terminal/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "software/common/terminal/output.h"

namespace lutra::terminal {

namespace {

constexpr std::size_t bar_width = 30;

}  // namespace

ProgressBar::ProgressBar(bool wanted) : enabled_(wanted && ::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::update(const std::string& stage, std::size_t done, std::size_t total, const std::string& note) {
  if (!enabled_ || total == 0) return;
  const std::size_t filled = bar_width * std::min(done, total) / total;
  const std::string text =
      fmt::format("{:<20} [{}{}] {}/{}{}{}", stage, std::string(filled, '#'), std::string(bar_width - filled, '.'),
                  done, total, note.empty() ? "" : "  ", note);
  if (text == shown_) return;
  clear();
  say(text);
  shown_ = text;
}

void ProgressBar::clear() {
  if (shown_.empty()) return;
  say(fmt::format("\r{}\r", std::string(shown_.size(), ' ')));
  shown_.clear();
}

}  // namespace lutra::terminal
