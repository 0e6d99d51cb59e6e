#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "software/compiler/lowering/stripes.h"
#include "software/network/quantised/quantised_network.h"
#include "software/program/image.h"

namespace lutra::compiler {

// One entry of the image's op table before anything has an address: the tensors' shapes are in `op`, where they lie is
// said by edge.
struct LoweredOp {
  std::string name;
  lutra_op op{};
  const network::MatrixOp* matrix = nullptr;  // whose weights `op` multiplies
  int weight_format = 0;                      // of tile commands, as the engine's family packs these weights
  int weight_bits = 0;
  network::ActivationEncoding activation;  // of the input
  network::EdgeId input = -1;              // -1 with LUTRA_OP_NORMALISE: the frame buffer
  network::EdgeId skip = -1;
  network::EdgeId codes = -1;
  int codes_channel = 0;  // of the edge, where its codes begin: op.codes is a view
  network::EdgeId stream = -1;
  std::vector<lutra_requantise> scale;
  std::vector<lutra_requantise> prelu;
  std::vector<std::int32_t> thresholds;  // of a post-processor that compares: thresholds.h
  int threshold_entries = 0;
  bool direct = false;
  std::vector<std::string> joined;  // operations whose work it does too: joins.h
  bool resident = false;            // its weights stay in the weight memory
  bool resident_parameters = false;
  Stripes stripes;
  std::int64_t macs = 0;
};

// The network's operations in order, a concatenation as one resample per input, and first the input transform where the
// hart normalises.
std::vector<LoweredOp> lower(const network::QuantisedNetwork& network, bool normalise_on_hart);

// Calls visit(tensor of `op`, its edge) for each tensor that the operation has; `op` is the lowered one's or a copy.
template <typename Visit>
void for_each_tensor(const LoweredOp& lowered, lutra_op& op, const Visit& visit) {
  if (lowered.input >= 0) visit(op.input, lowered.input);
  if (lowered.skip >= 0) visit(op.skip, lowered.skip);
  if (lowered.codes >= 0) visit(op.codes, lowered.codes);
  if (lowered.stream >= 0) visit(op.stream, lowered.stream);
}

// Shape and storage of an edge, without an address. That of an operation's tensor is within the edge, where it is a
// view.
lutra_tensor tensor_of(const network::Edge& edge);
std::uint64_t tensor_bytes(const lutra_tensor& tensor);

// Bytes of `count` codes of `bits` each.
inline std::int64_t packed_bytes(std::int64_t count, int bits) { return (count * bits + 7) / 8; }

}  // namespace lutra::compiler
