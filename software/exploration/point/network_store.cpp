#include "software/exploration/point/network_store.h"

#include <fmt/format.h>

#include <algorithm>
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
  if (!json.at("correct").is_null()) facts.correct = json.at("correct").as<std::uint64_t>();
  if (!json.at("float_correct").is_null()) facts.float_correct = json.at("float_correct").as<std::uint64_t>();
  if (facts.correct.value_or(0) > facts.images || facts.float_correct.value_or(0) > facts.images)
    throw Error(fmt::format("{}: more correct answers than the {} images", place, facts.images));
  return facts;
}

std::string to_json(const result::AccuracyFacts& accuracy) {
  nlohmann::ordered_json json = {{"images", accuracy.images}, {"correct", nullptr}, {"float_correct", nullptr}};
  if (accuracy.correct) json["correct"] = *accuracy.correct;
  if (accuracy.float_correct) json["float_correct"] = *accuracy.float_correct;
  return json.dump() + "\n";
}

std::string network_name(const std::string& key) { return key + ".onnx.gz"; }
std::string accuracy_name(const std::string& key) { return key + ".json.gz"; }

}  // namespace

std::optional<MeasuredNetwork> NetworkStore::load(const std::string& key) const {
  auto network = entries_.load(network_name(key), [](const std::string& onnx, const std::string& place) {
    return network::quantised_from_onnx(onnx, place);
  });
  const auto accuracy = entries_.load(accuracy_name(key), read_accuracy);
  if (!network || !accuracy) return std::nullopt;
  return MeasuredNetwork{std::move(*network), *accuracy};
}

void NetworkStore::save(const std::string& key, const MeasuredNetwork& measured, const std::string& origin) const {
  entries_.save(network_name(key), network::quantised_to_onnx(measured.network), origin);
  entries_.save(accuracy_name(key), to_json(measured.accuracy), origin);
}

std::string to_text(const MeasuredNetwork& measured) {
  return to_json(measured.accuracy) + network::quantised_to_onnx(measured.network);
}

MeasuredNetwork measured_from_text(std::string_view text, const std::string& place) {
  const std::size_t line = std::min(text.find('\n'), text.size());
  return {network::quantised_from_onnx(text.substr(std::min(line + 1, text.size())), place),
          read_accuracy(std::string(text.substr(0, line)), place)};
}

}  // namespace lutra::exploration
