#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lutra {

// A YAML document as a plain tree that remembers its lines. Only what a table or a scenario needs is accepted: no
// anchors, aliases or tags, one document, string keys that occur once.
struct YamlValue {
  enum class Kind { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  std::string text;  // of a scalar
  bool quoted = false;
  int line = 1;
  std::vector<std::string> keys;  // of a mapping, in the order of the file, beside `items`
  std::vector<int> key_lines;
  std::vector<YamlValue> items;  // of a sequence or a mapping
};

struct YamlDocument {
  std::string name;  // the file, for messages
  YamlValue root;
};

// Throws Error "name:line: ..." on malformed text, on more than 2^20 bytes and on more than 32 levels.
YamlDocument parse_yaml(std::string_view text, std::string name);

// Block-style text, every scalar on a line of its own, from which parse_yaml makes the same tree but for the lines.
// In quoted words, bytes that are no UTF-8 become U+FFFD.
std::string emit_yaml(const YamlValue& value);

class YamlMapping;

// One value of a document, read as what the program expects it to be. Every reader throws Error
// "name:line: key: what is wrong and what would be right".
class YamlReader {
 public:
  explicit YamlReader(const YamlDocument& document);

  // Where this value stands: "name:line: key".
  std::string place() const;
  [[noreturn]] void fail(const std::string& message) const;

  const YamlValue& value() const { return *value_; }
  bool is_null() const { return value_->kind == YamlValue::Kind::null; }
  bool is_scalar() const { return value_->kind == YamlValue::Kind::scalar; }

  std::string text() const;  // not empty
  bool boolean() const;      // true or false
  std::int64_t integer(std::int64_t low, std::int64_t high) const;
  double number(double low, double high) const;
  // The position of the scalar among `names`.
  std::size_t choice(const std::vector<std::string>& names) const;

  std::vector<YamlReader> items() const;  // of a sequence
  // A mapping that may have these keys and no other.
  YamlMapping mapping(std::initializer_list<const char*> keys) const;
  YamlMapping mapping(const std::vector<std::string>& keys) const;
  // A mapping whose keys are names of the user's choosing.
  std::vector<std::pair<std::string, YamlReader>> entries() const;

 private:
  friend class YamlMapping;
  YamlReader(const std::string& document, const YamlValue& value, std::string key);
  void expect(YamlValue::Kind kind, const char* wanted) const;

  const std::string* document_;
  const YamlValue* value_;
  std::string key_;
};

// The entries of a mapping whose keys are known. The document must outlive it.
class YamlMapping {
 public:
  bool has(std::string_view key) const;
  YamlReader at(std::string_view key) const;  // Error where the key is missing
  const YamlReader& reader() const { return reader_; }

  // These leave `target` as it is where the key is absent.
  void read(std::string_view key, std::string& target) const;
  void read(std::string_view key, bool& target) const;
  void read(std::string_view key, int& target, int low, int high) const;
  void read(std::string_view key, std::uint32_t& target, std::uint32_t low, std::uint32_t high) const;
  void read(std::string_view key, std::uint64_t& target, std::uint64_t low, std::uint64_t high) const;
  void read(std::string_view key, double& target, double low, double high) const;

 private:
  friend class YamlReader;
  explicit YamlMapping(YamlReader reader) : reader_(std::move(reader)) {}
  const YamlValue* find(std::string_view key) const;

  YamlReader reader_;
};

}  // namespace lutra
