#include "software/exploration/campaign/compare_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "software/common/printable.h"
#include "software/common/text/csv.h"
#include "software/common/text/text_table.h"
#include "software/exploration/campaign/iso_accuracy.h"
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

std::string array_text(const result::Result& result) {
  const auto& engine = result.engine;
  return engine ? fmt::format("{}x{}x{}", engine->rows, engine->columns, engine->lanes) : "hart";
}

std::string microseconds(const result::Result& result) { return fmt::format("{:.0f}", result.time_ms() * 1000); }

std::string whole(long value) { return with_separators(static_cast<std::uint64_t>(value)); }

// Of the weights, as packed, those that stay in the engine's weight memory.
std::string resident_percent(const result::Result& result) {
  const result::MemoryFacts& memory = result.memory;
  if (memory.weight_bytes == 0) return "";
  return fmt::format(
      "{:.0f}", 100 * static_cast<double>(memory.resident_weight_bytes) / static_cast<double>(memory.weight_bytes));
}

double above_bound_percent(const ComparedPoint& point) {
  return 100 * (cost_of(*point.result, point.minimise) / *point.least - 1);
}

struct Column {
  const char* title;
  std::string (*of)(const ComparedPoint& point);  // of one with a result; empty: unknown
};

const std::vector<Column> first_columns = {
    {"array", [](const ComparedPoint& p) { return array_text(*p.result); }},
    {"accuracy %",
     [](const ComparedPoint& p) {
       const auto percent = p.result->accuracy.top1_percent();
       return percent ? fmt::format("{:.2f}", *percent) : "";
     }},
    {"top-5 %",
     [](const ComparedPoint& p) {
       const auto percent = p.result->accuracy.top5_percent();
       return percent ? fmt::format("{:.2f}", *percent) : "";
     }},
    {"weights KiB",
     [](const ComparedPoint& p) {
       return fmt::format("{:.1f}", static_cast<double>(p.result->scheme.weight_bits_total) / 8 / 1024);
     }},
    {"on chip %", [](const ComparedPoint& p) { return resident_percent(*p.result); }},
    {"cycles", [](const ComparedPoint& p) { return with_separators(p.result->cycles.per_frame()); }},
    {"us", [](const ComparedPoint& p) { return microseconds(*p.result); }},
    {"uJ",
     [](const ComparedPoint& p) {
       const auto& energy = p.result->energy;
       return energy ? fmt::format("{:.1f} +-{:.0f} %", result::microjoules(energy->total), energy->uncertainty_percent)
                     : "";
     }},
};

// What the design takes of the device.
const std::vector<Column> device_columns = {
    {"LUT",
     [](const ComparedPoint& p) {
       const auto& used = p.result->resources;
       return used ? fmt::format("{} +-{:.0f} %", whole(used->lut), used->lut_uncertainty_percent) : "";
     }},
    {"FF", [](const ComparedPoint& p) { return p.result->resources ? whole(p.result->resources->ff) : ""; }},
    {"DSP", [](const ComparedPoint& p) { return p.result->resources ? whole(p.result->resources->dsp) : ""; }},
    {"BRAM36",
     [](const ComparedPoint& p) {
       return p.result->resources ? fmt::format("{:g}", p.result->resources->bram36) : "";
     }},
    {"used %",
     [](const ComparedPoint& p) {
       const auto& used = p.result->resources;
       return used ? fmt::format("{:.0f}", std::max({used->lut_used_percent, used->ff_used_percent,
                                                     used->dsp_used_percent, used->bram_used_percent}))
                   : "";
     }},
};

// What the engine takes of the node, and the frame at the clock that its logic closes at.
const std::vector<Column> area_columns = {
    {"engine mm2",
     [](const ComparedPoint& p) {
       return p.result->area ? fmt::format("{:.3f}", p.result->area->engine_um2() / 1e6) : "";
     }},
    {"own MHz",
     [](const ComparedPoint& p) { return p.at_own_clock ? fmt::format("{:g}", p.at_own_clock->soc.clock_mhz) : ""; }},
    {"own us", [](const ComparedPoint& p) { return p.at_own_clock ? microseconds(*p.at_own_clock) : ""; }},
    {"own uJ",
     [](const ComparedPoint& p) {
       const auto& own = p.at_own_clock;
       return own && own->energy ? fmt::format("{:.1f}", result::microjoules(own->energy->total)) : "";
     }},
};

