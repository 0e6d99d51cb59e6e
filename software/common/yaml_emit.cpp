#include <fmt/format.h>
#include <yaml-cpp/emitter.h>

#include "software/common/error.h"
#include "software/common/yaml.h"

namespace lutra {

namespace {

void emit(YAML::Emitter& out, const YamlValue& value) {
  switch (value.kind) {
    case YamlValue::Kind::null:
      out << YAML::Null;
      return;
    case YamlValue::Kind::scalar:
      if (value.quoted) out << YAML::DoubleQuoted;
      out << value.text;
      return;
    case YamlValue::Kind::sequence:
      out << YAML::BeginSeq;
      for (const YamlValue& item : value.items) emit(out, item);
      out << YAML::EndSeq;
      return;
    case YamlValue::Kind::mapping:
      out << YAML::BeginMap;
      for (std::size_t i = 0; i < value.keys.size(); ++i) {
        out << YAML::Key << value.keys[i] << YAML::Value;
        emit(out, value.items[i]);
      }
      out << YAML::EndMap;
      return;
  }
}

}  // namespace

std::string emit_yaml(const YamlValue& value) {
  YAML::Emitter out;
  emit(out, value);
  if (!out.good()) throw Error(fmt::format("YAML cannot be written: {}", out.GetLastError()));
  return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace lutra
