#include "software/network/quantised_onnx/quantised_onnx.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    const auto network = lutra::network::quantised_from_onnx(input, "q.onnx");
    lutra::network::quantised_from_onnx(lutra::network::quantised_to_onnx(network), "again.onnx");
  });
}