const std::vector<Column> last_columns = {
    {"1st+last %", [](const ComparedPoint& p) { return fmt::format("{:.1f}", first_and_last_percent(*p.result)); }},
    {"software %", [](const ComparedPoint& p) { return fmt::format("{:.1f}", software_percent(*p.result)); }},
    {"DRAM KiB",
     [](const ComparedPoint& p) {
       const auto& memory = p.result->memory;
       return fmt::format("{:.0f}", static_cast<double>(memory.dram_read_bytes + memory.dram_write_bytes) / 1024);
     }},
    {"front", [](const ComparedPoint& p) { return front_cell(p.standing); }},
};

// What a search chose beside the array, and how far it can be from the best there is.
const std::vector<Column> search_columns = {
    {"post",
     [](const ComparedPoint& p) { return p.result->engine ? fmt::format("{}", p.result->engine->post_lanes) : ""; }},
    {"bus B", [](const ComparedPoint& p) { return fmt::format("{}", p.result->soc.interconnect.width_bytes); }},
    {"memories KiB",
     [](const ComparedPoint& p) {
       const auto& engine = p.result->engine;
       return engine
                  ? fmt::format(
                        "{}",
                        (engine->weight_memory_bytes + engine->map_memory_bytes + engine->command_memory_bytes) / 1024)
                  : "";
     }},
    {"above bound %", [](const ComparedPoint& p) {
       if (!p.least || *p.least == 0) return std::string();
       return fmt::format("{:.0f}", above_bound_percent(p));
     }}};

const Column minimised = {"minimised",
                          [](const ComparedPoint& p) { return std::string(minimise_words.of(p.minimise)); }};

bool minimises_several(const ComparedTable& table) {
  return table.search && std::any_of(table.points.begin(), table.points.end(), [&](const ComparedPoint& point) {
           return point.minimise != table.search->minimise;
         });
}

std::vector<Column> columns_of(const ComparedTable& table) {
  std::vector<Column> columns = first_columns;
  const bool ranked = std::any_of(table.points.begin(), table.points.end(), [](const ComparedPoint& point) {
    return point.result && point.result->accuracy.top5_percent();
  });
  if (!ranked) std::erase_if(columns, [](const Column& column) { return std::string_view(column.title) == "top-5 %"; });
  if (table.search) columns.insert(columns.end(), search_columns.begin(), search_columns.end());
  if (minimises_several(table)) columns.push_back(minimised);
  const std::vector<Column>& priced = table.at_own_clock() ? area_columns : device_columns;
  columns.insert(columns.end(), priced.begin(), priced.end());
  columns.insert(columns.end(), last_columns.begin(), last_columns.end());
  return columns;
}

std::string effort_text(const ComparedTable& table) {
  if (!table.search) return "";
  const SearchEffort& effort = table.effort;
  return fmt::format(
      "of all rows: {} shapes, {} of them too large or unable, {} worse than the best whatever their buffers; {} "
      "designs priced, "
      "{} "
      "compiled "
      "and predicted, {} simulated\n",
      with_separators(effort.shapes), with_separators(effort.left_out), with_separators(effort.pruned),
      with_separators(effort.priced), with_separators(effort.compiled), with_separators(table.simulated));
}

// The keys that the search chose, and whose the others are.
std::string found_text(const ComparedTable& table) {
  for (const ComparedPoint& point : table.points) {
    if (point.found.empty()) continue;
    std::vector<std::string> keys;
    for (const std::string& setting : point.found) keys.push_back(setting.substr(0, setting.find('=')));
    return fmt::format("found by the search: {}; all else is given by row and base\n", fmt::join(keys, ", "));
  }
  return "";
}

// At equal area nobody asks whether a design fits one.
void forget_device(std::vector<std::vector<Json>>& designs) {
  const auto fits = static_cast<std::size_t>(&result::find_figure("fits") - result::figures().data());
  for (std::vector<Json>& design : designs)
    if (!design.empty()) design[fits] = nullptr;
}

