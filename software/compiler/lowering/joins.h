#pragma once

#include <functional>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "software/compiler/lowering/lower.h"

namespace lutra::compiler {

// Operations that only rescale or move what another has written, taken out of the table: the one that writes, or the
// one that reads, does their work. Values on every edge that is left are the same.

using OnEngine = std::function<bool(const LoweredOp&)>;  // whether the engine can compute it

// An elementwise operation that makes codes of few values out of another's codes or stream becomes thresholds per
// channel of that one's stream, where the engine has the comparators. Who else reads the codes in between reads the
// stream: where there is none, and `adds_streams`, it becomes a new edge of `network`.
void join_recodings(std::vector<LoweredOp>& ops, network::QuantisedNetwork& network, bool adds_streams,
                    const accelerators::EngineConfig& engine, const OnEngine& on_engine);

// A slice of channels is a view: who reads it reads its part of the tensor, where that is whole bytes.
void read_in_place(std::vector<LoweredOp>& ops, network::EdgeId output);

// An input of a concatenation is written where it belongs, where that is whole bytes: rescaled by its writer, if nobody
// else reads it, or as it is, if it needs no rescaling.
void write_in_place(std::vector<LoweredOp>& ops, const network::QuantisedNetwork& network, const OnEngine& on_engine);

// What is left of resampling and concatenation becomes a sum over one value, where the engine can compute it; else the
// hart need not rescale what stays the same.
void copy_on_engine(std::vector<LoweredOp>& ops, const OnEngine& on_engine);

}  // namespace lutra::compiler
