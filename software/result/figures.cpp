#include "software/result/figures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "software/common/error.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

template <typename Part, typename Value>
Json part(const std::optional<Part>& found, Value Part::*value) {
  return found ? Json((*found).*value) : Json();
}

template <typename Value>
Json optional(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

constexpr Figure all[] = {
    {"scheme_label", false, [](const Result& r) { return Json(scheme_label(r.scheme)); }},
    {"engine_label", false, [](const Result& r) { return Json(engine_label(r.engine)); }},
    {"accuracy_percent", true, [](const Result& r) { return optional(r.accuracy.top1_percent()); }},
    {"float_accuracy_percent", true, [](const Result& r) { return optional(r.accuracy.float_top1_percent()); }},
    {"top5_percent", true, [](const Result& r) { return optional(r.accuracy.top5_percent()); }},
    {"float_top5_percent", true, [](const Result& r) { return optional(r.accuracy.float_top5_percent()); }},
    {"images", true, [](const Result& r) { return Json(r.accuracy.images); }},
    {"verified_images", true, [](const Result& r) { return Json(r.verified_images); }},
    {"cycles", true, [](const Result& r) { return Json(r.cycles.per_frame()); }},
    {"compute_cycles", true, [](const Result& r) { return Json(r.cycles.by_cause.compute); }},
    {"load_cycles", true, [](const Result& r) { return Json(r.cycles.by_cause.load); }},
    {"store_cycles", true, [](const Result& r) { return Json(r.cycles.by_cause.store); }},
    {"command_cycles", true, [](const Result& r) { return Json(r.cycles.by_cause.command); }},
    {"software_cycles", true, [](const Result& r) { return Json(r.cycles.by_cause.software); }},
    {"first_frame_cycles", true, [](const Result& r) { return Json(r.cycles.first_frame); }},
    {"cpu_only_cycles", true, [](const Result& r) { return optional(r.cpu_only_cycles); }},
    {"cycles_per_mac", true, [](const Result& r) { return Json(r.cycles_per_mac()); }},
    {"time_ms", true, [](const Result& r) { return Json(r.time_ms()); }},
    {"energy_uj", true, [](const Result& r) { return r.energy ? Json(microjoules(r.energy->total)) : Json(); }},
    {"energy_uncertainty_percent", true,
     [](const Result& r) { return part(r.energy, &EnergyFacts::uncertainty_percent); }},
    {"lut", true, [](const Result& r) { return part(r.resources, &ResourceFacts::lut); }},
    {"ff", true, [](const Result& r) { return part(r.resources, &ResourceFacts::ff); }},
    {"dsp", true, [](const Result& r) { return part(r.resources, &ResourceFacts::dsp); }},
    {"bram36", true, [](const Result& r) { return part(r.resources, &ResourceFacts::bram36); }},
    {"fits", false, [](const Result& r) { return part(r.resources, &ResourceFacts::fits); }},
    {"area_um2", true, [](const Result& r) { return part(r.area, &AreaFacts::um2); }},
    {"engine_area_um2", true, [](const Result& r) { return r.area ? Json(r.area->engine_um2()) : Json(); }},
    {"closes_at_mhz", true, [](const Result& r) { return part(r.clock, &ClockFacts::mhz); }},
    {"weight_bytes", true, [](const Result& r) { return Json(r.memory.weight_bytes); }},
    {"weight_bits_total", true, [](const Result& r) { return Json(r.scheme.weight_bits_total); }},
    {"dram_read_bytes", true, [](const Result& r) { return Json(r.memory.dram_read_bytes); }},
    {"dram_write_bytes", true, [](const Result& r) { return Json(r.memory.dram_write_bytes); }},
};

}  // namespace

std::span<const Figure> figures() { return all; }

std::vector<std::string> orderable_figures() {
  std::vector<std::string> names;
  for (const Figure& figure : all)
    if (figure.orderable) names.emplace_back(figure.name);
  return names;
}

const Figure& find_figure(const std::string& name) {
  for (const Figure& figure : all)
    if (name == figure.name) return figure;
  std::vector<const char*> names;
  for (const Figure& figure : all) names.push_back(figure.name);
  throw Error(fmt::format("'{}' is no figure of a result; there are: {}", name, fmt::join(names, ", ")));
}

std::string figure_text(const Json& figure) {
  if (figure.is_null()) return "";
  return figure.is_string() ? figure.get<std::string>() : figure.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lutra::result
