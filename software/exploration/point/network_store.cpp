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
  json.keys({"images", "correct", "float_correct", "top5_correct", "float_top5_correct", "other_answers", "confusion",
             "class_names"});
  result::AccuracyFacts facts;
  json.at("images").read(facts.images);
  const auto read = [&](const char* name, std::optional<std::uint64_t>& correct) {
    if (!json.at(name).is_null()) correct = json.at(name).as<std::uint64_t>();
    if (correct.value_or(0) > facts.images)
      throw Error(fmt::format("{}: more correct answers than the {} images", place, facts.images));
  };
  read("correct", facts.correct);
  read("float_correct", facts.float_correct);
  read("top5_correct", facts.top5_correct);
  read("float_top5_correct", facts.float_top5_correct);
  read("other_answers", facts.other_answers);
  for (const JsonReader& row : json.at("confusion").items())
    for (std::vector<std::uint64_t>& counts = facts.confusion.emplace_back(); const JsonReader& count : row.items())
      counts.push_back(count.as<std::uint64_t>());
  for (const JsonReader& name : json.at("class_names").items()) facts.class_names.push_back(name.as<std::string>());
  if (!facts.confusion.empty() && !result::confusion_holds(facts))
    throw Error(fmt::format("{}: the answers by class do not add up to the {} images", place, facts.images));
  return facts;
}

std::string to_json(const result::AccuracyFacts& accuracy) {
  const auto write = [](const std::optional<std::uint64_t>& correct) {
    return correct ? nlohmann::ordered_json(*correct) : nlohmann::ordered_json();
  };
  const nlohmann::ordered_json json = {{"images", accuracy.images},
                                       {"correct", write(accuracy.correct)},
                                       {"float_correct", write(accuracy.float_correct)},
                                       {"top5_correct", write(accuracy.top5_correct)},
                                       {"float_top5_correct", write(accuracy.float_top5_correct)},
                                       {"other_answers", write(accuracy.other_answers)},
                                       {"confusion", accuracy.confusion},
                                       {"class_names", accuracy.class_names}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
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
