#include "accelerators/shift_add/lanes.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lutra::accelerators::shift_add {

namespace {

constexpr std::size_t width = 8;
constexpr std::size_t windows_at_once = 4;  // that share a fetch of the lanes' settings
static_assert(array::patches_at_once % windows_at_once == 0 && Lanes::lane_stride_multiple % width == 0);

using Sums [[gnu::vector_size(width * sizeof(std::uint32_t))]] = std::uint32_t;
using Elements [[gnu::vector_size(width * sizeof(std::int16_t))]] = std::int16_t;
using Settings [[gnu::vector_size(width)]] = std::int8_t;

// Where nothing is shifted and activations have a byte, 16-bit sums do for a while.
constexpr std::size_t narrow_width = 16;
constexpr std::size_t narrow_additions = 128;  // of -255..255 within 16 bits
static_assert(Lanes::lane_stride_multiple % narrow_width == 0);
using NarrowSums [[gnu::vector_size(narrow_width * sizeof(std::int16_t))]] = std::int16_t;
using NarrowSettings [[gnu::vector_size(narrow_width)]] = std::int8_t;

struct Row {
  const std::int8_t* keep;
  const std::int8_t* minus;
  const std::int8_t* shift;
  std::size_t stride;
};

struct Counted {
  const std::uint64_t* kept;
  const std::uint64_t* not_zero;
  std::size_t words;
};

// Vectors are passed by reference only: their calling convention depends on the instruction set.
template <typename Vector, typename Wide>
[[gnu::always_inline]] inline void widen(const void* from, Wide& to) {
  Vector narrow;
  std::memcpy(&narrow, from, sizeof narrow);
  to = __builtin_convertvector(narrow, Wide);
}

[[gnu::always_inline]] inline void add_up(const Sums* partial, std::uint32_t* sums) {
  for (std::size_t w = 0; w < windows_at_once; ++w) {
    sums[w] = 0;
    for (std::size_t lane = 0; lane < width; ++lane) sums[w] += partial[w][lane];
  }
}

[[gnu::always_inline]] inline void sum_row(const Row& row, const std::int16_t* windows, std::uint32_t* sums) {
  Sums partial[windows_at_once] = {};
  for (std::size_t i = 0; i < row.stride; i += width) {
    Sums keep, minus, shift;
    widen<Settings>(row.keep + i, keep);
    widen<Settings>(row.minus + i, minus);
    widen<Settings>(row.shift + i, shift);
    for (std::size_t w = 0; w < windows_at_once; ++w) {
      Sums element;
      widen<Elements>(windows + w * row.stride + i, element);
      partial[w] += (((element & keep) << shift) ^ minus) - minus;
    }
  }
  add_up(partial, sums);
}

[[gnu::always_inline]] inline void sum_row_unshifted(const Row& row, const std::int16_t* windows, std::uint32_t* sums) {
  Sums partial[windows_at_once] = {};
  for (std::size_t first = 0; first < row.stride; first += narrow_additions * narrow_width) {
    const std::size_t end = std::min(row.stride, first + narrow_additions * narrow_width);
    NarrowSums narrow[windows_at_once] = {};
    for (std::size_t i = first; i < end; i += narrow_width) {
      NarrowSums keep, minus;
      widen<NarrowSettings>(row.keep + i, keep);
      widen<NarrowSettings>(row.minus + i, minus);
      for (std::size_t w = 0; w < windows_at_once; ++w) {
        NarrowSums element;
        std::memcpy(&element, windows + w * row.stride + i, sizeof element);
        narrow[w] += ((element & keep) ^ minus) - minus;
      }
    }
    for (std::size_t w = 0; w < windows_at_once; ++w) {
      std::int16_t halves[narrow_width];
      std::memcpy(halves, &narrow[w], sizeof halves);
      for (std::size_t half = 0; half < narrow_width; half += width) {
        Sums wide;
        widen<Elements>(halves + half, wide);
        partial[w] += wide;
      }
    }
  }
  add_up(partial, sums);
}

[[gnu::always_inline]] inline std::uint64_t count_row(const Counted& row) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < row.words; ++i)
    count += static_cast<std::uint64_t>(std::popcount(row.kept[i] & row.not_zero[i]));
  return count;
}

void sum_anywhere(const Row& row, const std::int16_t* windows, std::uint32_t* sums) { sum_row(row, windows, sums); }
void sum_unshifted_anywhere(const Row& row, const std::int16_t* windows, std::uint32_t* sums) {
  sum_row_unshifted(row, windows, sums);
}
std::uint64_t count_anywhere(const Counted& row) { return count_row(row); }

struct Machine {
  void (*sum)(const Row&, const std::int16_t*, std::uint32_t*) = sum_anywhere;
  void (*sum_unshifted)(const Row&, const std::int16_t*, std::uint32_t*) = sum_unshifted_anywhere;
  std::uint64_t (*count)(const Counted&) = count_anywhere;
};

#if defined(__x86_64__)

[[gnu::target("avx2")]] void sum_avx2(const Row& row, const std::int16_t* windows, std::uint32_t* sums) {
  sum_row(row, windows, sums);
}
[[gnu::target("avx2")]] void sum_unshifted_avx2(const Row& row, const std::int16_t* windows, std::uint32_t* sums) {
  sum_row_unshifted(row, windows, sums);
}
[[gnu::target("popcnt")]] std::uint64_t count_popcnt(const Counted& row) { return count_row(row); }

Machine this_machine() {
  Machine machine;
  if (__builtin_cpu_supports("avx2")) {
    machine.sum = sum_avx2;
    machine.sum_unshifted = sum_unshifted_avx2;
  }
  if (__builtin_cpu_supports("popcnt")) machine.count = count_popcnt;
  return machine;
}

#else

Machine this_machine() { return {}; }

#endif

}  // namespace

void Lanes::sum(const array::PatchBatch& batch, int activation_bits, std::vector<std::uint32_t>& sums) const {
  static const Machine machine = this_machine();
  const auto sum_row = shifts_ || activation_bits > 8 ? machine.sum : machine.sum_unshifted;
  const std::size_t rows = batch.outputs * rows_;
  sums.resize(array::patches_at_once * rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t first = (batch.first_output * rows_ + row) * stride_;
    const Row settings{&keep_[first], &minus_[first], &shift_[first], stride_};
    for (std::size_t window = 0; window < batch.count; window += windows_at_once) {
      std::uint32_t of_windows[windows_at_once];
      sum_row(settings, &batch.activations[window * stride_], of_windows);
      for (std::size_t w = 0; w < windows_at_once; ++w) sums[(window + w) * rows + row] = of_windows[w];
    }
  }
}

std::uint64_t Lanes::count_pairs(const array::PatchBatch& batch) const {
  static const Machine machine = this_machine();
  const std::size_t words = stride_ / lane_stride_multiple;
  std::vector<std::uint64_t> not_zero(batch.count * words);
  for (std::size_t i = 0; i < batch.count * stride_; ++i)
    not_zero[i / lane_stride_multiple] |= std::uint64_t{batch.activations[i] != 0} << i % lane_stride_multiple;
  const std::uint64_t* kept = &kept_[batch.first_output * rows_ * words];
  std::uint64_t count = 0;
  for (std::size_t window = 0; window < batch.count; ++window)
    for (std::size_t row = 0; row < batch.outputs * rows_; ++row)
      count += machine.count({kept + row * words, &not_zero[window * words], words});
  return count;
}

}  // namespace lutra::accelerators::shift_add
