#pragma once

#include <stdint.h>

#include "software/program/image.h"

namespace lutra::runtime {

// Computes one operation on the hart, exactly as software/network/quantised/quantised_network.h defines it. `work` is
// LUTRA_HART_WORK_BYTES of fast memory, 4-byte aligned; work_bytes(op) must not exceed it. `frame` is the address of
// the frame buffer. False when the operation's kind is unknown.
bool compute(const lutra_op& op, uint32_t frame, uint8_t* work);

void matrix(const lutra_op& op, uint8_t* work);
void pool(const lutra_op& op, uint8_t* work);  // maximum, sum, and elementwise as a window of one
void resample(const lutra_op& op, uint8_t* work);
void normalise(const lutra_op& op, uint32_t frame);

}  // namespace lutra::runtime
