#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace lutra {

// A JSON object read strictly: exactly the expected keys, each of the expected type. Throws Error "name: place: ...".
class JsonReader {
 public:
  using Json = nlohmann::ordered_json;

  // Takes time linear in the text and at most 256 MiB beside it. Throws Error on malformed text, on a key that an
  // object has twice, on more than largest_text_bytes (files.h), on more than 32 levels and on more than 2^20 values.
  static Json parse(std::string_view text, const std::string& name);

  JsonReader(const Json& value, std::string place) : value_(&value), place_(std::move(place)) {}

  [[noreturn]] void fail(const std::string& message) const;

  // Checks that this is an object with these keys, perhaps some of `optional`, and no other.
  const JsonReader& keys(const std::vector<const char*>& names, const std::vector<const char*>& optional = {}) const;
  bool has(const char* key) const;
  JsonReader at(const char* key) const;
  std::vector<JsonReader> items() const;
  std::vector<std::pair<std::string, JsonReader>> entries() const;
  bool is_null() const { return value_->is_null(); }
  bool is_text() const { return value_->is_string(); }

  void read(std::string& target) const;
  void read(bool& target) const;
  void read(double& target) const;  // finite
  void read(int& target) const;
  void read(long& target) const;
  void read(std::uint32_t& target) const;
  void read(std::uint64_t& target) const;
  void read(std::map<std::string, std::string>& target) const;

  template <typename T>
  T as() const {
    T value{};
    read(value);
    return value;
  }

 private:
  const Json* value_;
  std::string place_;
};

}  // namespace lutra
