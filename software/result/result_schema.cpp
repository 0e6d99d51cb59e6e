#include "software/result/result_schema.h"

#include <fmt/format.h>

#include "software/result/result_fields.h"

namespace lutra::result {

namespace {

// Writes a row for each field it visits.
class SchemaWriter {
 public:
  SchemaWriter(std::string& rows, std::string path) : rows_(rows), path_(std::move(path)) {}

  template <typename Value>
  void operator()(const char* name, const Value& value, const Field& field) const {
    row(name, field);
    within(name, value);
  }
  template <typename Value>
  void derived(const char* name, const Value&, const Field& field) const {
    row(name, field);
  }
  template <typename Body>
  void part(const char* name, const Field& field, const Body& body) const {
    row(name, field);
    body(SchemaWriter(rows_, path_ + name + "."));
  }
  template <typename Value, typename Body>
  void part_or_null(const char* name, const std::optional<Value>&, const Field& field, const Body& body) const {
    const Value value{};
    part(name, field, [&](const SchemaWriter& writer) { body(writer, value); });
  }

 private:
  void row(const char* name, const Field& field) const {
    rows_ += fmt::format("| `{}{}` | {} | {} | {} |\n", path_, name, field.about, field.in_golden ? "yes" : "",
                         field.in_csv ? "yes" : "");
  }

  template <typename Value>
  void within(const char* name, const Value& value) const {
    if constexpr (HasFields<const Value>) for_each_field(value, SchemaWriter(rows_, path_ + name + "."));
  }
  template <typename Value>
  void within(const char* name, const std::optional<Value>&) const {
    within(name, Value{});
  }
  template <typename Value>
  void within(const char* name, const std::vector<Value>&) const {
    within(fmt::format("{}[]", name).c_str(), Value{});
  }
  template <typename Layers>
  void within(const char* name, const Timings<Layers>&) const {
    const LayerFacts layer;
    for_each_timing_field(layer, SchemaWriter(rows_, fmt::format("{}{}[].", path_, name)));
  }

  std::string& rows_;
  std::string path_;
};

}  // namespace

std::string schema_markdown() {
  std::string rows = "| field | what it says | golden | layers.csv |\n| --- | --- | --- | --- |\n";
  const Result result;
  for_each_field(result, SchemaWriter(rows, ""));
  return rows;
}

}  // namespace lutra::result
