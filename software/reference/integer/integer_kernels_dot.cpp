#include <cstring>

#include "software/reference/integer/integer_kernels_variants.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lutra::reference {

void dot_portable(const DotRow& row) {
  for (int pixel = 0; pixel < row.pixels; ++pixel) {
    std::uint32_t sums[block_outputs] = {};
    const std::int16_t* weights = row.weights;
    for (int run = 0; run < row.runs; ++run) {
      const std::int16_t* values = row.first + pixel * row.pixel_stride + row.offsets[run];
      for (int pair = 0; pair < row.pairs; ++pair, weights += 2 * block_outputs, values += 2)
        for (int k = 0; k < block_outputs; ++k)
          sums[k] += static_cast<std::uint32_t>(weights[2 * k] * values[0]) +
                     static_cast<std::uint32_t>(weights[2 * k + 1] * values[1]);
    }
    std::memcpy(row.out + pixel * row.out_stride, sums, sizeof sums);
  }
}

#if defined(__x86_64__)

namespace {

inline std::int32_t load_pair(const std::int16_t* values) {
  std::int32_t pair;
  std::memcpy(&pair, values, sizeof pair);
  return pair;
}

// A tile holds its sums in registers: `pixels` pixels times `block_outputs` outputs.
template <int pixels>
inline void tile_sse2(const DotRow& row, int first_pixel) {
  constexpr int vectors = 4;
  __m128i sums[pixels][vectors];
  for (auto& sum : sums)
    for (__m128i& vector : sum) vector = _mm_setzero_si128();
  const std::int16_t* first = row.first + first_pixel * row.pixel_stride;
  const auto* weights = reinterpret_cast<const __m128i*>(row.weights);
  for (int run = 0; run < row.runs; ++run) {
    const std::int16_t* values = first + row.offsets[run];
    for (int pair = 0; pair < row.pairs; ++pair, weights += vectors, values += 2)
      for (int pixel = 0; pixel < pixels; ++pixel) {
        const __m128i both = _mm_set1_epi32(load_pair(values + pixel * row.pixel_stride));
        for (int v = 0; v < vectors; ++v)
          sums[pixel][v] = _mm_add_epi32(sums[pixel][v], _mm_madd_epi16(_mm_loadu_si128(weights + v), both));
      }
  }
  for (int pixel = 0; pixel < pixels; ++pixel)
    for (int v = 0; v < vectors; ++v)
      _mm_storeu_si128(reinterpret_cast<__m128i*>(row.out + (first_pixel + pixel) * row.out_stride) + v,
                       sums[pixel][v]);
}

template <int pixels>
[[gnu::target("avx2")]] inline void tile_avx2(const DotRow& row, int first_pixel) {
  constexpr int vectors = 2;
  __m256i sums[pixels][vectors];
  for (auto& sum : sums)
    for (__m256i& vector : sum) vector = _mm256_setzero_si256();
  const std::int16_t* first = row.first + first_pixel * row.pixel_stride;
  const auto* weights = reinterpret_cast<const __m256i*>(row.weights);
  for (int run = 0; run < row.runs; ++run) {
    const std::int16_t* values = first + row.offsets[run];
    for (int pair = 0; pair < row.pairs; ++pair, weights += vectors, values += 2) {
      const __m256i low = _mm256_loadu_si256(weights);
      const __m256i high = _mm256_loadu_si256(weights + 1);
      for (int pixel = 0; pixel < pixels; ++pixel) {
        const __m256i both = _mm256_set1_epi32(load_pair(values + pixel * row.pixel_stride));
        sums[pixel][0] = _mm256_add_epi32(sums[pixel][0], _mm256_madd_epi16(low, both));
        sums[pixel][1] = _mm256_add_epi32(sums[pixel][1], _mm256_madd_epi16(high, both));
      }
    }
  }
  for (int pixel = 0; pixel < pixels; ++pixel)
    for (int v = 0; v < vectors; ++v)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(row.out + (first_pixel + pixel) * row.out_stride) + v,
                          sums[pixel][v]);
}

template <int pixels>
[[gnu::target("avx512bw")]] inline void tile_avx512(const DotRow& row, int first_pixel) {
  __m512i sums[pixels];
  for (__m512i& sum : sums) sum = _mm512_setzero_si512();
  const std::int16_t* first = row.first + first_pixel * row.pixel_stride;
  const std::int16_t* weights = row.weights;
  for (int run = 0; run < row.runs; ++run) {
    const std::int16_t* values = first + row.offsets[run];
    for (int pair = 0; pair < row.pairs; ++pair, weights += 2 * block_outputs, values += 2) {
      const __m512i block = _mm512_loadu_si512(weights);
      for (int pixel = 0; pixel < pixels; ++pixel) {
        const __m512i both = _mm512_set1_epi32(load_pair(values + pixel * row.pixel_stride));
        sums[pixel] = _mm512_add_epi32(sums[pixel], _mm512_madd_epi16(block, both));
      }
    }
  }
  for (int pixel = 0; pixel < pixels; ++pixel)
    _mm512_storeu_si512(row.out + (first_pixel + pixel) * row.out_stride, sums[pixel]);
}

}  // namespace

void dot_sse2(const DotRow& row) {
  int pixel = 0;
  for (; pixel + 2 <= row.pixels; pixel += 2) tile_sse2<2>(row, pixel);
  for (; pixel < row.pixels; ++pixel) tile_sse2<1>(row, pixel);
}

[[gnu::target("avx2")]] void dot_avx2(const DotRow& row) {
  int pixel = 0;
  for (; pixel + 4 <= row.pixels; pixel += 4) tile_avx2<4>(row, pixel);
  for (; pixel < row.pixels; ++pixel) tile_avx2<1>(row, pixel);
}

[[gnu::target("avx512bw")]] void dot_avx512(const DotRow& row) {
  int pixel = 0;
  for (; pixel + 8 <= row.pixels; pixel += 8) tile_avx512<8>(row, pixel);
  for (; pixel < row.pixels; ++pixel) tile_avx512<1>(row, pixel);
}

#endif

}  // namespace lutra::reference