std::string table_text(const Comparison& comparison, const ComparedTable& compared, bool markdown) {
  const std::vector<Column> columns = columns_of(compared);
  Cells header = {"scheme and engine"};
  for (const Column& column : columns) header.emplace_back(column.title);
  TextTable table(header);
  std::vector<Standing> standings;
  for (std::size_t i = 0; i < compared.points.size(); ++i) {
    const ComparedPoint& point = compared.points[i];
    Cells cells(header.size(), "-");
    cells[0] = comparison.rows[i].name;
    if (!point.result) cells[1] = "failed";
    for (std::size_t c = 0; point.result && c < columns.size(); ++c)
      if (std::string cell = columns[c].of(point); !cell.empty()) cells[c + 1] = std::move(cell);
    table.add(std::move(cells));
    standings.push_back(point.standing);
  }
  auto designs = designs_of(compared.points);
  if (compared.at_own_clock()) forget_device(designs);
  return fmt::format("{}\nfront: {}\n{}{}", markdown ? table.markdown() : table.text(), comparison.objectives.text(),
                     left_out_text(comparison.objectives, designs, standings),
                     found_text(compared) + effort_text(compared));
}

std::string facts(const std::vector<ComparedPoint>& points) {
  for (const ComparedPoint& point : points) {
    if (!point.result) continue;
    const result::Result& r = *point.result;
    std::string text = fmt::format(
        "{} on {}; {} test images; at least {} simulated frames of every row equal the "
        "reference bit for bit; {} MHz",
        r.network.model, r.network.dataset, r.accuracy.images, r.verified_images, r.soc.clock_mhz);
    if (const auto percent = r.accuracy.float_top1_percent()) text += fmt::format("; float {:.2f} %", *percent);
    return text + "\n";
  }
  return "";
}

std::string failures(const Comparison& comparison, const std::vector<ComparedPoint>& points) {
  std::string text;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (!points[i].error.empty()) text += fmt::format("{}: {}\n", one_line(comparison.rows[i].name), points[i].error);
  return text;
}

std::string heading(const ComparedTable& table) {
  if (!table.search) return "Equal array shape";
  return fmt::format("{}: {}; of each row the design with the {} that a search found",
                     table.at_own_clock() ? "Equal area" : "Equal device", text(table.search->budget),
                     best_text(table.search->minimise));
}

// Keys that a row sets and no search chose anew.
std::vector<std::string> given(const ComparisonRow& row, const ComparedPoint& point) {
  std::vector<std::string> settings;
  for (const auto& override : row.settings) {
    const std::string begin = override->key() + "=";
    const bool chosen = std::any_of(point.found.begin(), point.found.end(),
                                    [&](const std::string& setting) { return setting.starts_with(begin); });
    if (!chosen) settings.push_back(override->label());
  }
  return settings;
}

// What a row has beside the figures, in CSV and JSON; null where it is not known.
std::vector<std::pair<std::string, Json>> extras(const ComparedTable& table, std::size_t row,
                                                 const std::vector<WithinLoss>& within) {
  const ComparedPoint& point = table.points[row];
  const result::Result* result = point.result ? &*point.result : nullptr;
  const result::Result* own = point.at_own_clock ? &*point.at_own_clock : nullptr;
  const auto known = [](const auto& value) { return value ? Json(*value) : Json(); };
  std::vector<std::pair<std::string, Json>> all = {
      {"own_clock_mhz", own ? Json(own->soc.clock_mhz) : Json()},
      {"own_clock_time_ms", own ? Json(own->time_ms()) : Json()},
      {"own_clock_energy_uj", own && own->energy ? Json(result::microjoules(own->energy->total)) : Json()},
      {"minimised", table.search ? Json(minimise_words.of(point.minimise)) : Json()},
      {"bound", known(point.least)},
      {"above_bound_percent", result && point.least && *point.least > 0 ? Json(above_bound_percent(point)) : Json()},
      {"resident_weight_bytes", result ? Json(result->memory.resident_weight_bytes) : Json()},
      {"loss_points", result ? known(loss_points(*result)) : Json()}};
  for (const WithinLoss& loss : within) {
    all.emplace_back(fmt::format("place_by_cycles_within_{:g}", loss.points), known(place_in(loss.by_cycles, row)));
    all.emplace_back(fmt::format("place_by_energy_within_{:g}", loss.points), known(place_in(loss.by_energy, row)));
  }
  return all;
}

}  // namespace

