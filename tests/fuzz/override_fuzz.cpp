#include "software/scenario/override.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    static const lutra::scenario::BaseScenario base = lutra::scenario::load_base("embedded");
    lutra::scenario::apply_overrides(base, {lutra::scenario::parse_override(input, "--set")});
  });
}
