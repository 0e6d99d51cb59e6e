#include "software/network/data/pictures/picture_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/pictures/label_list.h"
#include "software/network/data/pictures/picture.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

namespace fs = std::filesystem;

struct Listing {
  std::vector<std::string> folders;
  std::vector<std::string> files;
};

Listing list_folder(const fs::path& folder) {
  Listing listing;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.')) continue;
    std::error_code unreadable;
    (entry->is_directory(unreadable) ? listing.folders : listing.files).push_back(name);
    if (listing.folders.size() + listing.files.size() > most_pictures)
      throw Error(fmt::format("{}: holds more than {} files", folder.string(), most_pictures));
  }
  if (error) throw Error(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
  std::ranges::sort(listing.folders);
  std::ranges::sort(listing.files);
  for (const std::string& name : listing.files)
    if (!is_picture_name(name))
      throw Error(fmt::format(
          "{}: is no .png, .jpg or .jpeg; convert it, or take it out of the folder, or name the pictures in "
          "a CSV file ('labels')",
          (folder / name).string()));
  return listing;
}

LabelList list_classes(const fs::path& folder, const std::vector<std::string>& classes) {
  if (classes.size() > most_classes)
    throw Error(fmt::format("{}: holds {} folders; at most {} classes are possible", folder.string(), classes.size(),
                            most_classes));
  LabelList list;
  list.class_names = classes;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const fs::path within = folder / classes[k];
    const Listing listing = list_folder(within);
    if (!listing.folders.empty())
      throw Error(fmt::format("{}: is a folder within that of a class; the class's pictures lie in its folder itself",
                              (within / listing.folders.front()).string()));
    for (const std::string& name : listing.files)
      list.files.push_back({(fs::path(classes[k]) / name).string(), static_cast<Label>(k), {}});
    if (list.files.size() > most_pictures)
      throw Error(fmt::format("{}: holds more than {} pictures", folder.string(), most_pictures));
  }
  return list;
}

// Of the folder itself; `has_labels` says whether its folders are classes.
LabelList list_pictures(const fs::path& folder, bool& has_labels) {
  const Listing listing = list_folder(folder);
  has_labels = !listing.folders.empty();
  if (has_labels && !listing.files.empty())
    throw Error(
        fmt::format("{}: holds the folder {} and the picture {}; one folder for each class is wanted, or "
                    "pictures alone",
                    folder.string(), listing.folders.front(), listing.files.front()));
  if (has_labels) return list_classes(folder, listing.folders);
  LabelList list;
  for (const std::string& name : listing.files) list.files.push_back({name, 0, {}});
  return list;
}

std::vector<std::uint8_t> read_listed(const fs::path& folder, const LabelledFile& listed, const Shape& shape) {
  const fs::path path = folder / listed.file;
  std::error_code unreadable;
  if (!listed.place.empty() && !fs::exists(path, unreadable))
    throw Error(fmt::format("{}: there is no file '{}' in {}; a first line is `file,label` or a picture's",
                            listed.place, listed.file, folder.string()));
  return read_picture(read_file(path, largest_picture_bytes(shape)), path.string(), shape);
}

}  // namespace

PictureSet read_pictures(const fs::path& folder, const std::optional<fs::path>& labels, const Shape& shape) {
  bool has_labels = true;
  LabelList list =
      labels ? read_label_list(read_text_file(*labels), labels->string()) : list_pictures(folder, has_labels);
  if (list.files.empty()) throw Error(fmt::format("{}: holds no pictures (.png, .jpg, .jpeg)", folder.string()));
  const auto count = static_cast<std::int64_t>(list.files.size());
  if (saturating_product({count, shape.elements()}) > static_cast<std::int64_t>(largest_picture_set_bytes))
    throw Error(fmt::format("{}: {} pictures of {} are more than {} MiB; name fewer in a CSV file ('labels')",
                            folder.string(), count, to_string(shape), largest_picture_set_bytes >> 20));
  PictureSet set;
  set.count = list.files.size();
  set.pixels.reserve(set.count * static_cast<std::size_t>(shape.elements()));
  for (const LabelledFile& listed : list.files) {
    const std::vector<std::uint8_t> pixels = read_listed(folder, listed, shape);
    set.pixels.insert(set.pixels.end(), pixels.begin(), pixels.end());
    if (has_labels) set.labels.push_back(listed.label);
  }
  set.class_names = std::move(list.class_names);
  return set;
}

}  // namespace lutra::network
