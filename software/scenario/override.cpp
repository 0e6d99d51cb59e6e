#include "software/scenario/override.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/parse_whole.h"

namespace lutra::scenario {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_parts = 32;
constexpr std::size_t longest_label = 60;

Json scalar_to_json(const YamlValue& value) {
  if (value.quoted) return value.text;
  if (value.text == "true") return true;
  if (value.text == "false") return false;
  std::int64_t whole = 0;
  if (parse_whole(value.text, whole)) return whole;
  double number = 0;
  if (parse_whole(value.text, number) && std::isfinite(number)) return number;
  return value.text;
}

}  // namespace

std::string Override::key() const { return fmt::format("{}", fmt::join(path, ".")); }

std::string Override::label() const {
  const std::string text = to_line(value);
  return text.size() <= longest_label ? fmt::format("{}={}", key(), text)
                                      : fmt::format("{}={}...", key(), text.substr(0, longest_label));
}

std::vector<std::string> parse_key_path(std::string_view text, const std::string& place) {
  std::vector<std::string> path;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('.', start), text.size());
    if (end == start)
      throw Error(fmt::format("{}: '{}' names no key; write its parts with dots between them, as 'engine.rows'", place,
                              text.substr(0, 60)));
    if (path.size() == most_parts)
      throw Error(fmt::format("{}: the key has more than {} parts: '{}...'", place, most_parts, text.substr(0, 60)));
    path.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return path;
}

std::shared_ptr<const Override> parse_override(std::string_view text, const std::string& place) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    throw Error(fmt::format("{} {}: give key=value, as 'engine.rows=8'", place, text));
  const std::string file = fmt::format("{} {}", place, text);
  Override override;
  override.path = parse_key_path(text.substr(0, equals), file);
  const std::string_view written = text.substr(equals + 1);
  const std::size_t begin = written.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || written[begin] == '#')
    throw Error(fmt::format("{}: no value stands behind '='; give one, as 'engine.rows=8'", file));
  override.value = parse_yaml(written, file).root;
  if (override.value.kind == YamlValue::Kind::mapping && written[begin] != '{')
    throw Error(
        fmt::format("{}: '{}' is no value, but key and value ('{}' and '{}'); give one value, as 'engine.rows=8', a "
                    "list as 'key=[1, 2]' or a mapping as 'key={{name: 1}}'",
                    file, written.substr(0, longest_label), override.value.keys.front().substr(0, longest_label),
                    to_line(override.value.items.front()).substr(0, longest_label)));
  override.file = file;
  return std::make_shared<const Override>(std::move(override));
}

Json to_json(const YamlValue& value) {
  switch (value.kind) {
    case YamlValue::Kind::null:
      return {};
    case YamlValue::Kind::scalar:
      return scalar_to_json(value);
    case YamlValue::Kind::sequence: {
      Json list = Json::array();
      for (const YamlValue& item : value.items) list.push_back(to_json(item));
      return list;
    }
    case YamlValue::Kind::mapping: {
      Json object = Json::object();
      for (std::size_t i = 0; i < value.keys.size(); ++i) object[value.keys[i]] = to_json(value.items[i]);
      return object;
    }
  }
  return {};
}

std::string to_line(const YamlValue& value) {
  if (value.kind == YamlValue::Kind::scalar) return value.text;
  return to_json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

BaseScenario load_base(const std::string& path_or_name, const costs::Tables& tables) {
  const std::string file = load_scenario(path_or_name, tables).file;
  const auto carried = file == path_or_name ? std::nullopt : find_embedded(file);
  return {file, parse_yaml(carried ? std::string(*carried) : read_text_file(file), file)};
}

}  // namespace lutra::scenario
