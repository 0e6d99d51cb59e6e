#pragma once

#include <cstddef>
#include <span>

namespace lutra::reference {

// What a network says to an image.
struct Answer {
  int best = 0;   // index of the largest logit; of equal ones the lowest
  int place = 0;  // of the image's label, from 0, when logits are sorted so

  bool operator==(const Answer&) const = default;
};

template <typename Number>
Answer answer_of(std::span<const Number> logits, std::size_t label) {
  Answer answer;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (logits[i] > logits[static_cast<std::size_t>(answer.best)]) answer.best = static_cast<int>(i);
    if (logits[i] > logits[label] || (logits[i] == logits[label] && i < label)) ++answer.place;
  }
  return answer;
}

}  // namespace lutra::reference
