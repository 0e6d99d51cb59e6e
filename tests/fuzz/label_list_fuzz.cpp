#include "software/network/data/pictures/label_list.h"

#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(
      data, size, [](std::string_view input) { lutra::network::read_label_list(input, "labels.csv"); });
}
