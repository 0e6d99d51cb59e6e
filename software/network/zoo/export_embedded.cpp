// Writes the embedded data set for the training script: FOLDER/{train,test}.bin, one record per image: the label, then
// the image channel by channel (the layout of CIFAR-10's binary batches).

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/network/data/dataset.h"

namespace {

std::string records(const lutra::network::Dataset& data) {
  std::string bytes;
  for (std::size_t image = 0; image < data.size(); ++image) {
    bytes += static_cast<char>(data.labels[image]);
    bytes.append(data.image(image).begin(), data.image(image).end());
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: {} FOLDER\n", argv[0]);
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    lutra::write_file(folder / "train.bin", records(lutra::network::make_embedded(lutra::network::Split::train)));
    lutra::write_file(folder / "test.bin", records(lutra::network::make_embedded(lutra::network::Split::test)));
  } catch (const lutra::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
