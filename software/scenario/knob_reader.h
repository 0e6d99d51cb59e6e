#pragma once

#include <fmt/format.h>

#include <bit>
#include <cctype>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/soc_config.h"
#include "software/common/knob.h"
#include "software/common/yaml.h"

namespace lutra::scenario {

// The stems of the carried files "<folder>/<stem>.yaml".
std::vector<std::string> table_names(const std::string& folder);

// What knobs of a group have to fulfil together. Throws Error with the group's place.
template <typename Config>
void check_together(const YamlReader&, const Config&) {}
void check_together(const YamlReader& reader, const models::CacheConfig& cache);
void check_together(const YamlReader& reader, const models::SocConfig& soc);

// Reads the mapping's keys into the knobs that `config` declares (software/common/knob.h); a knob without a key keeps
// its value. Throws Error naming the place for an unknown key and a value that is not accepted.
template <typename Config>
void read_knobs(const YamlReader& reader, Config& config);

// Reads one knob after the other from a mapping.
class KnobReader {
 public:
  explicit KnobReader(const YamlMapping& keys) : keys_(keys) {}

  template <typename Number>
  void operator()(const char* name, Number& field, const KnobRange& range, const char*) const {
    if (!keys_.has(name)) return;
    const auto high = range.also > range.high ? range.also : range.high;
    keys_.read(name, field, static_cast<Number>(range.low), static_cast<Number>(high));
    if (field > static_cast<Number>(range.high) && field != static_cast<Number>(range.also))
      keys_.at(name).fail(fmt::format("{} is neither {} to {} nor {}", field, range.low, range.high, range.also));
    if (range.power_of_two && field != 0 && !std::has_single_bit(static_cast<std::uint64_t>(field)))
      keys_.at(name).fail(fmt::format("{} is not a power of two", field));
  }
  template <typename Number>
  void operator()(const char* name, std::optional<Number>& field, const KnobRange& range, const char* about) const {
    if (keys_.has(name)) (*this)(name, field.emplace(), range, about);
  }
  void operator()(const char* name, double& field, const KnobReal& range, const char*) const {
    if (!keys_.has(name)) return;
    const YamlReader value = keys_.at(name);
    const std::string& text = value.value().text;
    if (*range.zero == '\0' || text.empty() || std::isalpha(static_cast<unsigned char>(text.front())) == 0)
      field = value.number(range.low, range.high);
    else if (text == range.zero)
      field = 0;
    else
      value.fail(
          fmt::format("'{}' is neither a number from {} to {} nor '{}'", text, range.low, range.high, range.zero));
  }
  void operator()(const char* name, std::optional<double>& field, const KnobReal& range, const char* about) const {
    if (keys_.has(name)) (*this)(name, field.emplace(), range, about);
  }
  void operator()(const char* name, std::vector<int>& field, const KnobRange& range, const char*) const {
    if (!keys_.has(name)) return;
    for (const YamlReader& item : keys_.at(name).items())
      field.push_back(static_cast<int>(item.integer(range.low, range.high)));
    if (field.empty()) keys_.at(name).fail("the list is empty; leave the key out");
  }
  void operator()(const char* name, bool& field, const KnobFlag&, const char*) const { keys_.read(name, field); }
  template <typename Choice>
  void operator()(const char* name, Choice& field, const KnobWords& accepted, const char*) const {
    const std::vector<std::string> words(accepted.words.begin(), accepted.words.end());
    if (keys_.has(name)) field = static_cast<Choice>(keys_.at(name).choice(words));
  }
  void operator()(const char* name, std::string& field, const KnobTable& accepted, const char*) const {
    std::vector<std::string> names = table_names(accepted.folder);
    if (*accepted.also != '\0') names.emplace_back(accepted.also);
    if (keys_.has(name)) field = names[keys_.at(name).choice(names)];
  }
  void operator()(const char* name, std::string& field, const KnobAny&, const char*) const { keys_.read(name, field); }
  void operator()(const char* name, std::map<std::string, std::string>& field, const KnobAny&, const char*) const {
    if (!keys_.has(name)) return;
    for (const auto& [key, value] : keys_.at(name).entries()) field[key] = value.text();
  }
  template <typename Config>
  void operator()(const char* name, Config& field, const KnobGroup&, const char*) const {
    if (keys_.has(name)) read_knobs(keys_.at(name), field);
  }

 private:
  const YamlMapping& keys_;
};

template <typename Config>
void read_knobs(const YamlReader& reader, Config& config) {
  std::vector<std::string> names;
  for_each_knob(config, [&](const char* name, const auto&, const auto&, const char*) { names.emplace_back(name); });
  const YamlMapping keys = reader.mapping(names);
  for_each_knob(config, KnobReader(keys));
  check_together(reader, config);
}

}  // namespace lutra::scenario
