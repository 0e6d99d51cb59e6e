#include "software/common/text/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "software/common/error.h"

namespace lutra {

namespace {

constexpr std::size_t largest_text = std::size_t{1} << 26;
constexpr int deepest_text = 32;

template <typename Number>
void read_whole(const JsonReader& reader, const JsonReader::Json& value, Number& target) {
  const bool fits =
      value.is_number_unsigned()
          ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<Number>::max())
          : value.is_number_integer() && std::numeric_limits<Number>::is_signed &&
                value.get<std::int64_t>() >= static_cast<std::int64_t>(std::numeric_limits<Number>::min());
  if (!fits) reader.fail(fmt::format("{} stands where a whole number is expected", value.dump().substr(0, 60)));
  target = value.get<Number>();
}

}  // namespace

JsonReader::Json JsonReader::parse(std::string_view text, const std::string& name) {
  using lutra::Error;
  if (text.size() > largest_text)
    throw Error(fmt::format("{}: is larger than the {} bytes that are accepted", name, largest_text));
  const auto limit_depth = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > deepest_text) throw Error(fmt::format("{}: nested deeper than {} levels", name, deepest_text));
    return true;
  };
  try {
    return Json::parse(text, limit_depth);
  } catch (const Json::exception& error) {
    throw Error(fmt::format("{}: is not JSON: {}", name, error.what()));
  }
}

void JsonReader::fail(const std::string& message) const { throw lutra::Error(fmt::format("{}: {}", place_, message)); }

const JsonReader& JsonReader::keys(const std::vector<const char*>& names,
                                   const std::vector<const char*>& optional) const {
  if (!value_->is_object()) fail("is not an object");
  for (const auto& [key, value] : value_->items())
    if (std::find(names.begin(), names.end(), key) == names.end() &&
        std::find(optional.begin(), optional.end(), key) == optional.end())
      fail(fmt::format("field '{}' is unknown", key));
  for (const char* key : names)
    if (!value_->contains(key)) fail(fmt::format("field '{}' is missing", key));
  return *this;
}

bool JsonReader::has(const char* key) const { return value_->is_object() && value_->contains(key); }

JsonReader JsonReader::at(const char* key) const {
  if (!value_->is_object() || !value_->contains(key)) fail(fmt::format("field '{}' is missing", key));
  return {value_->at(key), fmt::format("{}.{}", place_, key)};
}

std::vector<JsonReader> JsonReader::items() const {
  if (!value_->is_array()) fail("is not a list");
  std::vector<JsonReader> readers;
  for (const Json& item : *value_) readers.emplace_back(item, fmt::format("{}[{}]", place_, readers.size()));
  return readers;
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::entries() const {
  if (!value_->is_object()) fail("is not an object");
  std::vector<std::pair<std::string, JsonReader>> readers;
  for (const auto& [key, value] : value_->items()) readers.emplace_back(key, JsonReader(value, place_ + "." + key));
  return readers;
}

void JsonReader::read(std::string& target) const {
  if (!value_->is_string()) fail("is not a text");
  target = value_->get<std::string>();
}

void JsonReader::read(bool& target) const {
  if (!value_->is_boolean()) fail("is neither true nor false");
  target = value_->get<bool>();
}

void JsonReader::read(double& target) const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>())) fail("is not a number");
  target = value_->get<double>();
}

void JsonReader::read(int& target) const { read_whole(*this, *value_, target); }
void JsonReader::read(long& target) const { read_whole(*this, *value_, target); }
void JsonReader::read(std::uint32_t& target) const { read_whole(*this, *value_, target); }
void JsonReader::read(std::uint64_t& target) const { read_whole(*this, *value_, target); }

void JsonReader::read(std::map<std::string, std::string>& target) const {
  for (const auto& [key, value] : entries()) value.read(target[key]);
}

}  // namespace lutra
