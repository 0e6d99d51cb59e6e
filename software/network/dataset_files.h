#pragma once

#include <optional>
#include <string>
#include <vector>

#include "software/network/dataset.h"

namespace lutra::network {

// The files of a split, all of which must be there.
std::vector<std::string> cifar10_files(Split split);

inline constexpr const char* cifar10_hint =
    "the official binary batches are needed (cifar-10-binary.tar.gz, or written by cifar10/unpack_and_verify.py where "
    "the "
    "data come with it)";

enum class IdxFile { images, labels };

// The names under which an IDX file of a split is found, as published and as unpacked.
std::vector<std::string> idx_names(Split split, IdxFile file);

// The first of `names` in the folder; nothing when none is there.
std::optional<std::filesystem::path> find_file(const std::filesystem::path& folder,
                                               const std::vector<std::string>& names);

}  // namespace lutra::network
