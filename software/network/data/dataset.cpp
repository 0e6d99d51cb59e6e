#include "software/network/data/dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>

#include "software/common/error.h"
#include "software/common/nearest.h"
#include "software/network/data/dataset_files.h"

namespace lutra::network {

namespace {

// A data set on disk: where it may lie under the user's folder, what shows that it is there, and how it is read.
struct StoredSet {
  std::string name;
  std::vector<std::string> subfolders;
  std::function<std::vector<std::string>(Split)> markers;  // any of these
  std::function<Dataset(const std::filesystem::path&, Split)> load;
  std::string hint;
};

const std::vector<StoredSet>& stored_sets() {
  const auto first_batch = [](Split split) {
    const std::string batch = cifar10_files(split).front();
    return split == Split::train ? std::vector{batch, cifar10_grid(batch)} : std::vector{batch};
  };
  const auto idx_images = [](Split split) { return idx_names(split, IdxFile::images); };
  const std::string idx_hint = "the IDX files are needed under their MNIST names, gzip-compressed or not";
  static const std::vector<StoredSet> sets{{"cifar10",
                                            {"cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin"},
                                            first_batch,
                                            load_cifar10,
                                            cifar10_hint},
                                           {"cifar100",
                                            {"cifar100", "cifar-100-binary", "cifar100/cifar-100-binary"},
                                            [](Split split) { return std::vector{cifar100_file(split)}; },
                                            load_cifar100,
                                            "the official binary files are needed (cifar-100-binary.tar.gz)"},
                                           {"mnist", {"mnist", "MNIST", "MNIST/raw"}, idx_images, load_idx, idx_hint},
                                           {"fashion-mnist",
                                            {"fashion-mnist", "fashion_mnist", "FashionMNIST", "FashionMNIST/raw"},
                                            idx_images,
                                            load_idx,
                                            idx_hint}};
  return sets;
}

Dataset load_stored(const StoredSet& set, const std::filesystem::path& folder, Split split) {
  if (folder.empty())
    throw Error(fmt::format("data set \"{}\": its folder is not given; name it with --data", set.name));
  std::vector<std::filesystem::path> places;
  for (const std::string& subfolder : set.subfolders) places.push_back(folder / subfolder);
  places.push_back(folder);
  std::vector<std::string> tried;
  for (const std::filesystem::path& place : places) {
    if (find_file(place, set.markers(split))) {
      Dataset data = set.load(place, split);
      data.name = set.name;
      return data;
    }
    tried.push_back(place.string());
  }
  throw Error(fmt::format("data set \"{}\": no {} in {}; {}", set.name, set.markers(split).front(),
                          fmt::join(tried, ", "), set.hint));
}

}  // namespace

std::optional<std::filesystem::path> find_file(const std::filesystem::path& folder,
                                               const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::error_code unreadable;
    if (std::filesystem::is_regular_file(folder / name, unreadable)) return folder / name;
  }
  return std::nullopt;
}

Dataset load_dataset(const std::string& name, const std::filesystem::path& folder, Split split) {
  if (name == "embedded") return make_embedded(split);
  std::vector<std::string> known{"embedded"};
  for (const StoredSet& set : stored_sets()) {
    if (set.name == name) return load_stored(set, folder, split);
    known.push_back(set.name);
  }
  const std::string near = nearest(name, known);
  throw Error(fmt::format("data set \"{}\" is unknown{}; there are {}", name,
                          near.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", near), fmt::join(known, ", ")));
}

}  // namespace lutra::network
