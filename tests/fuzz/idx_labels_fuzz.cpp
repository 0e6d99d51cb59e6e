#include "software/common/files.h"
#include "software/network/data/dataset.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    static const lutra::test::Scratch folder;
    lutra::write_file(folder / "t10k-images-idx3-ubyte",
                      std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x01\x05\x06", 18));
    lutra::write_file(folder / "t10k-labels-idx1-ubyte", input);
    lutra::network::load_idx(folder.path(), lutra::network::Split::test);
  });
}
