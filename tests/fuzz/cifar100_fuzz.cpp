#include "software/common/files.h"
#include "software/network/data/dataset_files.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/scratch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    static const lutra::test::Scratch folder;
    lutra::write_file(folder / "test.bin", input);
    lutra::network::load_cifar100(folder.path(), lutra::network::Split::test);
  });
}
