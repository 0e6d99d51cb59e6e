#include "software/exploration/point/network_store.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "software/common/error.h"
#include "software/common/text/json_reader.h"
#include "software/network/quantised_onnx/quantised_onnx.h"

namespace lutra::exploration {

namespace {

result::AccuracyFacts read_accuracy(const std::string& text, const std::string& place) {
  const JsonReader::Json parsed = JsonReader::parse(text, place);
  const JsonReader json(parsed, place);
  json.keys({"images", "correct", "float_correct"});
  result::AccuracyFacts facts;
  json.at("images").read(facts.images);
  json.at("correct").read(facts.correct);
  if (!json.at("float_correct").is_null()) facts.float_correct = json.at("float_correct").as<std::uint64_t>();
  if (facts.correct > facts.images || facts.float_correct.value_or(0) > facts.images)
    throw Error(fmt::format("{}: more correct answers than the {} images", place, facts.images));
  return facts;
}

std::string network_name(const std::string& key) { return key + ".onnx.gz"; }
std::string accuracy_name(const std::string& key) { return key + ".json.gz"; }

}  // namespace

std::optional<network::QuantisedNetwork> NetworkStore::network(const std::string& key) const {
  return entries_.load(network_name(key), [](const std::string& onnx, const std::string& place) {
    return network::quantised_from_onnx(onnx, place);
  });
}

void NetworkStore::save(const std::string& key, const network::QuantisedNetwork& network) const {
  entries_.save(network_name(key), network::quantised_to_onnx(network));
}

std::optional<result::AccuracyFacts> NetworkStore::accuracy(const std::string& key, std::uint64_t images,
                                                            bool with_float) const {
  auto facts = entries_.load(accuracy_name(key), read_accuracy);
  if (!facts || facts->images != images || (with_float && !facts->float_correct)) return std::nullopt;
  if (!with_float) facts->float_correct.reset();
  return facts;
}

void NetworkStore::save(const std::string& key, const result::AccuracyFacts& accuracy) const {
  nlohmann::ordered_json json = {
      {"images", accuracy.images}, {"correct", accuracy.correct}, {"float_correct", nullptr}};
  if (accuracy.float_correct) json["float_correct"] = *accuracy.float_correct;
  entries_.save(accuracy_name(key), json.dump(2) + "\n");
}

}  // namespace lutra::exploration
