#pragma once

#include "software/reference/integer/integer_kernels.h"

namespace lutra::reference {

void dot_portable(const DotRow& row);
void post_portable(const PostRow& row);

#if defined(__x86_64__)
void dot_sse2(const DotRow& row);
void dot_avx2(const DotRow& row);
void dot_avx512(const DotRow& row);
void post_avx2(const PostRow& row);
void post_avx512(const PostRow& row);
#endif

}  // namespace lutra::reference
