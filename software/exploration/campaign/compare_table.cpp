#include "software/exploration/campaign/compare_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "software/common/printable.h"
#include "software/common/text/csv.h"
#include "software/common/text/text_table.h"
#include "software/result/figures.h"

namespace lutra::exploration {

namespace {

using Json = nlohmann::ordered_json;
using Cells = std::vector<std::string>;

// Cycles of the first and the last layer that multiplies, of the whole frame's.
double first_and_last_percent(const result::Result& result) {
  const result::LayerFacts* first = nullptr;
  const result::LayerFacts* last = nullptr;
  for (const result::LayerFacts& layer : result.layers) {
    if (layer.macs == 0) continue;
    if (first == nullptr) first = &layer;
    last = &layer;
  }
  if (first == nullptr || result.cycles.total == 0) return 0;
  const std::uint64_t cycles = first->cycles + (last == first ? 0 : last->cycles);
  return 100 * static_cast<double>(cycles) / static_cast<double>(result.cycles.total);
}

double software_percent(const result::Result& result) {
  if (result.cycles.total == 0) return 0;
  return 100 * static_cast<double>(result.cycles.by_cause.software) / static_cast<double>(result.cycles.total);
}

Cells header() {
  return {"scheme and engine",
          "array",
          "accuracy %",
          "weights KiB",
          "cycles",
          "us",
          "uJ",
          "LUT",
          "FF",
          "DSP",
          "BRAM36",
          "used %",
          "1st+last %",
          "software %",
          "DRAM KiB",
          "front"};
}

Cells cells_of(const ComparisonRow& row, const ComparedPoint& point) {
  Cells cells(header().size(), "-");
  cells[0] = row.name;
  if (!point.result) {
    cells[1] = "failed";
    return cells;
  }
  const result::Result& r = *point.result;
  cells[1] = r.engine ? fmt::format("{}x{}x{}", r.engine->rows, r.engine->columns, r.engine->lanes) : "hart";
  if (const auto percent = r.accuracy.top1_percent()) cells[2] = fmt::format("{:.2f}", *percent);
  cells[3] = fmt::format("{:.1f}", static_cast<double>(r.scheme.weight_bits_total) / 8 / 1024);
  cells[4] = with_separators(r.cycles.per_frame());
  cells[5] = fmt::format("{:.0f}", r.time_ms() * 1000);
  if (r.energy)
    cells[6] = fmt::format("{:.1f} +-{:.0f} %", result::microjoules(r.energy->total), r.energy->uncertainty_percent);
  if (const auto& used = r.resources) {
    cells[7] = fmt::format("{} +-{:.0f} %", with_separators(static_cast<std::uint64_t>(used->lut)),
                           used->lut_uncertainty_percent);
    cells[8] = with_separators(static_cast<std::uint64_t>(used->ff));
    cells[9] = std::to_string(used->dsp);
    cells[10] = fmt::format("{:g}", used->bram36);
    cells[11] = fmt::format("{:.0f}", std::max({used->lut_used_percent, used->ff_used_percent, used->dsp_used_percent,
                                                used->bram_used_percent}));
  }
  cells[12] = fmt::format("{:.1f}", first_and_last_percent(r));
  cells[13] = fmt::format("{:.1f}", software_percent(r));
  cells[14] = fmt::format("{:.0f}", static_cast<double>(r.memory.dram_read_bytes + r.memory.dram_write_bytes) / 1024);
  cells[15] = front_cell(point.standing);
  return cells;
}

std::string table_text(const Comparison& comparison, const std::vector<ComparedPoint>& points, bool markdown) {
  TextTable table(header());
  std::string text = markdown ? fmt::format("| {} |\n|{}\n", fmt::join(header(), " | "),
                                            [] {
                                              std::string rule;
                                              for (std::size_t i = 0; i < header().size(); ++i) rule += " --- |";
                                              return rule;
                                            }())
                              : "";
  for (std::size_t i = 0; i < points.size(); ++i) {
    Cells cells = cells_of(comparison.rows[i], points[i]);
    if (markdown) {
      for (std::string& cell : cells) cell = markdown_cell(cell);
      text += fmt::format("| {} |\n", fmt::join(cells, " | "));
    } else {
      table.add(std::move(cells));
    }
  }
  if (!markdown) text = table.text();
  std::vector<Standing> standings;
  for (const ComparedPoint& point : points) standings.push_back(point.standing);
  return fmt::format("{}\nfront: {}\n{}", text, comparison.objectives.text(),
                     left_out_text(comparison.objectives, designs_of(points), standings));
}

std::string facts(const std::vector<ComparedPoint>& points) {
  for (const ComparedPoint& point : points) {
    if (!point.result) continue;
    const result::Result& r = *point.result;
    std::string text = fmt::format(
        "{} on {}; {} test images; at least {} simulated frames of every row equal the "
        "reference bit for bit; {} MHz; {}",
        r.network.model, r.network.dataset, r.accuracy.images, r.verified_images, r.soc.clock_mhz, r.memory.residency);
    if (const auto percent = r.accuracy.float_top1_percent()) text += fmt::format("; float {:.2f} %", *percent);
    return text + "\n";
  }
  return "";
}

std::string failures(const Comparison& comparison, const std::vector<ComparedPoint>& points) {
  std::string text;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (!points[i].result) text += fmt::format("{}: {}\n", one_line(comparison.rows[i].name), points[i].error);
  return text;
}

template <typename Visit>
void for_each_table(const ComparisonOutcome& outcome, const Visit& visit) {
  visit("equal shape", outcome.equal_shape);
  if (!outcome.equal_device.empty()) visit("equal device", outcome.equal_device);
}

}  // namespace

std::string to_csv(const Comparison& comparison, const ComparisonOutcome& outcome) {
  std::string csv = "table,row,note,rows,columns,lanes";
  for (const result::Figure& figure : result::figures()) csv += fmt::format(",{}", figure.name);
  csv += ",first_and_last_percent,software_percent,pareto,misses,error\n";
  for_each_table(outcome, [&](const char* table, const std::vector<ComparedPoint>& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const ComparedPoint& point = points[i];
      csv += fmt::format("{},{},{}", table, csv_cell(comparison.rows[i].name), csv_cell(comparison.rows[i].note));
      const auto& result = point.result;
      csv += result && result->engine
                 ? fmt::format(",{},{},{}", result->engine->rows, result->engine->columns, result->engine->lanes)
                 : ",,,";
      for (const result::Figure& figure : result::figures())
        csv += "," + (result ? csv_cell(result::figure_text(figure.of(*result))) : "");
      csv += result ? fmt::format(",{:.2f},{:.2f},{},{}", first_and_last_percent(*result), software_percent(*result),
                                  front_mark(point.standing), csv_cell(point.standing.misses))
                    : ",,,,";
      csv += fmt::format(",{}\n", csv_cell(point.error));
    }
  });
  return csv;
}

