#include "software/training/plot.h"

#include <fmt/format.h>

#include "software/common/process/run_program.h"

namespace lutra::training {

namespace {

// Draws to standard output. No text of the user is part of it: gnuplot runs what stands in backticks.
std::string script(const std::vector<LogRow>& rows) {
  std::string data;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const EpochFigures& f = rows[i].figures;
    data += fmt::format("{} {} {} {}\n", i + 1, f.loss, 100 * f.train_accuracy,
                        f.test_accuracy < 0 ? "nan" : fmt::format("{}", 100 * f.test_accuracy));
  }
  std::string text = fmt::format(
      "set terminal svg size 800,480 enhanced background '#ffffff'\n"
      "set datafile missing 'nan'\n"
      "set xlabel 'epoch'\nset ylabel 'loss'\nset y2label 'accuracy %'\n"
      "set ytics nomirror\nset y2tics\nset yrange [0:*]\nset key center right\nset grid\n"
      "$log << END_OF_LOG\n{}END_OF_LOG\n",
      data);
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].phase != rows[i - 1].phase)
      text +=
          fmt::format("set arrow from {0}, graph 0 to {0}, graph 1 nohead dashtype 2\n", static_cast<double>(i) + 0.5);
  return text +
         "plot $log using 1:2 axes x1y1 with lines title 'loss', "
         "'' using 1:3 axes x1y2 with lines title 'train accuracy', "
         "'' using 1:4 axes x1y2 with linespoints pointtype 7 pointsize 0.4 title 'test accuracy'\n";
}

}  // namespace

bool draw_log(const std::vector<LogRow>& rows, const std::filesystem::path& svg) {
  if (rows.empty()) return true;
  const std::filesystem::path unfinished = svg.string() + ".unfinished";
  const int status = run_program("gnuplot", {}, script(rows), unfinished);
  std::error_code failure;
  if (status == 0)
    std::filesystem::rename(unfinished, svg, failure);
  else
    std::filesystem::remove(unfinished, failure);
  return status == 0 && !failure;
}

}  // namespace lutra::training
