#include "software/common/text/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "software/common/error.h"
#include "software/common/files.h"

namespace lutra {

namespace {

using Json = JsonReader::Json;

constexpr std::size_t deepest_text = 32;
constexpr std::size_t most_values = std::size_t{1} << 20;
constexpr std::size_t longest_reason = 200;

// Builds the tree from the parser's events: ordered_json alone looks through all keys of an object for each new one,
// and keeps the last of those given twice.
class JsonTreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit JsonTreeBuilder(const std::string& name) : name_(name) {}

  Json take_root() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& key) override {
    if (!stack_.back().seen.insert(key).second)
      throw Error(fmt::format("{}: an object has the key '{}' twice", name_, key.substr(0, longest_reason)));
    stack_.back().key = std::move(key);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    throw Error(fmt::format("{}: is not JSON: {:.{}}", name_, error.what(), longest_reason));
  }

 private:
  struct Frame {
    Json value;
    std::string key;                       // of an object's next value
    std::unordered_set<std::string> seen;  // an object's keys
  };

  bool open(Json value) {
    if (stack_.size() == deepest_text)
      throw Error(fmt::format("{}: nested deeper than {} levels", name_, deepest_text));
    stack_.push_back({std::move(value), {}, {}});
    return true;
  }

  bool close() {
    Json value = std::move(stack_.back().value);
    stack_.pop_back();
    return add(std::move(value));
  }

  bool add(Json value) {
    if (++values_ > most_values)
      throw Error(fmt::format("{}: has more than the {} values that are accepted", name_, most_values));
    if (stack_.empty()) {
      root_ = std::move(value);
    } else if (Frame& frame = stack_.back(); frame.value.is_array()) {
      frame.value.get_ref<Json::array_t&>().push_back(std::move(value));
    } else {
      // As a list of pairs: the map's own insertion is what looks through all keys.
      frame.value.get_ref<Json::object_t&>().emplace_back(std::move(frame.key), std::move(value));
    }
    return true;
  }

  const std::string& name_;
  std::vector<Frame> stack_;
  Json root_;
  std::size_t values_ = 0;
};

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
  if (text.size() > largest_text_bytes)
    throw Error(fmt::format("{}: is larger than the {} bytes that are accepted", name, largest_text_bytes));
  JsonTreeBuilder builder(name);
  Json::sax_parse(text, &builder);
  return builder.take_root();
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
