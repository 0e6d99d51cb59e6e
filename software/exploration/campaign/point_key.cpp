#include "software/exploration/campaign/point_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "software/common/digest.h"
#include "software/common/files.h"

namespace lutra::exploration {

namespace {

constexpr std::string_view network_parts[] = {"network", "scheme", "quantized", "exactness"};

bool looks_at_hardware(const YamlValue& scheme) {
  for (std::size_t i = 0; i < scheme.keys.size(); ++i)
    if (scheme.keys[i] == "progressive") {
      const auto& inner = scheme.items[i].keys;
      return std::find(inner.begin(), inner.end(), "measure") != inner.end();
    }
  return false;
}

// What the quantised network and its accuracy depend on.
std::string network_text(const scenario::Variant& variant) {
  YamlDocument document = parse_yaml(variant.text, variant.scenario.file);
  const YamlValue& root = document.root;
  YamlValue part = root;
  part.keys.clear();
  part.key_lines.clear();
  part.items.clear();
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    if (std::find(std::begin(network_parts), std::end(network_parts), root.keys[i]) == std::end(network_parts))
      continue;
    if (looks_at_hardware(root.items[i])) return variant.text;
    part.keys.push_back(root.keys[i]);
    part.key_lines.push_back(root.key_lines[i]);
    part.items.push_back(root.items[i]);
  }
  const auto& images = variant.scenario.run.images;
  return fmt::format("{}\nof {} images\n", emit_yaml(part), images ? std::to_string(*images) : "all");
}

}  // namespace

std::string program_digest() { return sha256(read_file("/proc/self/exe")); }

PointKey make_point_key(const scenario::Variant& variant, bool float_accuracy, const std::string& program,
                        const costs::Tables& tables, Inputs& inputs) {
  PointKey key;
  key.origin = fmt::format("program {}\ncost tables {}\n{}", program,
                           tables.digest.empty() ? "of the program" : tables.digest, inputs.digests(variant.scenario));
  const std::string common = fmt::format("float accuracy {}\n{}", float_accuracy, key.origin);
  key.point = sha256(fmt::format("point\n{}{}", common, variant.text));
  key.network = sha256(fmt::format("network\n{}{}", common, network_text(variant)));
  return key;
}

}  // namespace lutra::exploration
