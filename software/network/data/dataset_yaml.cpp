#include "software/network/data/dataset_yaml.h"

namespace lutra::network {

namespace {

std::vector<double> read_channels(const YamlReader& reader, double low, double high) {
  std::vector<double> values;
  for (const YamlReader& item : reader.items()) values.push_back(item.number(low, high));
  if (values.empty()) reader.fail("the list is empty; give one number, or one per channel");
  return values;
}

}  // namespace

std::string read_dataset_name(const YamlReader& reader, const std::vector<std::string>& others) {
  std::vector<std::string> sets = {"embedded", "cifar10", "cifar100", "mnist", "fashion-mnist"};
  sets.insert(sets.end(), others.begin(), others.end());
  return sets[reader.choice(sets)];
}

Normalisation read_normalisation(const YamlReader& reader) {
  Normalisation normalisation;
  const YamlMapping keys = reader.mapping({"range", "mean", "deviation"});
  keys.read("range", normalisation.range, 1e-3, 1e4);
  if (keys.has("mean")) normalisation.mean = read_channels(keys.at("mean"), -1e4, 1e4);
  if (keys.has("deviation")) normalisation.deviation = read_channels(keys.at("deviation"), 1e-6, 1e4);
  return normalisation;
}

}  // namespace lutra::network
