#include "software/runtime/kernels/kernels.h"

#include "software/runtime/kernels/memory.h"

namespace lutra::runtime {

#ifndef __riscv
uint8_t* memory_base = nullptr;
#endif

bool compute(const lutra_op& op, uint32_t frame, uint8_t* work) {
  switch (op.kind) {
    case LUTRA_OP_NORMALISE:
      normalise(op, frame);
      return true;
    case LUTRA_OP_MATRIX:
      matrix(op, work);
      return true;
    case LUTRA_OP_MAXIMUM:
    case LUTRA_OP_SUM:
    case LUTRA_OP_ELEMENTWISE:
      pool(op, work);
      return true;
    case LUTRA_OP_RESAMPLE:
      resample(op, work);
      return true;
    default:
      return false;
  }
}

}  // namespace lutra::runtime
