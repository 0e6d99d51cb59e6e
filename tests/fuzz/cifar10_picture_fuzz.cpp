#include "software/common/files.h"
#include "software/network/data/cifar10_grid.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    static const lutra::test::Scratch folder;
    lutra::write_file(folder / "batch.webp", input);
    lutra::write_file(folder / "batch.labels", std::string("\x01\x09"));
    lutra::network::Dataset pictures;
    pictures.name = "pictures";
    pictures.shape = {3, 32, 32};
    lutra::network::append_cifar10_grid(pictures, folder / "batch.webp", folder / "batch.labels");
  });
}
