#include "software/network/data/own/npy.h"

#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    const lutra::network::Array array = lutra::network::read_npy({input.begin(), input.end()}, "x.npy");
    for (std::size_t i = 0; i < array.size(); ++i) array.at(i);
  });
}
