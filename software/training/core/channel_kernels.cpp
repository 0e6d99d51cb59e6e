#include "software/training/core/channel_kernels.h"

#include <algorithm>
#include <vector>

#include "software/training/core/kernel_values.h"

namespace lutra::training {

namespace {

// Loops run over strips of this many values. A strip holds whole pixels, or is a part of one.
constexpr std::int64_t strip = 64;

// A per-channel vector as a strip sees it.
struct Strips {
  std::int64_t width;   // values a strip
  std::int64_t phases;  // strips until the channels repeat
  std::int64_t count;   // strips in all
};

LUTRA_INLINE Strips strips_of(Pixels pixels) {
  if (strip % pixels.channels == 0 && pixels.count * pixels.channels % strip == 0)
    return {strip, 1, pixels.count * pixels.channels / strip};
  if (pixels.channels % strip == 0) return {strip, pixels.channels / strip, pixels.count * pixels.channels / strip};
  return {pixels.channels, 1, pixels.count};
}

std::vector<float> spread(const float* values, Pixels pixels, const Strips& strips) {
  std::vector<float> result(static_cast<std::size_t>(std::max(strips.width * strips.phases, pixels.channels)));
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = values[i % static_cast<std::size_t>(pixels.channels)];
  return result;
}

void fold(const float* partial, Pixels pixels, const Strips& strips, double* sum) {
  for (std::int64_t i = 0; i < strips.width * strips.phases; ++i)
    sum[i % pixels.channels] += static_cast<double>(partial[i]);
}

template <typename T>
LUTRA_INLINE void sum_channels_of(const T* x, Pixels pixels, double* sum, double* squares) {
  const Strips strips = strips_of(pixels);
  std::vector<float> sums(static_cast<std::size_t>(strips.width * strips.phases));
  std::vector<float> products(sums.size());
  float* __restrict s = sums.data();
  float* __restrict q = products.data();
  if (strips.width == strip && strips.phases == 1) {
    float own_sums[strip] = {};
    float own_squares[strip] = {};
    for (std::int64_t i = 0; i < strips.count; ++i)
      for (std::int64_t k = 0; k < strip; ++k) {
        const float value = widen(x[i * strip + k]);
        own_sums[k] += value;
        own_squares[k] += value * value;
      }
    std::copy(own_sums, own_sums + strip, s);
    std::copy(own_squares, own_squares + strip, q);
  } else {
    for (std::int64_t i = 0; i < strips.count; ++i) {
      const std::int64_t channel = i % strips.phases * strips.width;
      for (std::int64_t k = 0; k < strips.width; ++k) {
        const float value = widen(x[i * strips.width + k]);
        s[channel + k] += value;
        q[channel + k] += value * value;
      }
    }
  }
  fold(s, pixels, strips, sum);
  fold(q, pixels, strips, squares);
}

LUTRA_INLINE float leak(float value, float slope) { return std::max(value, 0.0F) + slope * std::min(value, 0.0F); }

template <typename T>
LUTRA_INLINE void scale_add_leak_of(const T* __restrict x, const T* __restrict skip, const float* factor,
                                    const float* offset, const float* slope, Pixels pixels, T* __restrict y) {
  const Strips strips = strips_of(pixels);
  const std::vector<float> factors = spread(factor, pixels, strips);
  const std::vector<float> offsets = spread(offset, pixels, strips);
  const std::vector<float> slopes = spread(slope, pixels, strips);
  for (std::int64_t i = 0; i < strips.count; ++i) {
    const std::int64_t at = i * strips.width;
    const std::int64_t channel = i % strips.phases * strips.width;
    const float* __restrict f = factors.data() + channel;
    const float* __restrict o = offsets.data() + channel;
    const float* __restrict a = slopes.data() + channel;
    if (skip != nullptr) {
      for (std::int64_t k = 0; k < strips.width; ++k)
        narrow(leak(widen(x[at + k]) * f[k] + o[k] + widen(skip[at + k]), a[k]), y[at + k]);
    } else {
      for (std::int64_t k = 0; k < strips.width; ++k) narrow(leak(widen(x[at + k]) * f[k] + o[k], a[k]), y[at + k]);
    }
  }
}

// One strip of leak_gradient; sums of as many values each.
template <typename T>
LUTRA_INLINE void leak_gradient_strip(const T* __restrict upstream, const T* __restrict y, const T* __restrict x,
                                      const float* __restrict mean, const float* __restrict slope, std::int64_t width,
                                      T* __restrict g, float* __restrict sums, float* __restrict dots,
                                      float* __restrict leaked) {
  for (std::int64_t k = 0; k < width; ++k) {
    const float up = widen(upstream[k]);
    const float out = widen(y[k]);
    const float value = up * (out > 0 ? 1.0F : slope[k]);
    narrow(value, g[k]);
    sums[k] += value;
    dots[k] += value * (widen(x[k]) - mean[k]);
    leaked[k] += up * std::min(out, 0.0F);
  }
}

template <typename T>
LUTRA_INLINE void leak_gradient_of(const T* upstream, const T* y, const T* x, const float* mean, const float* slope,
                                   Pixels pixels, T* g, double* sum, double* products, double* leaked) {
  const Strips strips = strips_of(pixels);
  const std::vector<float> means = spread(mean, pixels, strips);
  const std::vector<float> slopes = spread(slope, pixels, strips);
  std::vector<float> sums(static_cast<std::size_t>(strips.width * strips.phases));
  std::vector<float> dots(sums.size());
  std::vector<float> leaks(sums.size());
  if (strips.width == strip && strips.phases == 1) {  // of fixed length, so that the sums stay in registers
    float own_sums[strip] = {};
    float own_dots[strip] = {};
    float own_leaks[strip] = {};
    for (std::int64_t at = 0; at < strips.count * strip; at += strip)
      leak_gradient_strip(upstream + at, y + at, x + at, means.data(), slopes.data(), strip, g + at, own_sums, own_dots,
                          own_leaks);
    std::copy(own_sums, own_sums + strip, sums.begin());
    std::copy(own_dots, own_dots + strip, dots.begin());
    std::copy(own_leaks, own_leaks + strip, leaks.begin());
  } else {
    for (std::int64_t i = 0; i < strips.count; ++i) {
      const std::int64_t at = i * strips.width;
      const std::int64_t channel = i % strips.phases * strips.width;
      leak_gradient_strip(upstream + at, y + at, x + at, means.data() + channel, slopes.data() + channel, strips.width,
                          g + at, sums.data() + channel, dots.data() + channel, leaks.data() + channel);
    }
  }
  fold(sums.data(), pixels, strips, sum);
  fold(dots.data(), pixels, strips, products);
  fold(leaks.data(), pixels, strips, leaked);
}

template <typename T>
LUTRA_INLINE void combine_gradient_of(const T* __restrict g, const T* __restrict x, const float* of_gradient,
                                      const float* of_input, const float* offset, Pixels pixels, T* __restrict dx) {
  const Strips strips = strips_of(pixels);
  const std::vector<float> gradients = spread(of_gradient, pixels, strips);
  const std::vector<float> inputs = spread(of_input, pixels, strips);
  const std::vector<float> offsets = spread(offset, pixels, strips);
  for (std::int64_t i = 0; i < strips.count; ++i) {
    const std::int64_t at = i * strips.width;
    const std::int64_t channel = i % strips.phases * strips.width;
    const float* __restrict a = gradients.data() + channel;
    const float* __restrict b = inputs.data() + channel;
    const float* __restrict c = offsets.data() + channel;
    for (std::int64_t k = 0; k < strips.width; ++k)
      narrow(widen(g[at + k]) * a[k] + widen(x[at + k]) * b[k] + c[k], dx[at + k]);
  }
}

}  // namespace

LUTRA_PER_CPU void sum_channels(const float* x, Pixels pixels, double* sum, double* squares) {
  sum_channels_of(x, pixels, sum, squares);
}
LUTRA_PER_CPU void sum_channels(const Bfloat16Bits* x, Pixels pixels, double* sum, double* squares) {
  sum_channels_of(x, pixels, sum, squares);
}
LUTRA_PER_CPU void scale_add_leak(const float* x, const float* skip, const float* factor, const float* offset,
                                  const float* slope, Pixels pixels, float* y) {
  scale_add_leak_of(x, skip, factor, offset, slope, pixels, y);
}
LUTRA_PER_CPU void scale_add_leak(const Bfloat16Bits* x, const Bfloat16Bits* skip, const float* factor,
                                  const float* offset, const float* slope, Pixels pixels, Bfloat16Bits* y) {
  scale_add_leak_of(x, skip, factor, offset, slope, pixels, y);
}
LUTRA_PER_CPU void leak_gradient(const float* upstream, const float* y, const float* x, const float* mean,
                                 const float* slope, Pixels pixels, float* g, double* sum, double* products,
                                 double* leaked) {
  leak_gradient_of(upstream, y, x, mean, slope, pixels, g, sum, products, leaked);
}
LUTRA_PER_CPU void leak_gradient(const Bfloat16Bits* upstream, const Bfloat16Bits* y, const Bfloat16Bits* x,
                                 const float* mean, const float* slope, Pixels pixels, Bfloat16Bits* g, double* sum,
                                 double* products, double* leaked) {
  leak_gradient_of(upstream, y, x, mean, slope, pixels, g, sum, products, leaked);
}
LUTRA_PER_CPU void combine_gradient(const float* g, const float* x, const float* of_gradient, const float* of_input,
                                    const float* offset, Pixels pixels, float* dx) {
  combine_gradient_of(g, x, of_gradient, of_input, offset, pixels, dx);
}
LUTRA_PER_CPU void combine_gradient(const Bfloat16Bits* g, const Bfloat16Bits* x, const float* of_gradient,
                                    const float* of_input, const float* offset, Pixels pixels, Bfloat16Bits* dx) {
  combine_gradient_of(g, x, of_gradient, of_input, offset, pixels, dx);
}

}  // namespace lutra::training