std::string to_json(const Comparison& comparison, const ComparisonOutcome& outcome) {
  Json json = {{"comparison", comparison.name}, {"description", comparison.description}, {"tables", Json::array()}};
  for_each_table(outcome, [&](const char* table, const std::vector<ComparedPoint>& points) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < points.size(); ++i) {
      Json row = {{"name", comparison.rows[i].name}, {"note", comparison.rows[i].note}};
      if (const auto& result = points[i].result) {
        if (result->engine) row["array"] = {result->engine->rows, result->engine->columns, result->engine->lanes};
        for (const result::Figure& figure : result::figures()) row[figure.name] = figure.of(*result);
        row["first_and_last_percent"] = first_and_last_percent(*result);
        row["software_percent"] = software_percent(*result);
        const Standing& standing = points[i].standing;
        row["pareto"] = standing.on_front ? Json(*standing.on_front) : Json();
        if (!comparison.objectives.constraints.empty()) row["misses"] = standing.misses;
      } else {
        row["error"] = points[i].error;
      }
      rows.push_back(std::move(row));
    }
    json["tables"].push_back({{"table", table}, {"rows", std::move(rows)}});
  });
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_report(const Comparison& comparison, const ComparisonOutcome& outcome, bool markdown) {
  std::string text = fmt::format("{}\n{}", titled(comparison.name, comparison.description), facts(outcome.equal_shape));
  text += "\nEqual array shape\n\n" + table_text(comparison, outcome.equal_shape, markdown) +
          failures(comparison, outcome.equal_shape);
  if (comparison.device)
    text += fmt::format("\nEqual device: {} filled up to {:g} %\n\n", comparison.device->device,
                        comparison.device->cap_percent) +
            table_text(comparison, outcome.equal_device, markdown) + failures(comparison, outcome.equal_device);
  std::string notes;
  for (const ComparisonRow& row : comparison.rows)
    if (!row.note.empty())
      notes += fmt::format("{}{}: {}\n", markdown ? "- " : "", one_line(row.name), one_line(row.note));
  if (!notes.empty()) text += "\n" + notes;
  return text;
}

}  // namespace lutra::exploration
