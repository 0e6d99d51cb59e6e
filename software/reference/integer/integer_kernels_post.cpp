#include <algorithm>

#include "software/reference/integer/integer_kernels_variants.h"

namespace lutra::reference {

namespace {

[[gnu::always_inline]] inline std::int64_t saturate(std::int64_t value) {
  return std::min<std::int64_t>(std::max<std::int64_t>(value, -32768), 32767);
}

[[gnu::always_inline]] inline std::int64_t requantise(std::int64_t value, const TensorRequantise& r) {
  return (value * r.multiplier + r.bias) >> r.shift;
}

[[gnu::always_inline]] inline std::int64_t requantise(std::int64_t value, const ChannelRequantise& r, int channel) {
  return (value * r.multiplier[channel] + r.bias[channel]) >> r.shift[channel];
}

[[gnu::always_inline]] inline void scale_accumulators(const PostRow& row) {
  for (int pixel = 0; pixel < row.pixels; ++pixel) {
    const std::int32_t* in = row.accumulators + pixel * row.accumulator_stride;
    std::int32_t* out = row.scratch + std::ptrdiff_t{pixel} * row.channels;
    for (int channel = 0; channel < row.channels; ++channel)
      out[channel] = static_cast<std::int32_t>(saturate(requantise(in[channel], row.scale, channel)));
  }
}

[[gnu::always_inline]] inline void add_skip(const PostRow& row) {
  const std::int64_t absent = requantise(0, row.skip_scale);
  const int last = row.skip_first + row.skip_channels;
  for (int pixel = 0; pixel < row.pixels; ++pixel) {
    const std::int16_t* skip = row.skip + pixel * row.skip_stride;
    std::int32_t* out = row.scratch + std::ptrdiff_t{pixel} * row.channels;
    for (int channel = 0; channel < row.skip_first; ++channel)
      out[channel] = static_cast<std::int32_t>(saturate(out[channel] + absent));
    for (int channel = 0; channel < row.skip_channels; ++channel) {
      const std::int64_t sum = out[row.skip_first + channel] + requantise(skip[channel], row.skip_scale);
      out[row.skip_first + channel] = static_cast<std::int32_t>(saturate(sum));
    }
    for (int channel = last; channel < row.channels; ++channel)
      out[channel] = static_cast<std::int32_t>(saturate(out[channel] + absent));
  }
}

[[gnu::always_inline]] inline void apply_prelu(const PostRow& row) {
  for (int pixel = 0; pixel < row.pixels; ++pixel) {
    std::int32_t* out = row.scratch + std::ptrdiff_t{pixel} * row.channels;
    for (int channel = 0; channel < row.channels; ++channel) {
      const std::int64_t negative = saturate(requantise(out[channel], row.prelu, channel));
      out[channel] = out[channel] < 0 ? static_cast<std::int32_t>(negative) : out[channel];
    }
  }
}

[[gnu::always_inline]] inline void write_codes(const PostRow& row, std::ptrdiff_t count) {
  if (row.requantise_codes) {
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      const std::int64_t code = requantise(row.scratch[i], row.code_scale);
      row.codes[i] = static_cast<std::int16_t>(std::min<std::int64_t>(std::max<std::int64_t>(code, row.low), row.high));
    }
  } else {
    for (std::ptrdiff_t i = 0; i < count; ++i)
      row.codes[i] = static_cast<std::int16_t>(std::min(std::max(row.scratch[i], row.low), row.high));
  }
}

[[gnu::always_inline]] inline void post(const PostRow& row) {
  const std::ptrdiff_t count = std::ptrdiff_t{row.pixels} * row.channels;
  scale_accumulators(row);
  if (row.skip != nullptr) add_skip(row);
  if (row.prelu.multiplier != nullptr) apply_prelu(row);
  if (row.stream != nullptr)
    for (std::ptrdiff_t i = 0; i < count; ++i) row.stream[i] = static_cast<std::int16_t>(row.scratch[i]);
  if (row.codes != nullptr) write_codes(row, count);
}

}  // namespace

void post_portable(const PostRow& row) { post(row); }

#if defined(__x86_64__)
[[gnu::target("avx2")]] void post_avx2(const PostRow& row) { post(row); }
[[gnu::target("avx512bw,avx512dq,avx512vl")]] void post_avx512(const PostRow& row) { post(row); }
#endif

}  // namespace lutra::reference
