#include "software/network/data/own/load_own.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "software/common/error.h"
#include "software/network/data/own/array_file.h"
#include "software/network/data/own/byte_coding.h"
#include "software/network/data/own/examples.h"
#include "software/network/data/own/labels.h"

namespace lutra::network {

namespace {

// `data.npz:images` names an array of the archive.
Array read_named(const std::string& written, const FindFile& find, const RawForm& raw) {
  constexpr std::string_view archive = ".npz:";
  const std::size_t colon = written.rfind(archive);
  if (colon == std::string::npos) return read_array(find(written), "", raw);
  const std::size_t end = colon + archive.size() - 1;
  return read_array(find(written.substr(0, end)), written.substr(end + 1), raw);
}

Array read_images(const OwnData& data, const std::string& written, const FindFile& find) {
  if (data.type != NumberType::of_file && data.shape.empty())
    throw Error(fmt::format("{}: raw numbers need 'shape', the extents of one image, as [3, 32, 32]", written));
  return read_named(written, find, {data.type, data.shape});
}

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

void require_alike(const Examples& train, const Examples& test) {
  if (train.array.type != test.array.type || train.shape != test.shape)
    throw Error(fmt::format("{}: holds {} of {}, and {} holds {} of {}; both must be alike", train.array.place,
                            to_string(train.array.shape), name_of(train.array.type), test.array.place,
                            to_string(test.array.shape), name_of(test.array.type)));
}

}  // namespace

Dataset load_own(const OwnData& data, Split split, const FindFile& find) {
  if (split == Split::train) require_train(data);
  const bool trained = !data.train_images.empty();
  const Examples test = make_examples(read_images(data, data.images, find), data);
  const Examples train = trained ? make_examples(read_images(data, data.train_images, find), data) : Examples();
  if (trained) require_alike(train, test);
  const Split ranged = trained || data.calibration_percent > 0 ? Split::train : Split::test;
  const Examples& of_range = trained ? train : test;
  const ByteCoding coding = choose_coding(of_range, chosen(of_range.count(), data, ranged), data);

  const Examples& examples = split == Split::train && trained ? train : test;
  const std::vector<std::size_t> indices = chosen(examples.count(), data, split);
  if (indices.empty())
    throw Error(fmt::format("{}: of {} images, none is left for {}; give more images, or another calibration_percent",
                            examples.array.place, examples.count(), split == Split::train ? "calibration" : "testing"));
  Dataset result;
  result.name = data.images;
  result.shape = examples.shape;
  result.classes = data.classes.value_or(0);
  result.meaning = coding.meaning;
  encode(coding, examples, indices, result);
  const std::string& labels = split == Split::train && trained ? data.train_labels : data.labels;
  if (!labels.empty())
    result.labels =
        read_labels(read_named(labels, find, {data.label_type, {}}), examples, data.classes.value_or(0), indices);
  return result;
}

}  // namespace lutra::network
