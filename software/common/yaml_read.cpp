#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "software/common/error.h"
#include "software/common/nearest.h"
#include "software/common/parse_whole.h"
#include "software/common/yaml.h"

namespace lutra {

namespace {

std::string describe(const YamlValue& value) {
  switch (value.kind) {
    case YamlValue::Kind::null:
      return "nothing";
    case YamlValue::Kind::scalar:
      return fmt::format("'{}'", value.text.substr(0, 60));
    case YamlValue::Kind::sequence:
      return "a list";
    case YamlValue::Kind::mapping:
      return "a mapping";
  }
  return {};
}

constexpr std::size_t longest_key = 60;  // of the file, in a message

// ", did you mean 'x'?" or the list of what there is.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string close = nearest(word, candidates);
  if (!close.empty()) return fmt::format("; did you mean '{}'?", close);
  return fmt::format("; there are: {}", fmt::join(candidates, ", "));
}

}  // namespace

YamlReader::YamlReader(const YamlDocument& document) : document_(&document.name), value_(&document.root) {}

YamlReader::YamlReader(const std::string& document, const YamlValue& value, std::string key)
    : document_(&document), value_(&value), key_(std::move(key)) {}

std::string YamlReader::place() const {
  return key_.empty() ? fmt::format("{}:{}", *document_, value_->line)
                      : fmt::format("{}:{}: {}", *document_, value_->line, key_);
}

void YamlReader::fail(const std::string& message) const { throw Error(fmt::format("{}: {}", place(), message)); }

void YamlReader::expect(YamlValue::Kind kind, const char* wanted) const {
  if (value_->kind != kind) fail(fmt::format("{} stands where {} is expected", describe(*value_), wanted));
}

std::string YamlReader::text() const {
  expect(YamlValue::Kind::scalar, "a text");
  if (value_->text.empty()) fail("an empty text stands where a word is expected");
  return value_->text;
}

bool YamlReader::boolean() const {
  expect(YamlValue::Kind::scalar, "true or false");
  if (!value_->quoted && value_->text == "true") return true;
  if (!value_->quoted && value_->text == "false") return false;
  fail(fmt::format("{} stands where true or false is expected", describe(*value_)));
}

std::int64_t YamlReader::integer(std::int64_t low, std::int64_t high) const {
  const auto wanted = fmt::format("a whole number from {} to {}", low, high);
  expect(YamlValue::Kind::scalar, wanted.c_str());
  std::int64_t value = 0;
  if (value_->quoted || !parse_whole(value_->text, value) || value < low || value > high)
    fail(fmt::format("{} stands where {} is expected", describe(*value_), wanted));
  return value;
}

double YamlReader::number(double low, double high) const {
  constexpr double most = std::numeric_limits<double>::max();
  const std::string wanted =
      low <= -most && high >= most ? "a number" : fmt::format("a number from {:g} to {:g}", low, high);
  expect(YamlValue::Kind::scalar, wanted.c_str());
  double value = 0;
  if (value_->quoted || !parse_whole(value_->text, value) || !(value >= low && value <= high))
    fail(fmt::format("{} stands where {} is expected", describe(*value_), wanted));
  return value;
}

std::size_t YamlReader::choice(const std::vector<std::string>& names) const {
  const std::string word = text();
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) fail(fmt::format("'{}' is none of the choices{}", word, suggestion(word, names)));
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<YamlReader> YamlReader::items() const {
  expect(YamlValue::Kind::sequence, "a list");
  std::vector<YamlReader> readers;
  for (const YamlValue& item : value_->items)
    readers.push_back(YamlReader(*document_, item, fmt::format("{}[{}]", key_, readers.size())));
  return readers;
}

std::vector<std::pair<std::string, YamlReader>> YamlReader::entries() const {
  expect(YamlValue::Kind::mapping, "a mapping");
  std::vector<std::pair<std::string, YamlReader>> entries;
  for (std::size_t i = 0; i < value_->keys.size(); ++i) {
    const std::string& key = value_->keys[i];
    entries.emplace_back(key, YamlReader(*document_, value_->items[i], key_.empty() ? key : key_ + "." + key));
  }
  return entries;
}

YamlMapping YamlReader::mapping(std::initializer_list<const char*> keys) const {
  return mapping(std::vector<std::string>(keys.begin(), keys.end()));
}

YamlMapping YamlReader::mapping(const std::vector<std::string>& known) const {
  expect(YamlValue::Kind::mapping, "a mapping");
  for (std::size_t i = 0; i < value_->keys.size(); ++i) {
    const std::string& key = value_->keys[i];
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw Error(fmt::format("{}:{}: key '{}' is unknown {}{}", *document_, value_->key_lines[i],
                              key.substr(0, longest_key), key_.empty() ? "here" : fmt::format("in '{}'", key_),
                              suggestion(key, known)));
  }
  return YamlMapping(*this);
}

const YamlValue* YamlMapping::find(std::string_view key) const {
  const YamlValue& value = *reader_.value_;
  const auto found = std::find(value.keys.begin(), value.keys.end(), key);
  return found == value.keys.end() ? nullptr : &value.items[static_cast<std::size_t>(found - value.keys.begin())];
}

bool YamlMapping::has(std::string_view key) const { return find(key) != nullptr; }

YamlReader YamlMapping::at(std::string_view key) const {
  const YamlValue* value = find(key);
  if (!value) reader_.fail(fmt::format("key '{}' is missing", key));
  return YamlReader(*reader_.document_, *value,
                    reader_.key_.empty() ? std::string(key) : fmt::format("{}.{}", reader_.key_, key));
}

void YamlMapping::read(std::string_view key, std::string& target) const {
  if (has(key)) target = at(key).text();
}

void YamlMapping::read(std::string_view key, bool& target) const {
  if (has(key)) target = at(key).boolean();
}

void YamlMapping::read(std::string_view key, int& target, int low, int high) const {
  if (has(key)) target = static_cast<int>(at(key).integer(low, high));
}

void YamlMapping::read(std::string_view key, std::uint32_t& target, std::uint32_t low, std::uint32_t high) const {
  if (has(key)) target = static_cast<std::uint32_t>(at(key).integer(low, high));
}

void YamlMapping::read(std::string_view key, std::uint64_t& target, std::uint64_t low, std::uint64_t high) const {
  if (has(key))
    target =
        static_cast<std::uint64_t>(at(key).integer(static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)));
}

void YamlMapping::read(std::string_view key, double& target, double low, double high) const {
  if (has(key)) target = at(key).number(low, high);
}

}  // namespace lutra
