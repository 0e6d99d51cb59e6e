#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "software/network/quantised/quantised_network.h"

namespace lutra::network {

// A quantised network as an ONNX model, written to be read back identical.
//
// Every operation is one node of the domain "lutra" (version 1; its attributes are the fields of quantised_network.h).
// Weights are float initialisers behind a QONNX Quant node with one scale per output channel; every edge without a
// level table passes through a Quant node that states its bits, sign and scale, and other tools can read. What a Quant
// node cannot say stands in attributes of the node that writes the edge.

// The same bytes for equal networks. Throws Error for a network that validate() refuses and a path that cannot be
// written.
void save_quantised(const QuantisedNetwork& network, const std::filesystem::path& path);
std::string quantised_to_onnx(const QuantisedNetwork& network);

// Of plain or gzip-compressed bytes, in the memory that gzip.h and onnx_file.h give to a file of its size. Throws Error
// naming the file (`name`), the node and what is wrong with it; the result is validate()d.
QuantisedNetwork load_quantised(const std::filesystem::path& path);
QuantisedNetwork quantised_from_onnx(std::string_view bytes, const std::string& name);

// Whether a file is meant as such a network: an ONNX model that imports Lutra's domain, or gzip. Throws Error for a
// file that is neither.
bool is_quantised(const std::filesystem::path& path);
bool is_quantised(std::span<const std::uint8_t> bytes, const std::string& place);

}  // namespace lutra::network
