#include "software/scenario/knob_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "accelerators/family/engine_knobs.h"
#include "accelerators/family/memory_use.h"
#include "models/base/soc_knobs.h"
#include "software/network/data/own_knobs.h"
#include "software/scenario/run_knobs.h"

namespace lutra::scenario {

namespace {

// Writes a row for each knob it visits.
class RowWriter {
 public:
  RowWriter(std::string& rows, std::string path) : rows_(rows), path_(std::move(path)) {}

  template <typename Field, typename Accepted>
  void operator()(const char* name, const Field& field, const Accepted& accepted, const char* about) const {
    if constexpr (std::is_same_v<Accepted, KnobGroup>)
      for_each_knob(field, RowWriter(rows_, path_ + name + "."));
    else
      rows_ += fmt::format("| `{}{}` | {}{} | {} |\n", path_, name, values_of(field, accepted),
                           otherwise(field, accepted), about);
  }

 private:
  template <typename Field>
  static constexpr bool has_no_default =
      std::is_same_v<Field, std::map<std::string, std::string>> || std::is_same_v<Field, std::optional<std::size_t>> ||
      std::is_same_v<Field, std::optional<int>> || std::is_same_v<Field, std::optional<double>> ||
      std::is_same_v<Field, std::vector<int>>;

  template <typename Field, typename Accepted>
  static std::string values_of(const Field&, const Accepted& accepted) {
    return (std::is_same_v<Field, std::vector<int>> ? "list, each " : "") + values(accepted);
  }
  static std::string values(const KnobRange& range) {
    std::string text = fmt::format("{}{} to {}", range.power_of_two ? "power of two, " : "", range.low, range.high);
    return range.also != 0 ? fmt::format("{}, or {}", text, range.also) : text;
  }
  static std::string values(const KnobReal& range) {
    const std::string text = fmt::format("{} to {}", range.low, range.high);
    return *range.zero != '\0' ? fmt::format("{}, or `{}`", text, range.zero) : text;
  }
  static std::string values(const KnobWords& accepted) {
    return fmt::format("`{}`", fmt::join(accepted.words, "`, `"));
  }
  static std::string values(const KnobTable& accepted) {
    const std::string tables = fmt::format("a name of `{}/*.yaml`", accepted.folder);
    return *accepted.also != '\0' ? fmt::format("{}, or `{}`", tables, accepted.also) : tables;
  }
  static std::string values(const KnobFlag&) { return "`true`, `false`"; }
  static std::string values(const KnobAny& accepted) { return accepted.values; }

  template <typename Field, typename Accepted>
  static std::string otherwise(const Field& value, const Accepted& accepted) {
    if constexpr (std::is_same_v<Accepted, KnobWords>)
      return fmt::format(" (`{}`)", accepted.of(value));
    else if constexpr (std::is_same_v<Field, std::string>)
      return value.empty() ? "" : fmt::format(" (`{}`)", value);
    else if constexpr (has_no_default<Field>)
      return "";
    else
      return fmt::format(" ({})", value);
  }

  std::string& rows_;
  std::string path_;
};

// Notes the path of each knob it visits.
class KeyWriter {
 public:
  KeyWriter(std::vector<std::string>& keys, std::string path) : keys_(keys), path_(std::move(path)) {}

  template <typename Field, typename Accepted>
  void operator()(const char* name, const Field& field, const Accepted&, const char*) const {
    if constexpr (std::is_same_v<Accepted, KnobGroup>)
      for_each_knob(field, KeyWriter(keys_, path_ + name + "."));
    else
      keys_.push_back(path_ + name);
  }

 private:
  std::vector<std::string>& keys_;
  std::string path_;
};

template <typename Config>
std::string table() {
  std::string rows = "| key | values (default) | meaning |\n| --- | --- | --- |\n";
  const Config config;
  for_each_knob(config, RowWriter(rows, ""));
  return rows;
}

}  // namespace

std::string engine_key_table() { return table<accelerators::EngineConfig>(); }
std::string memory_key_table() { return table<accelerators::MemoryUse>(); }
std::string soc_key_table() { return table<models::SocConfig>(); }
std::string dataset_key_table() { return table<network::OwnData>(); }
std::string run_key_table() { return table<Run>(); }

std::vector<std::string> hardware_keys() {
  std::vector<std::string> keys;
  const accelerators::EngineConfig engine;
  const models::SocConfig soc;
  for_each_knob(engine, KeyWriter(keys, "engine."));
  for_each_knob(soc, KeyWriter(keys, "soc."));
  return keys;
}

}  // namespace lutra::scenario
