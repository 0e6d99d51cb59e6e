#include "software/common/files.h"
#include "software/network/data/own/load_own.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/scratch.h"

// A file as images, and then as images and their labels at once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    static const lutra::test::Scratch folder;
    lutra::write_file(folder / "x", input);
    lutra::network::OwnData own;
    own.images = "x";
    own.calibration_percent = 50;
    own.layout = lutra::network::Layout::nhwc;
    const auto find = [](const std::string& written) { return folder / written; };
    lutra::network::load_own(own, lutra::network::Split::test, find, {});
    own.labels = "x";
    own.shape = {1};
    lutra::network::load_own(own, lutra::network::Split::train, find, {});
  });
}
