#include "software/exploration/point/network_store.h"

#include <nlohmann/json.hpp>

#include "software/common/files.h"
#include "software/common/text/json_reader.h"
#include "software/network/quantised_onnx/quantised_onnx.h"

namespace lutra::exploration {

NetworkStore::NetworkStore(std::filesystem::path folder) : folder_(std::move(folder)) { require_writable(folder_); }

std::filesystem::path NetworkStore::file(const std::string& key, const char* suffix) const {
  return folder_ / (key + suffix);
}

std::optional<network::QuantisedNetwork> NetworkStore::network(const std::string& key) const {
  const std::filesystem::path path = file(key, ".onnx");
  if (!std::filesystem::exists(path)) return std::nullopt;
  return network::load_quantised(path);
}

void NetworkStore::save(const std::string& key, const network::QuantisedNetwork& network) const {
  network::save_quantised(network, file(key, ".onnx"));
}

std::optional<result::AccuracyFacts> NetworkStore::accuracy(const std::string& key, std::uint64_t images,
                                                            bool with_float) const {
  const std::filesystem::path path = file(key, ".json");
  if (!std::filesystem::exists(path)) return std::nullopt;
  const JsonReader::Json parsed = JsonReader::parse(read_text_file(path), path.string());
  const JsonReader json(parsed, path.string());
  json.keys({"images", "correct", "float_correct"});
  result::AccuracyFacts facts;
  json.at("images").read(facts.images);
  json.at("correct").read(facts.correct);
  if (!json.at("float_correct").is_null()) facts.float_correct = json.at("float_correct").as<std::uint64_t>();
  if (facts.images != images || (with_float && !facts.float_correct)) return std::nullopt;
  if (!with_float) facts.float_correct.reset();
  return facts;
}

void NetworkStore::save(const std::string& key, const result::AccuracyFacts& accuracy) const {
  nlohmann::ordered_json json = {
      {"images", accuracy.images}, {"correct", accuracy.correct}, {"float_correct", nullptr}};
  if (accuracy.float_correct) json["float_correct"] = *accuracy.float_correct;
  write_file(file(key, ".json"), json.dump(2) + "\n");
}

}  // namespace lutra::exploration
