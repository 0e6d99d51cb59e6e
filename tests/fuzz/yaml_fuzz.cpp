#include "software/common/yaml.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    const lutra::YamlDocument document = lutra::parse_yaml(input, "t.yaml");
    lutra::parse_yaml(lutra::emit_yaml(document.root), "emitted.yaml");
  });
}
