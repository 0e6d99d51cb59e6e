#pragma once

#include <optional>
#include <string>
#include <vector>

#include "software/network/data/dataset.h"

namespace lutra::network {

// The files of a split, all of which must be there.
std::vector<std::string> cifar10_files(Split split);

std::string cifar100_file(Split split);

// The 100 fine classes. Throws as load_cifar10.
Dataset load_cifar100(const std::filesystem::path& folder, Split split);

// Where a training batch may lie as a picture (cifar10_grid.h).
std::string cifar10_grid(const std::string& batch);

inline constexpr const char* cifar10_hint =
    "the official binary batches are needed (cifar-10-binary.tar.gz), or, for the train split, their WebP pictures and "
    "labels in a folder train";

enum class IdxFile { images, labels };

// The names under which an IDX file of a split is found, as published and as unpacked.
std::vector<std::string> idx_names(Split split, IdxFile file);

// The first of `names` in the folder; nothing when none is there.
std::optional<std::filesystem::path> find_file(const std::filesystem::path& folder,
                                               const std::vector<std::string>& names);

}  // namespace lutra::network
