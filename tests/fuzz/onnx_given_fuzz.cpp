#include "software/network/given/take.h"
#include "software/network/onnx/onnx_import.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, [](std::string_view input) {
    namespace network = lutra::network;
    const auto bytes = lutra::test::as_bytes(input);
    const network::Graph graph = network::import_any_onnx({bytes.data(), bytes.size()}, "g.onnx", "g");
    network::given::take(graph, {1.0, {0.5}, {0.25}}, network::given::Inexact::nearest);
  });
}
