#include "software/network/data/own/own_images.h"

#include <fmt/format.h>

#include <optional>

#include "software/common/error.h"
#include "software/network/data/own/array_file.h"
#include "software/network/data/own/labels.h"
#include "software/network/data/pictures/picture_set.h"
#include "software/network/limits.h"

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

// The folder, where there is one under that name.
std::optional<std::filesystem::path> find_folder(const std::string& written, const FindFile& find) {
  if (written.find(".npz:") != std::string::npos) return std::nullopt;
  std::filesystem::path path = find(written);
  std::error_code unreadable;
  if (!std::filesystem::is_directory(path, unreadable)) return std::nullopt;
  return path;
}

OwnImages read_arrays(const OwnData& data, const std::string& images, const std::string& labels, const FindFile& find) {
  if (data.type != NumberType::of_file && data.shape.empty())
    throw Error(fmt::format("{}: raw numbers need 'shape', the extents of one image, as [3, 32, 32]", images));
  OwnImages read;
  read.examples = make_examples(read_named(images, find, {data.type, data.shape}), data);
  if (!labels.empty())
    read.labels = read_labels(read_named(labels, find, {data.label_type, {}}), read.examples, data.classes.value_or(0));
  return read;
}

Shape picture_shape(const OwnData& data, const Shape& input, const std::string& folder) {
  Shape shape = input;
  const std::vector<int>& said = data.shape;
  if (said.size() == 3)
    shape = data.layout == Layout::nchw ? Shape{said[0], said[1], said[2]} : Shape{said[2], said[0], said[1]};
  if (said.size() == 2) shape = {1, said[0], said[1]};
  check_shape(shape, folder);
  const bool is_told = said.empty() || said.size() == 2 || said.size() == 3;
  if (!is_told || (shape.channels != 1 && shape.channels != 3))
    throw Error(
        fmt::format("{}: pictures have 1 or 3 channels, and the network takes {} (channels, rows, columns); say with "
                    "'shape' what one picture is, as [3, 32, 32]",
                    folder, to_string(input)));
  return shape;
}

void check_classes(const OwnData& data, const OwnImages& read, const std::string& place) {
  const auto classes = static_cast<std::size_t>(data.classes.value_or(0));
  if (classes == 0) return;
  if (!read.class_names.empty() && read.class_names.size() != classes)
    throw Error(fmt::format("{}: has {} classes, and 'classes' says {}; leave 'classes' out, the names are counted",
                            place, read.class_names.size(), classes));
  for (std::size_t i = 0; i < read.labels.size(); ++i)
    if (read.labels[i] >= classes)
      throw Error(
          fmt::format("{}: image {} has the label {}; 0..{} are possible", place, i, read.labels[i], classes - 1));
}

OwnImages read_folder(const OwnData& data, const std::filesystem::path& folder,
                      const std::optional<std::filesystem::path>& labels, const Shape& input) {
  const std::string place = folder.string();
  if (data.type != NumberType::of_file || data.label_type != NumberType::of_file)
    throw Error(fmt::format("{}: is a folder of pictures; leave 'type' and 'label_type' out", place));
  const Shape shape = picture_shape(data, input, place);
  PictureSet set = read_pictures(folder, labels, shape);
  OwnData planar = data;
  planar.layout = Layout::nchw;
  planar.shape.clear();
  OwnImages read;
  read.examples = make_examples({place,
                                 NumberType::uint8,
                                 {static_cast<std::int64_t>(set.count), shape.channels, shape.height, shape.width},
                                 std::move(set.pixels)},
                                planar);
  read.labels = std::move(set.labels);
  read.class_names = std::move(set.class_names);
  check_classes(data, read, labels ? labels->string() : place);
  return read;
}

}  // namespace

OwnImages read_own_images(const OwnData& data, const std::string& images, const std::string& labels,
                          const FindFile& find, const Shape& input) {
  const std::optional<std::filesystem::path> folder = find_folder(images, find);
  if (!folder) return read_arrays(data, images, labels, find);
  return read_folder(data, *folder, labels.empty() ? std::nullopt : std::optional(find(labels)), input);
}

}  // namespace lutra::network
