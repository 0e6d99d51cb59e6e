#pragma once

#include <cstdint>
#include <vector>

#include "software/compiler/lowering/lower.h"

namespace lutra::compiler {

// An operation's codes by comparison: code_low plus the number of thresholds that a value reaches.
struct Thresholds {
  std::vector<std::int32_t> values;  // [entry][code_high - code_low], ascending
  int entries = 0;                   // one per output channel, or a single one; 0: the operation has no thresholds
  bool direct = false;               // the values are accumulators, else the stream's
};

// The exact stand-in for scale and requantise: threshold t is the least value whose code is at least code_low + t + 1
// (the largest 32-bit integer, out of reach, where there is none). Accumulators are compared where nothing but the
// scale lies between them and the codes. Empty for an operation without codes, or with codes of more than four bits.
Thresholds thresholds_of(const LoweredOp& lowered);

// The codes that `reader`, an elementwise operation without skip and PReLU, makes of the codes or the stream of
// `writer`: an exact stand-in for the rescaling of both. `sums`: accumulators may be compared, as above.
Thresholds joined_thresholds(const LoweredOp& writer, const LoweredOp& reader, bool sums);

}  // namespace lutra::compiler
