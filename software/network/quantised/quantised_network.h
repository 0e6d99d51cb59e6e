#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "software/network/encoding/encoding.h"
#include "software/network/id.h"
#include "software/network/shape.h"

namespace lutra::network {

// A quantised network: integers only, one meaning on every machine.
//
//   value  = what an edge's code stands for (the code itself, unless the encoding has a level table)
//   acc    = sum(weight value * activation value)            exact; proven to fit int32 when the network is made
//   stream = sat16((acc * M + B) >> S)                       int64 arithmetic, arithmetic shift, per output channel
//   stream = sat16(stream + ((skip * M + B) >> S))           where the operation has a skip
//   stream = sat16((stream * M + B) >> S) where stream < 0   where the operation has a PReLU
//   code   = clamp((stream * M + B) >> S, low, high)         or clamp(stream, low, high) without that requantise
//
// sat16(v) = clamp(v, -32768, 32767). Rounding half up is part of B (B includes 1 << (S - 1)).

using EdgeId = Id<struct EdgeTag>;

struct Requantise {
  std::uint32_t multiplier = 1;  // of up to 31 bits
  std::int64_t bias = 0;         // within +-2^55
  std::uint8_t shift = 0;        // at most 47

  bool operator==(const Requantise&) const = default;
};

inline std::int64_t apply(const Requantise& r, std::int64_t x) { return (x * r.multiplier + r.bias) >> r.shift; }

// A tensor between operations. `scale` (real = (value - value of the pad code) * scale) is for people and for float
// comparison; no integer result depends on it.
struct Edge {
  std::string name;
  Shape shape;
  ActivationEncoding encoding;
  double scale = 1.0;

  bool operator==(const Edge&) const = default;
};

struct Weights {
  std::vector<std::int16_t> values;  // [output channel][input channel / groups][window y][window x]
  WeightEncoding encoding;
  std::vector<double> scales;  // per output channel, for people

  bool operator==(const Weights&) const = default;
};

// The second operand of an addition, seen through a view:
//   skip(c, y, x) = edge(c - channel_offset, y * stride_y, x * stride_x), zero where the channel does not exist.
struct Skip {
  EdgeId edge = -1;
  int stride_y = 1;
  int stride_x = 1;
  int channel_offset = 0;
  Requantise requantise;

  bool operator==(const Skip&) const = default;
};

struct CodeOutput {
  EdgeId edge = -1;
  std::optional<Requantise> requantise;  // per tensor; absent: the stream is the code
  int low = 0;
  int high = 255;

  bool operator==(const CodeOutput&) const = default;
};

struct PostProcess {
  std::vector<Requantise> scale;  // one per output channel, or a single one for all
  std::optional<Skip> skip;
  std::vector<Requantise> prelu;  // empty: none; one per output channel, or a single one for all
  EdgeId stream = -1;             // where the 16-bit stream is written; -1: nowhere
  std::optional<CodeOutput> codes;

  bool operator==(const PostProcess&) const = default;
};

// Convolution; a linear layer is a convolution whose window is its whole input.
struct MatrixOp {
  EdgeId input = -1;
  Window window;
  int groups = 1;
  int output_channels = 0;
  Weights weights;
  PostProcess post;

  bool operator==(const MatrixOp&) const = default;
};

enum class PoolKind { maximum, sum };

// acc = maximum (padding never wins) or sum (padding adds nothing) of the window's values.
struct PoolOp {
  EdgeId input = -1;
  Window window;
  PoolKind kind = PoolKind::maximum;
  PostProcess post;

  bool operator==(const PoolOp&) const = default;
};

// acc = the input's value; with a skip this is an addition, without one a rescale.
struct ElementwiseOp {
  EdgeId input = -1;
  PostProcess post;

  bool operator==(const ElementwiseOp&) const = default;
};

// Inputs stacked along channels, each requantised and clamped to the output's range.
struct ConcatOp {
  std::vector<EdgeId> inputs;
  std::vector<Requantise> requantise;  // one per input
  EdgeId output = -1;

  bool operator==(const ConcatOp&) const = default;
};

// output(c, y, x) = input(c * step[0] + start[0], y * step[1] + start[1], x * step[2] + start[2]), the pad code where
// that lies outside the input. Start may be negative. Both edges have one encoding.
struct ResampleOp {
  EdgeId input = -1;
  EdgeId output = -1;
  std::array<int, 3> start{};
  std::array<int, 3> step{1, 1, 1};

  bool operator==(const ResampleOp&) const = default;
};

struct Operation {
  std::string name;
  std::variant<MatrixOp, PoolOp, ElementwiseOp, ConcatOp, ResampleOp> body;

  bool operator==(const Operation&) const = default;
};

// Pixels (0..255, channel-planar) to the input edge's codes: code = clamp((pixel * M + B) >> S, lowest, highest).
struct InputTransform {
  EdgeId edge = -1;
  std::vector<Requantise> channels;  // one per channel

  bool operator==(const InputTransform&) const = default;
};

struct QuantisedNetwork {
  std::string name;
  std::string scheme;
  InputTransform input;
  std::vector<Edge> edges;
  std::vector<Operation> operations;  // in execution order
  EdgeId output = -1;                 // the logits

  bool operator==(const QuantisedNetwork&) const = default;
};

// The shape an operation gives its outputs. The operation's input edge exists; a window that does not fit yields an
// extent below one.
Shape output_shape(const QuantisedNetwork& network, const Operation& operation);

std::vector<EdgeId> input_edges(const Operation& operation);   // skip included
std::vector<EdgeId> output_edges(const Operation& operation);  // codes first, then the stream
std::int64_t multiply_accumulates(const QuantisedNetwork& network, const Operation& operation);
std::int64_t weight_bits(const QuantisedNetwork& network);  // stored weights and tables of all operations, unpadded

// Checks every invariant: edges exist and are written once before they are read, shapes, parameter counts, code ranges,
// weight values within their encoding, every accumulator within int32 and every product within int64. Throws Error
// naming the operation and the bound.
void validate(const QuantisedNetwork& network);

}  // namespace lutra::network
