#include "models/dram/timing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "models/base/dram_kinds.h"
#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/yaml.h"

namespace lutra::models {
namespace {

constexpr double longest_ns = 1e6;
constexpr std::int64_t most_clocks = 1'000'000;

std::uint64_t picoseconds(const YamlReader& value) {
  return static_cast<std::uint64_t>(std::llround(value.number(0, longest_ns) * 1000));
}

std::uint64_t duration(const YamlReader& entry) {
  const YamlMapping mapping = entry.mapping({"ns", "source"});
  mapping.at("source").text();
  return picoseconds(mapping.at("ns"));
}

std::uint32_t count(const YamlReader& entry, std::int64_t high) {
  const YamlMapping mapping = entry.mapping({"value", "source"});
  mapping.at("source").text();
  return static_cast<std::uint32_t>(mapping.at("value").integer(1, high));
}

std::uint32_t power_of_two(const YamlReader& entry, std::int64_t high) {
  const std::uint32_t value = count(entry, high);
  if (!std::has_single_bit(value)) entry.fail(fmt::format("{} is not a power of two", value));
  return value;
}

// The larger of a time, rounded up to clocks, and a number of clocks; at least one of them is given.
std::uint64_t clocks(const YamlReader& entry, std::uint64_t clock_ps) {
  const YamlMapping mapping = entry.mapping({"ns", "clocks", "source"});
  mapping.at("source").text();
  if (!mapping.has("ns") && !mapping.has("clocks")) entry.fail("needs ns, clocks or both");
  std::uint64_t result = 0;
  if (mapping.has("ns")) result = (picoseconds(mapping.at("ns")) + clock_ps - 1) / clock_ps;
  if (mapping.has("clocks")) {
    result = std::max(result, static_cast<std::uint64_t>(mapping.at("clocks").integer(0, most_clocks)));
  }
  return result;
}

void read_organisation(const YamlReader& entry, DramTiming& timing) {
  const YamlMapping mapping = entry.mapping({"width_bits", "banks", "bank_groups", "rows", "columns", "burst_length"});
  timing.width_bits = power_of_two(mapping.at("width_bits"), 128);
  timing.banks = power_of_two(mapping.at("banks"), 64);
  timing.bank_groups = power_of_two(mapping.at("bank_groups"), timing.banks);
  timing.rows = count(mapping.at("rows"), 1 << 20);
  timing.columns = power_of_two(mapping.at("columns"), 1 << 14);
  timing.burst_length = power_of_two(mapping.at("burst_length"), 32);
  if (timing.width_bits < 8) entry.fail("width_bits must be 8 or more");
  if (timing.burst_length < 2 || timing.burst_length > timing.columns) {
    entry.fail("burst_length must be 2 or more and fit a row");
  }
}

// Given where there are bank groups, and only there.
void read_group_timing(const YamlMapping& mapping, DramTiming& timing) {
  struct Field {
    const char* key;
    std::uint64_t DramTiming::*within;
    std::uint64_t DramTiming::*across;
  };
  for (const Field& field :
       {Field{"tCCD_L", &DramTiming::ccd_l, &DramTiming::ccd}, Field{"tRRD_L", &DramTiming::rrd_l, &DramTiming::rrd},
        Field{"tWTR_L", &DramTiming::wtr_l, &DramTiming::wtr}}) {
    if (timing.bank_groups == 1 && mapping.has(field.key))
      mapping.at(field.key).fail(fmt::format("{} is of bank groups, and there is one bank group", field.key));
    timing.*field.within =
        timing.bank_groups == 1 ? timing.*field.across : clocks(mapping.at(field.key), timing.clock_ps);
    if (timing.*field.within < timing.*field.across)
      mapping.at(field.key).fail(fmt::format("{} is shorter than between groups", field.key));
  }
}

void read_timing(const YamlReader& entry, DramTiming& timing) {
  const YamlMapping mapping =
      entry.mapping({"tCK",   "RL",     "WL",    "tDQSCK", "tDQSS",  "tWPRE",  "tRPST", "tCCD", "tCCDMW",
                     "tRCD",  "tRPpb",  "tRPab", "tRAS",   "tRRD",   "tFAW",   "tRTP",  "tWR",  "tWTR",
                     "tREFI", "tRFCab", "tXP",   "tCKE",   "tCCD_L", "tRRD_L", "tWTR_L"});
  timing.clock_ps = duration(mapping.at("tCK"));
  if (timing.clock_ps == 0) mapping.at("tCK").fail("must be a picosecond or more");
  const std::vector<std::pair<const char*, std::uint64_t DramTiming::*>> fields = {
      {"RL", &DramTiming::rl},        {"WL", &DramTiming::wl},        {"tDQSCK", &DramTiming::dqsck},
      {"tDQSS", &DramTiming::dqss},   {"tWPRE", &DramTiming::wpre},   {"tRPST", &DramTiming::rpst},
      {"tCCD", &DramTiming::ccd},     {"tCCDMW", &DramTiming::ccdmw}, {"tRCD", &DramTiming::rcd},
      {"tRPpb", &DramTiming::rppb},   {"tRPab", &DramTiming::rpab},   {"tRAS", &DramTiming::ras},
      {"tRRD", &DramTiming::rrd},     {"tFAW", &DramTiming::faw},     {"tRTP", &DramTiming::rtp},
      {"tWR", &DramTiming::wr},       {"tWTR", &DramTiming::wtr},     {"tREFI", &DramTiming::refi},
      {"tRFCab", &DramTiming::rfcab}, {"tXP", &DramTiming::xp},       {"tCKE", &DramTiming::cke}};
  for (const auto& [key, field] : fields) timing.*field = clocks(mapping.at(key), timing.clock_ps);
  read_group_timing(mapping, timing);
  if (timing.wl > timing.rl + timing.dqsck + timing.burst_clocks()) entry.fail("WL is longer than a read");
  if (timing.refi <= timing.rfcab + timing.rpab + timing.xp + timing.cke)
    entry.fail("tREFI leaves no time between refreshes");
}

}  // namespace

DramTiming parse_dram_timing(std::string_view yaml, const std::string& name) {
  const YamlDocument document = parse_yaml(yaml, name);
  const YamlMapping root =
      YamlReader(document).mapping({"name", "organisation", "address_mapping", "timing", "controller"});
  DramTiming timing;
  timing.name = root.at("name").text();
  timing.mapping = static_cast<DramMapping>(
      root.at("address_mapping").choice({"row_bank_column", "bank_row_column", "row_bank_column_group"}));
  read_organisation(root.at("organisation"), timing);
  read_timing(root.at("timing"), timing);
  const YamlMapping controller =
      root.at("controller").mapping({"power_down_after", "write_buffer", "latency", "phy_latency"});
  timing.power_down_after = clocks(controller.at("power_down_after"), timing.clock_ps);
  timing.write_buffer = count(controller.at("write_buffer"), 1024);
  timing.controller_ps = duration(controller.at("latency"));
  timing.phy_ps = duration(controller.at("phy_latency"));
  return timing;
}

DramTiming embedded_dram_timing(const std::string& kind) {
  const std::string path = fmt::format("models/dram/timing/{}.yaml", kind);
  if (const auto text = find_embedded(path)) return parse_dram_timing(*text, path);
  throw Error(fmt::format("unknown DRAM '{}'; the kinds are: {}", kind, fmt::join(dram_kinds(), ", ")));
}

}  // namespace lutra::models
