#include "software/exploration/campaign/point_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "software/common/digest.h"
#include "software/common/files.h"
#include "software/exploration/point/prepare.h"
#include "software/network/zoo/zoo.h"

namespace lutra::exploration {

namespace {

constexpr const char* inside = "embedded";  // part of the program, whose digest holds it
constexpr std::string_view network_parts[] = {"network", "scheme", "quantized"};

}  // namespace

std::string program_digest() { return sha256(read_file("/proc/self/exe")); }

PointKeys::PointKeys(std::string program, std::optional<std::filesystem::path> data)
    : program_(std::move(program)), data_(std::move(data)) {}

std::string PointKeys::key(const scenario::Variant& variant, bool float_accuracy) {
  return sha256(fmt::format("float accuracy {}\n{}{}", float_accuracy, inputs(variant.scenario), variant.text));
}

std::string PointKeys::network_key(const scenario::Variant& variant) {
  YamlDocument document = parse_yaml(variant.text, variant.scenario.file);
  YamlValue& root = document.root;
  bool needs_hardware = false;
  YamlValue part = root;
  part.keys.clear();
  part.key_lines.clear();
  part.items.clear();
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    if (std::find(std::begin(network_parts), std::end(network_parts), root.keys[i]) == std::end(network_parts))
      continue;
    part.keys.push_back(root.keys[i]);
    part.key_lines.push_back(root.key_lines[i]);
    part.items.push_back(root.items[i]);
    for (std::size_t k = 0; k < root.items[i].keys.size(); ++k)
      if (root.items[i].keys[k] == "progressive") {
        const auto& inner = root.items[i].items[k].keys;
        needs_hardware = needs_hardware || std::find(inner.begin(), inner.end(), "measure") != inner.end();
      }
  }
  return sha256(
      fmt::format("network\n{}{}", inputs(variant.scenario), needs_hardware ? variant.text : emit_yaml(part)));
}

std::string PointKeys::inputs(const scenario::Scenario& scenario) {
  std::string text = fmt::format("program {}\n", program_);
  if (!scenario.network.model.empty() && scenario.network.model != inside)
    text += fmt::format("model {}\n", file_digest(scenario, scenario.network.model));
  const std::string& quantised = scenario.quantisation.file;
  if (!quantised.empty()) text += fmt::format("quantized {}\n", file_digest(scenario, quantised));
  if (scenario.network.dataset != inside) {
    text += fmt::format("test images {}\n", images_digest(scenario, network::Split::test));
    if (quantised.empty())
      text += fmt::format("calibration images {}\n", images_digest(scenario, scenario.quantisation.calibration_split));
  }
  return text;
}

const std::string& PointKeys::file_digest(const scenario::Scenario& scenario, const std::string& written) {
  static const std::string of_program = "carried";  // the program's digest covers it
  if (network::find_in_zoo(written)) return of_program;
  const std::filesystem::path path = scenario::resolve_path(scenario, written, data_);
  const auto known = digests_.find(path.string());
  if (known != digests_.end()) return known->second;
  return digests_[path.string()] = sha256(read_file(path));
}

const std::string& PointKeys::images_digest(const scenario::Scenario& scenario, network::Split split) {
  const std::string name =
      fmt::format("{} {}", scenario.network.dataset, split == network::Split::test ? "test" : "train");
  const auto known = digests_.find(name);
  if (known != digests_.end()) return known->second;
  const network::Dataset images = load_images(scenario, data_, split);
  return digests_[name] = sha256(fmt::format("{} {}x{}x{} of {} classes\n{}\n{}", images.size(), images.shape.channels,
                                             images.shape.height, images.shape.width, images.classes,
                                             sha256(images.pixels), sha256(images.labels)));
}

}  // namespace lutra::exploration
