#include "software/training/seeds/seed_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "software/common/error.h"
#include "software/common/text/text_table.h"

namespace lutra::training {

namespace {

using Json = nlohmann::ordered_json;

struct Pairs {
  std::vector<std::uint64_t> seeds;
  std::vector<double> left, right;
};

std::vector<double> accuracies_of(const SeedRuns& runs) {
  std::vector<double> values;
  for (const auto& [seed, accuracy] : runs.accuracies) values.push_back(accuracy);
  return values;
}

Pairs pairs_of(const SeedRuns& left, const SeedRuns& right) {
  if (left.test_images != right.test_images)
    throw Error(fmt::format("'{}' was tested on {} images, '{}' on {}: their accuracies are not comparable",
                            left.training, left.test_images, right.training, right.test_images));
  Pairs pairs;
  for (const auto& [seed, accuracy] : left.accuracies) {
    const auto other = right.accuracies.find(seed);
    if (other == right.accuracies.end()) continue;
    pairs.seeds.push_back(seed);
    pairs.left.push_back(accuracy);
    pairs.right.push_back(other->second);
  }
  if (pairs.seeds.empty())
    throw Error(fmt::format("'{}' and '{}' have no finished seed in common", left.training, right.training));
  return pairs;
}

std::string optional_number(const std::optional<double>& value, const char* sign = "") {
  return value ? fmt::format("{}{:.2f}", sign, *value) : "";
}

std::vector<std::string> spread_row(const std::string& name, const Spread& spread) {
  return {name, fmt::format("{}", spread.count), fmt::format("{:.2f}", spread.mean), optional_number(spread.deviation),
          optional_number(spread.half_width, "+-")};
}

TextTable spread_table() { return TextTable({"training", "seeds", "mean %", "deviation", "95 %"}); }

std::string unfinished_note(const SeedRuns& runs) {
  return runs.unfinished.empty()
             ? ""
             : fmt::format("not finished of '{}': {}\n", runs.training, fmt::join(runs.unfinished, ", "));
}

std::string verdict(const SeedRuns& left, const SeedRuns& right, const PairedDifference& paired) {
  if (!paired.spread.half_width) return "one pair says nothing about chance\n";
  const bool decided = std::abs(paired.spread.mean) > *paired.spread.half_width;
  if (!decided) return "no order: the interval holds zero\n";
  const bool left_wins = paired.spread.mean > 0;
  return fmt::format("'{}' is above '{}'\n", (left_wins ? left : right).training, (left_wins ? right : left).training);
}

Json to_json(const Spread& spread) {
  Json json{{"count", spread.count}, {"mean", spread.mean}};
  json["deviation"] = spread.deviation ? Json(*spread.deviation) : Json(nullptr);
  json["half_width_95"] = spread.half_width ? Json(*spread.half_width) : Json(nullptr);
  return json;
}

Json to_json(const SeedRuns& runs) {
  Json accuracies = Json::array();
  for (const auto& [seed, accuracy] : runs.accuracies) accuracies.push_back({{"seed", seed}, {"accuracy", accuracy}});
  return {{"training", runs.training},       {"epochs", runs.epochs},
          {"test_images", runs.test_images}, {"accuracies", accuracies},
          {"unfinished", runs.unfinished},   {"spread", to_json(spread_of(accuracies_of(runs)))}};
}

}  // namespace

std::string seed_report(const SeedRuns& runs) {
  TextTable seeds({"seed", "accuracy %"});
  for (const auto& [seed, accuracy] : runs.accuracies)
    seeds.add({fmt::format("{}", seed), fmt::format("{:.2f}", accuracy)});
  TextTable table = spread_table();
  table.add(spread_row(runs.training, spread_of(accuracies_of(runs))));
  return fmt::format("{}\n{}{} epochs, {} test images\n{}", seeds.text(), table.text(), runs.epochs, runs.test_images,
                     unfinished_note(runs));
}

std::string seed_comparison(const SeedRuns& left, const SeedRuns& right, double difference) {
  const Pairs pairs = pairs_of(left, right);
  const PairedDifference paired = paired_difference(pairs.left, pairs.right);
  TextTable table = spread_table();
  table.add(spread_row(left.training, spread_of(pairs.left)));
  table.add(spread_row(right.training, spread_of(pairs.right)));
  table.add(spread_row("difference, by seed", paired.spread));
  std::string text = table.text();
  if (paired.p) text += fmt::format("p of no difference: {:.4f} (paired t test)\n", *paired.p);
  text += verdict(left, right, paired);
  if (paired.spread.deviation) {
    const auto needed = pairs_needed(*paired.spread.deviation, difference);
    text += fmt::format("seeds to see {:g} points in four of five tries: {}\n", difference,
                        needed ? fmt::format("{}", *needed) : "more than 10,000");
  }
  return text + unfinished_note(left) + unfinished_note(right);
}

std::string seed_json(const SeedRuns& left, const SeedRuns* right, double difference) {
  Json json{{"left", to_json(left)}};
  if (right != nullptr) {
    const Pairs pairs = pairs_of(left, *right);
    const PairedDifference paired = paired_difference(pairs.left, pairs.right);
    json["right"] = to_json(*right);
    json["paired"] = to_json(paired.spread);
    json["paired"]["seeds"] = pairs.seeds;
    json["paired"]["p"] = paired.p ? Json(*paired.p) : Json(nullptr);
    const auto needed = paired.spread.deviation ? pairs_needed(*paired.spread.deviation, difference) : std::nullopt;
    json["paired"]["difference_to_see"] = difference;
    json["paired"]["seeds_needed"] = needed ? Json(*needed) : Json(nullptr);
  }
  return json.dump(1) + "\n";
}

}  // namespace lutra::training
