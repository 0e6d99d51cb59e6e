#include "models/soc/elf.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    const auto bytes = lutra::test::as_bytes(input);
    lutra::models::parse_elf({bytes.data(), bytes.size()}, "program.elf");
  });
}
