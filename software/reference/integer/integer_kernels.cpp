#include "software/reference/integer/integer_kernels.h"

#include "software/reference/integer/integer_kernels_variants.h"

namespace lutra::reference {

std::vector<InstructionSet> available_instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::portable};
#if defined(__x86_64__)
  sets.push_back(InstructionSet::sse2);
  if (__builtin_cpu_supports("avx2")) sets.push_back(InstructionSet::avx2);
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    sets.push_back(InstructionSet::avx512);
#endif
  return sets;
}

IntegerKernels integer_kernels(InstructionSet set) {
  switch (set) {
#if defined(__x86_64__)
    case InstructionSet::sse2:
      return {dot_sse2, post_portable};
    case InstructionSet::avx2:
      return {dot_avx2, post_avx2};
    case InstructionSet::avx512:
      return {dot_avx512, post_avx512};
#endif
    default:
      return {dot_portable, post_portable};
  }
}

}  // namespace lutra::reference
