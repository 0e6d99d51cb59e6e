#include "accelerators/array/dot_product.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lutra::accelerators::array {

namespace {

void portable(const DotProducts& work) {
  for (std::size_t p = 0; p < work.patch_count; ++p)
    for (std::size_t k = 0; k < work.outputs; ++k) {
      std::uint32_t sum = 0;
      for (std::size_t i = 0; i < work.length; ++i)
        sum += static_cast<std::uint32_t>(work.patches[p * work.length + i] * work.weights[k * work.length + i]);
      work.sums[p * work.outputs + k] = sum;
    }
}

#if defined(__x86_64__)

// The four lane sums of four vectors, as one vector.
__m128i lane_sums(__m128i a, __m128i b, __m128i c, __m128i d) {
  const __m128i ab = _mm_add_epi32(_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
  const __m128i cd = _mm_add_epi32(_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
  return _mm_add_epi32(_mm_unpacklo_epi64(ab, cd), _mm_unpackhi_epi64(ab, cd));
}

void sse2(const DotProducts& work) {
  const auto load = [](const std::int16_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); };
  for (std::size_t k = 0; k < work.outputs; k += 4)
    for (std::size_t p = 0; p < work.patch_count; p += 2) {
      const std::int16_t* weights = work.weights + k * work.length;
      const std::int16_t* patch = work.patches + p * work.length;
      __m128i sums[2][4] = {};
      for (std::size_t i = 0; i < work.length; i += 8) {
        const __m128i first = load(patch + i);
        const __m128i second = load(patch + work.length + i);
        for (std::size_t row = 0; row < 4; ++row) {
          const __m128i weight = load(weights + row * work.length + i);
          sums[0][row] = _mm_add_epi32(sums[0][row], _mm_madd_epi16(first, weight));
          sums[1][row] = _mm_add_epi32(sums[1][row], _mm_madd_epi16(second, weight));
        }
      }
      for (std::size_t pixel = 0; pixel < 2; ++pixel)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(work.sums + (p + pixel) * work.outputs + k),
                         lane_sums(sums[pixel][0], sums[pixel][1], sums[pixel][2], sums[pixel][3]));
    }
}

#define LUTRA_AVX2 __attribute__((target("avx2")))

LUTRA_AVX2 inline __m256i load_wide(const std::int16_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

LUTRA_AVX2 inline __m128i halves(__m256i v) {
  return _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
}

LUTRA_AVX2 inline void store_sums(std::uint32_t* sums, __m256i a, __m256i b, __m256i c, __m256i d) {
  const __m128i ab = _mm_hadd_epi32(halves(a), halves(b));
  const __m128i cd = _mm_hadd_epi32(halves(c), halves(d));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(sums), _mm_hadd_epi32(ab, cd));
}

LUTRA_AVX2 inline __m256i accumulate(__m256i sum, __m256i a, __m256i b) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}

LUTRA_AVX2 void avx2(const DotProducts& work) {
  for (std::size_t k = 0; k < work.outputs; k += 4)
    for (std::size_t p = 0; p < work.patch_count; p += 2) {
      const std::int16_t* weights = work.weights + k * work.length;
      const std::int16_t* patch = work.patches + p * work.length;
      __m256i a0{}, a1{}, a2{}, a3{}, b0{}, b1{}, b2{}, b3{};
      for (std::size_t i = 0; i < work.length; i += 16) {
        const __m256i first = load_wide(patch + i);
        const __m256i second = load_wide(patch + work.length + i);
        const __m256i w0 = load_wide(weights + i);
        const __m256i w1 = load_wide(weights + work.length + i);
        const __m256i w2 = load_wide(weights + 2 * work.length + i);
        const __m256i w3 = load_wide(weights + 3 * work.length + i);
        a0 = accumulate(a0, first, w0);
        a1 = accumulate(a1, first, w1);
        a2 = accumulate(a2, first, w2);
        a3 = accumulate(a3, first, w3);
        b0 = accumulate(b0, second, w0);
        b1 = accumulate(b1, second, w1);
        b2 = accumulate(b2, second, w2);
        b3 = accumulate(b3, second, w3);
      }
      store_sums(work.sums + p * work.outputs + k, a0, a1, a2, a3);
      store_sums(work.sums + (p + 1) * work.outputs + k, b0, b1, b2, b3);
    }
}

#endif

}  // namespace

const std::vector<DotKernel>& dot_kernels() {
  static const std::vector<DotKernel> kernels = [] {
    std::vector<DotKernel> found;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) found.push_back({"avx2", avx2});
    found.push_back({"sse2", sse2});
#endif
    found.push_back({"portable", portable});
    return found;
  }();
  return kernels;
}

}  // namespace lutra::accelerators::array
