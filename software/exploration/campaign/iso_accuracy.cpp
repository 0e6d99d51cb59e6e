#include "software/exploration/campaign/iso_accuracy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "software/common/printable.h"
#include "software/common/text/text_table.h"

namespace lutra::exploration {

namespace {

// 97.40 - 96.90 is not exactly 0.5 in binary; a test image is never worth so little.
constexpr double rounding = 1e-9;

std::string table_name(const ComparedTable& table) {
  return table.search ? fmt::format("{}, {}", table.equal(), table.within()) : table.equal();
}

std::string place_text(const std::vector<std::size_t>& rows, std::size_t row) {
  const auto place = place_in(rows, row);
  return place ? std::to_string(*place) : "-";
}

std::string energy_text(const result::Result& result) {
  return result.energy ? fmt::format("{:.1f}", result::microjoules(result.energy->total)) : "-";
}

void add_rows(const Comparison& comparison, const ComparedTable& compared, TextTable& table) {
  const std::vector<WithinLoss> within = within_losses(compared);
  for (const std::size_t row : within.back().by_cycles) {
    const result::Result& result = *compared.points[row].result;
    std::vector<std::string> cells = {comparison.rows[row].name, table_name(compared),
                                      fmt::format("{:.2f}", *loss_points(result)),
                                      with_separators(result.cycles.per_frame()), energy_text(result)};
    for (const WithinLoss& loss : within) {
      cells.push_back(place_text(loss.by_cycles, row));
      cells.push_back(place_text(loss.by_energy, row));
    }
    table.add(std::move(cells));
  }
}

std::string best_text(const Comparison& comparison, const ComparedTable& compared, const WithinLoss& loss) {
  if (loss.by_cycles.empty()) return "nothing";
  const auto result = [&](std::size_t row) -> const result::Result& { return *compared.points[row].result; };
  const auto name = [&](std::size_t row) { return one_line(comparison.rows[row].name); };
  const std::size_t fastest = loss.by_cycles.front();
  std::string text =
      fmt::format("fewest cycles {} ({})", name(fastest), with_separators(result(fastest).cycles.per_frame()));
  if (!loss.by_energy.empty()) {
    const std::size_t thriftiest = loss.by_energy.front();
    text += fmt::format("; least energy {} ({} uJ)", name(thriftiest), energy_text(result(thriftiest)));
  }
  return text;
}

bool any_loss_known(const ComparisonOutcome& outcome) {
  const auto& points = outcome.tables.front().points;
  return std::any_of(points.begin(), points.end(),
                     [](const ComparedPoint& point) { return point.result && loss_points(*point.result); });
}

}  // namespace

std::optional<double> loss_points(const result::Result& result) {
  const auto whole = result.accuracy.float_top1_percent();
  const auto quantised = result.accuracy.top1_percent();
  if (!whole || !quantised) return std::nullopt;
  return *whole - *quantised;
}

std::vector<WithinLoss> within_losses(const ComparedTable& table) {
  const auto result = [&](std::size_t row) -> const result::Result& { return *table.points[row].result; };
  std::vector<WithinLoss> all;
  for (const double accepted : accepted_losses) {
    WithinLoss& within = all.emplace_back();
    within.points = accepted;
    for (std::size_t row = 0; row < table.points.size(); ++row) {
      if (!table.points[row].result) continue;
      const auto loss = loss_points(result(row));
      if (!loss || *loss > accepted + rounding) continue;
      within.by_cycles.push_back(row);
      if (result(row).energy) within.by_energy.push_back(row);
    }
    std::stable_sort(within.by_cycles.begin(), within.by_cycles.end(),
                     [&](std::size_t a, std::size_t b) { return result(a).cycles.mean < result(b).cycles.mean; });
    std::stable_sort(within.by_energy.begin(), within.by_energy.end(),
                     [&](std::size_t a, std::size_t b) { return result(a).energy->total < result(b).energy->total; });
  }
  return all;
}

std::optional<std::size_t> place_in(const std::vector<std::size_t>& rows, std::size_t row) {
  const auto found = std::find(rows.begin(), rows.end(), row);
  if (found == rows.end()) return std::nullopt;
  return static_cast<std::size_t>(found - rows.begin()) + 1;
}

std::string iso_accuracy_text(const Comparison& comparison, const ComparisonOutcome& outcome, bool markdown) {
  if (!any_loss_known(outcome)) return "";
  std::vector<std::string> header = {"scheme and engine", "comparison", "loss", "cycles", "uJ"};
  for (const double loss : accepted_losses)
    for (const char* order : {"cycles", "uJ"}) header.push_back(fmt::format("by {} within {:.1f}", order, loss));
  TextTable table(std::move(header));
  std::string best;
  for (const ComparedTable& compared : outcome.tables) {
    add_rows(comparison, compared, table);
    for (const WithinLoss& loss : within_losses(compared))
      best += fmt::format("{}{} within {:.1f}: {}\n", markdown ? "- " : "", table_name(compared), loss.points,
                          best_text(comparison, compared, loss));
  }
  return fmt::format("\nEqual accuracy: no more than {:.1f} points below the float network\n\n{}\n{}",
                     fmt::join(accepted_losses, " or "), markdown ? table.markdown() : table.text(), best);
}

}  // namespace lutra::exploration