std::string to_csv(const Comparison& comparison, const ComparisonOutcome& outcome) {
  std::string csv;
  for (const ComparedTable& table : outcome.tables) {
    const std::vector<WithinLoss> within = within_losses(table);
    for (std::size_t i = 0; i < table.points.size(); ++i) {
      const ComparedPoint& point = table.points[i];
      const auto more = extras(table, i, within);
      if (csv.empty()) {
        csv = "table,budget,row,note,rows,columns,lanes";
        for (const result::Figure& figure : result::figures()) csv += fmt::format(",{}", figure.name);
        csv += ",first_and_last_percent,software_percent,pareto,misses";
        for (const auto& [name, value] : more) csv += "," + name;
        csv += ",found,given,error\n";
      }
      csv += fmt::format("{},{},{},{}", table.equal(), csv_cell(table.within()), csv_cell(comparison.rows[i].name),
                         csv_cell(comparison.rows[i].note));
      const auto& result = point.result;
      csv += result && result->engine
                 ? fmt::format(",{},{},{}", result->engine->rows, result->engine->columns, result->engine->lanes)
                 : ",,,";
      for (const result::Figure& figure : result::figures())
        csv += "," + (result ? csv_cell(result::figure_text(figure.of(*result))) : "");
      csv += result ? fmt::format(",{:.2f},{:.2f},{},{}", first_and_last_percent(*result), software_percent(*result),
                                  front_mark(point.standing), csv_cell(point.standing.misses))
                    : ",,,,";
      for (const auto& [name, value] : more) csv += "," + result::figure_text(value);
      csv += fmt::format(",{},{},{}\n", csv_cell(fmt::format("{}", fmt::join(point.found, " "))),
                         csv_cell(fmt::format("{}", fmt::join(given(comparison.rows[i], point), " "))),
                         csv_cell(point.error));
    }
  }
  return csv;
}

std::string to_json(const Comparison& comparison, const ComparisonOutcome& outcome) {
  Json json = {{"comparison", comparison.name}, {"description", comparison.description}, {"tables", Json::array()}};
  for (const ComparedTable& table : outcome.tables) {
    const std::vector<WithinLoss> within = within_losses(table);
    Json rows = Json::array();
    for (std::size_t i = 0; i < table.points.size(); ++i) {
      Json row = {{"name", comparison.rows[i].name}, {"note", comparison.rows[i].note}};
      if (const auto& result = table.points[i].result) {
        if (result->engine) row["array"] = {result->engine->rows, result->engine->columns, result->engine->lanes};
        for (const result::Figure& figure : result::figures()) row[figure.name] = figure.of(*result);
        row["first_and_last_percent"] = first_and_last_percent(*result);
        row["software_percent"] = software_percent(*result);
        const Standing& standing = table.points[i].standing;
        row["pareto"] = standing.on_front ? Json(*standing.on_front) : Json();
        if (!comparison.objectives.constraints.empty()) row["misses"] = standing.misses;
        for (const auto& [name, value] : extras(table, i, within)) row[name] = value;
        row["found"] = table.points[i].found;
        row["given"] = given(comparison.rows[i], table.points[i]);
      }
      if (!table.points[i].error.empty()) row["error"] = table.points[i].error;
      rows.push_back(std::move(row));
    }
    Json written = {{"table", table.equal()}};
    if (table.search) {
      written["budget"] = text(table.search->budget);
      written["minimise"] = minimise_words.of(table.search->minimise);
      const SearchEffort& effort = table.effort;
      written["designs"] = {{"shapes", effort.shapes}, {"left_out", effort.left_out}, {"pruned", effort.pruned},
                            {"priced", effort.priced}, {"compiled", effort.compiled}, {"simulated", table.simulated}};
    }
    written["rows"] = std::move(rows);
    json["tables"].push_back(std::move(written));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_report(const Comparison& comparison, const ComparisonOutcome& outcome, bool markdown) {
  std::string text =
      fmt::format("{}\n{}", titled(comparison.name, comparison.description), facts(outcome.tables.front().points));
  for (const ComparedTable& table : outcome.tables)
    text += fmt::format("\n{}\n\n{}{}", heading(table), table_text(comparison, table, markdown),
                        failures(comparison, table.points));
  text += iso_accuracy_text(comparison, outcome, markdown);
  std::string notes;
  for (const ComparisonRow& row : comparison.rows)
    if (!row.note.empty())
      notes += fmt::format("{}{}: {}\n", markdown ? "- " : "", one_line(row.name), one_line(row.note));
  if (!notes.empty()) text += "\n" + notes;
  return text;
}

}  // namespace lutra::exploration
