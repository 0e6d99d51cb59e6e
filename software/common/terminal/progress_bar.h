#pragma once

#include <cstddef>
#include <string>

namespace lutra::terminal {

// Progress on standard error while stages run: a bar on a terminal; elsewhere lines, one for each stage and one for
// each of its steps, or for each tenth of more than a hundred.
class ProgressBar {
 public:
  enum class Elsewhere { lines, nothing };

  explicit ProgressBar(bool wanted, Elsewhere elsewhere = Elsewhere::lines);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `note` stands behind the bar. A stage of one step is said when it begins.
  void update(const std::string& stage, std::size_t done, std::size_t total, const std::string& note = "");
  void clear();  // makes room for a line; the next update draws it again

 private:
  void draw(const std::string& stage, std::size_t done, std::size_t total, const std::string& note);
  void say_line(const std::string& stage, std::size_t done, std::size_t total);

  bool bar_;
  bool lines_;
  std::string shown_;  // the bar
  std::string stage_;  // of the last line
  std::size_t said_ = 0;
};

}  // namespace lutra::terminal
