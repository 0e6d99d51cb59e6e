#include "software/network/data/pictures/jpeg.h"

#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    lutra::network::read_jpeg(lutra::test::as_bytes(input), "x.jpeg", {3, 4, 4});
  });
}
