#include "software/network/float/fold.h"
#include "software/network/onnx/onnx_import.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    namespace network = lutra::network;
    const auto bytes = lutra::test::as_bytes(input);
    network::validate(network::fold_batch_normalization(network::import_onnx({bytes.data(), bytes.size()}, "n.onnx")));
  });
}
