#include "software/exploration/point/accuracy.h"

#include <algorithm>
#include <optional>

namespace lutra::exploration {

namespace {

constexpr int five = 5;

std::uint64_t count_within(const std::vector<reference::Answer>& answers, int places) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(answers, [&](const reference::Answer& answer) { return answer.place < places; }));
}

// Among five classes, each is one of the five best.
std::optional<std::uint64_t> count_top5(const std::vector<reference::Answer>& answers, int classes) {
  if (classes <= five) return std::nullopt;
  return count_within(answers, five);
}

}  // namespace

void count_answers(const std::vector<reference::Answer>& answers, const network::Dataset& data, int classes,
                   result::AccuracyFacts& accuracy) {
  accuracy.images = answers.size();
  accuracy.correct = count_within(answers, 1);
  accuracy.top5_correct = count_top5(answers, classes);
  accuracy.class_names = data.class_names;
  const auto count = static_cast<std::size_t>(classes);
  if (count > result::most_confused_classes) return;
  accuracy.confusion.assign(count, std::vector<std::uint64_t>(count, 0));
  for (std::size_t i = 0; i < answers.size(); ++i)
    ++accuracy.confusion.at(data.labels.at(i)).at(static_cast<std::size_t>(answers[i].best));
}

void count_other_answers(const std::vector<reference::Answer>& answers, const std::vector<int>& own,
                         result::AccuracyFacts& accuracy) {
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i] != answers.at(i).best) ++others;
  accuracy.other_answers = others;
}

void count_float_answers(const std::vector<reference::Answer>& answers, int classes, result::AccuracyFacts& accuracy) {
  accuracy.float_correct = count_within(answers, 1);
  accuracy.float_top5_correct = count_top5(answers, classes);
}

}  // namespace lutra::exploration
