#include "software/network/data/own/load_own.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "software/common/error.h"
#include "software/network/data/own/byte_coding.h"

namespace lutra::network {

namespace {

bool is_for_calibration(std::size_t image, int percent) {
  const auto share = static_cast<std::size_t>(percent);
  return (image + 1) * share / 100 != image * share / 100;
}

std::vector<std::size_t> chosen(std::size_t images, const OwnData& data, Split split) {
  std::vector<std::size_t> indices;
  const bool shared = data.train_images.empty() && data.calibration_percent > 0;
  for (std::size_t i = 0; i < images; ++i)
    if (!shared || is_for_calibration(i, data.calibration_percent) == (split == Split::train)) indices.push_back(i);
  return indices;
}

void require_train(const OwnData& data) {
  if (data.train_images.empty() && data.calibration_percent == 0)
    throw Error(
        fmt::format("data set '{}' has no images for calibration: give 'train_images', or 'calibration_percent: 20' "
                    "(so many of every 100 images are for calibration and no test images)",
                    data.images));
}

void require_alike(const OwnImages& train_images, const OwnImages& test_images) {
  const Examples& train = train_images.examples;
  const Examples& test = test_images.examples;
  if (train.array.type != test.array.type || train.shape != test.shape)
    throw Error(fmt::format("{}: holds {} of {}, and {} holds {} of {}; both must be alike", train.array.place,
                            to_string(train.array.shape), name_of(train.array.type), test.array.place,
                            to_string(test.array.shape), name_of(test.array.type)));
  if (!train_images.labels.empty() && !test_images.labels.empty() &&
      train_images.class_names != test_images.class_names)
    throw Error(fmt::format(
        "{} and {}: have classes of different names ({} and {} of them); both must have the same, so that "
        "their numbers are",
        train.array.place, test.array.place, train_images.class_names.size(), test_images.class_names.size()));
}

}  // namespace

Dataset load_own(const OwnData& data, Split split, const FindFile& find, const Shape& input) {
  if (split == Split::train) require_train(data);
  const bool trained = !data.train_images.empty();
  const OwnImages test = read_own_images(data, data.images, data.labels, find, input);
  const OwnImages train =
      trained ? read_own_images(data, data.train_images, data.train_labels, find, input) : OwnImages();
  if (trained) require_alike(train, test);
  const Split ranged = trained || data.calibration_percent > 0 ? Split::train : Split::test;
  const Examples& of_range = trained ? train.examples : test.examples;
  const ByteCoding coding = choose_coding(of_range, chosen(of_range.count(), data, ranged), data);

  const OwnImages& own = split == Split::train && trained ? train : test;
  const Examples& examples = own.examples;
  const std::vector<std::size_t> indices = chosen(examples.count(), data, split);
  if (indices.empty())
    throw Error(fmt::format("{}: of {} images, none is left for {}; give more images, or another calibration_percent",
                            examples.array.place, examples.count(), split == Split::train ? "calibration" : "testing"));
  Dataset result;
  result.name = data.images;
  result.shape = examples.shape;
  result.class_names = own.class_names;
  result.classes = own.class_names.empty() ? data.classes.value_or(0) : static_cast<int>(own.class_names.size());
  result.meaning = coding.meaning;
  encode(coding, examples, indices, result);
  if (!own.labels.empty())
    for (const std::size_t i : indices) result.labels.push_back(own.labels[i]);
  return result;
}

}  // namespace lutra::network
