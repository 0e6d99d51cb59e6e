#include "software/network/data/own/labels.h"

#include <fmt/format.h>

#include <limits>

#include "software/common/error.h"

namespace lutra::network {

std::vector<Label> read_labels(const Array& labels, const Examples& examples, int classes) {
  const std::size_t images = examples.count();
  if (!is_whole(labels.type))
    throw Error(fmt::format("{}: holds {}; labels are whole numbers, as labels.astype('int64')", labels.place,
                            name_of(labels.type)));
  if (labels.shape.empty() || labels.size() != static_cast<std::size_t>(labels.shape[0]))
    throw Error(fmt::format("{}: holds {} numbers; one class for each image is needed, as onehot.argmax(1)",
                            labels.place, to_string(labels.shape)));
  if (labels.size() != images)
    throw Error(fmt::format("{}: has {} labels for the {} images of {}", labels.place, labels.size(), images,
                            examples.array.place));
  const double highest = classes > 0 ? classes - 1 : std::numeric_limits<Label>::max();
  for (std::size_t i = 0; i < images; ++i)
    if (!(labels.at(i) >= 0 && labels.at(i) <= highest))
      throw Error(
          fmt::format("{}: image {} has the label {}; 0..{} are possible", labels.place, i, labels.at(i), highest));
  std::vector<Label> result;
  for (std::size_t i = 0; i < images; ++i) result.push_back(static_cast<Label>(labels.at(i)));
  return result;
}

}  // namespace lutra::network
