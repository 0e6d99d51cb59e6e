#include "software/training/core/normalise.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "software/training/core/channel_kernels.h"
#include "software/training/core/tensor_data.h"

namespace lutra::training {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t pixels_per_task = 4096;  // a chunk: sums are taken by it, so that threads change no result

Pixels pixels_of(const Tensor& x) { return {x.size(0) * x.size(2) * x.size(3), x.size(1)}; }

bool is_channels_last(const Tensor& x) {
  return x.device().is_cpu() && (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16) &&
         x.is_contiguous(torch::MemoryFormat::ChannelsLast);
}

void in_chunks(Pixels pixels, const std::function<void(std::int64_t index, std::int64_t first, Pixels part)>& task) {
  const std::int64_t chunks = (pixels.count + pixels_per_task - 1) / pixels_per_task;
  at::parallel_for(0, chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      task(i, i * pixels_per_task * pixels.channels,
           {std::min(pixels_per_task, pixels.count - i * pixels_per_task), pixels.channels});
  });
}

using ChannelSums = std::vector<std::vector<double>>;  // [sum][channel]

ChannelSums sums_of(Pixels pixels, std::size_t count,
                    const std::function<void(std::int64_t at, Pixels part, const std::vector<double*>& sums)>& task) {
  const auto channels = static_cast<std::size_t>(pixels.channels);
  const auto chunks = static_cast<std::size_t>((pixels.count + pixels_per_task - 1) / pixels_per_task);
  std::vector<double> all(chunks * count * channels);
  in_chunks(pixels, [&](std::int64_t index, std::int64_t at, Pixels part) {
    std::vector<double*> own;
    for (std::size_t i = 0; i < count; ++i)
      own.push_back(all.data() + (static_cast<std::size_t>(index) * count + i) * channels);
    task(at, part, own);
  });
  ChannelSums sums(count, std::vector<double>(channels));
  for (std::size_t i = 0; i < chunks * count; ++i)
    for (std::size_t c = 0; c < channels; ++c) sums[i % count][c] += all[i * channels + c];
  return sums;
}

std::vector<float> floats(const Tensor& x) {
  const Tensor flat = x.detach().to(torch::kFloat32).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

template <typename T>
ChannelSums batch_sums(const Tensor& x) {
  return sums_of(pixels_of(x), 2, [&](std::int64_t at, Pixels part, const std::vector<double*>& sums) {
    sum_channels(data<T>(x) + at, part, sums[0], sums[1]);
  });
}

template <typename T>
Tensor activate(const Tensor& x, const Tensor& skip, const std::vector<float>& factor, const std::vector<float>& offset,
                const std::vector<float>& slope) {
  Tensor y = torch::empty_like(x);
  in_chunks(pixels_of(x), [&](std::int64_t, std::int64_t at, Pixels part) {
    scale_add_leak(data<T>(x) + at, skip.numel() > 0 ? data<T>(skip) + at : nullptr, factor.data(), offset.data(),
                   slope.data(), part, data<T>(y) + at);
  });
  return y;
}

struct Gradients {
  Tensor x, skip, scale, bias, slope;
};

template <typename T>
Gradients gradients(const Tensor& upstream, const Tensor& y, const Tensor& x, const std::vector<float>& mean,
                    const std::vector<float>& inverse_deviation, const std::vector<float>& scale,
                    const std::vector<float>& slope) {
  const Pixels pixels = pixels_of(x);
  Gradients result;
  result.skip = torch::empty_like(x);
  const ChannelSums sums = sums_of(pixels, 3, [&](std::int64_t at, Pixels part, const std::vector<double*>& own) {
    leak_gradient(data<T>(upstream) + at, data<T>(y) + at, data<T>(x) + at, mean.data(), slope.data(), part,
                  data<T>(result.skip) + at, own[0], own[1], own[2]);
  });
  const std::size_t channels = mean.size();
  const auto n = static_cast<double>(pixels.count);
  std::vector<float> of_scale(channels);
  std::vector<float> of_bias(channels);
  std::vector<float> of_slope(channels);
  std::vector<float> of_gradient(channels);
  std::vector<float> of_input(channels);
  std::vector<float> offset(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const double inverse = static_cast<double>(inverse_deviation[c]);
    const double factor = static_cast<double>(scale[c]) * inverse;
    const double over_scale = sums[1][c] * inverse;
    of_scale[c] = static_cast<float>(over_scale);
    of_bias[c] = static_cast<float>(sums[0][c]);
    of_slope[c] = slope[c] > 0 ? static_cast<float>(sums[2][c]) / slope[c] : 0.0F;
    of_gradient[c] = static_cast<float>(factor);
    of_input[c] = static_cast<float>(-factor * inverse * over_scale / n);
    offset[c] = static_cast<float>(-factor * sums[0][c] / n) - of_input[c] * mean[c];
  }
  result.x = torch::empty_like(x);
  in_chunks(pixels, [&](std::int64_t, std::int64_t at, Pixels part) {
    combine_gradient(data<T>(result.skip) + at, data<T>(x) + at, of_gradient.data(), of_input.data(), offset.data(),
                     part, data<T>(result.x) + at);
  });
  result.scale = torch::tensor(of_scale);
  result.bias = torch::tensor(of_bias);
  result.slope = torch::tensor(of_slope);
  return result;
}

struct NormaliseLeak : torch::autograd::Function<NormaliseLeak> {
  // No skip is an empty one: a Function takes no undefined tensors.
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& scale, const Tensor& bias,
                        const Tensor& skip, const Tensor& slope, const Tensor& running_mean,
                        const Tensor& running_variance, double momentum, double epsilon) {
    const bool narrow = x.scalar_type() == torch::kBFloat16;
    const ChannelSums sums = narrow ? batch_sums<Bfloat16Bits>(x) : batch_sums<float>(x);
    const auto n = static_cast<double>(pixels_of(x).count);
    const std::vector<float> scales = floats(scale);
    const std::vector<float> biases = floats(bias);
    std::vector<float> means(scales.size());
    std::vector<float> variances(scales.size());
    std::vector<float> inverses(scales.size());
    std::vector<float> factors(scales.size());
    std::vector<float> offsets(scales.size());
    for (std::size_t c = 0; c < scales.size(); ++c) {
      const double mean = sums[0][c] / n;
      const double variance = std::max(0.0, sums[1][c] / n - mean * mean);
      means[c] = static_cast<float>(mean);
      variances[c] = static_cast<float>(n > 1 ? variance * n / (n - 1) : variance);
      inverses[c] = static_cast<float>(1 / std::sqrt(variance + epsilon));
      factors[c] = scales[c] * inverses[c];
      offsets[c] = biases[c] - factors[c] * means[c];
    }
    const Tensor mean = torch::tensor(means);
    Tensor(running_mean).lerp_(mean, momentum);
    Tensor(running_variance).lerp_(torch::tensor(variances), momentum);
    const std::vector<float> slopes = floats(slope);
    const auto activation = narrow ? activate<Bfloat16Bits> : activate<float>;
    const Tensor y = activation(x, skip, factors, offsets, slopes);
    context->save_for_backward({x, y, scale, mean, torch::tensor(inverses), slope});
    context->saved_data["has_skip"] = skip.numel() > 0;
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& x = saved[0];
    const Tensor gradient = upstream[0].to(x.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);
    const bool narrow = x.scalar_type() == torch::kBFloat16;
    const auto compute = narrow ? gradients<Bfloat16Bits> : gradients<float>;
    const Gradients all =
        compute(gradient, saved[1], x, floats(saved[3]), floats(saved[4]), floats(saved[2]), floats(saved[5]));
    const Tensor skip = context->saved_data["has_skip"].toBool() ? all.skip : Tensor();
    return {all.x, all.scale, all.bias, skip, all.slope, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

// With the running statistics, and no gradient.
Tensor evaluate(const Tensor& x, const Tensor& scale, const Tensor& bias, const Tensor& skip, const Tensor& slope,
                const RunningStatistics& statistics) {
  const Tensor factor = scale * torch::rsqrt(statistics.variance + statistics.epsilon);
  const std::vector<float> factors = floats(factor);
  const std::vector<float> offsets = floats(bias - factor * statistics.mean);
  const auto activation = x.scalar_type() == torch::kBFloat16 ? activate<Bfloat16Bits> : activate<float>;
  const Tensor added = skip.defined() ? skip.contiguous(torch::MemoryFormat::ChannelsLast) : torch::empty({0});
  return activation(x, added, factors, offsets, floats(slope));
}

}  // namespace

Tensor normalise_leak(const Tensor& x, const Tensor& scale, const Tensor& bias, const Tensor& skip, const Tensor& slope,
                      RunningStatistics& statistics, bool training) {
  const bool same_form = !skip.defined() || (skip.sizes() == x.sizes() && skip.scalar_type() == x.scalar_type());
  if (training && is_channels_last(x) && same_form)
    return NormaliseLeak::apply(x, scale, bias,
                                skip.defined() ? skip.contiguous(torch::MemoryFormat::ChannelsLast) : torch::empty({0}),
                                slope, statistics.mean, statistics.variance, statistics.momentum, statistics.epsilon);
  if (!training && !torch::GradMode::is_enabled() && is_channels_last(x) && same_form)
    return evaluate(x, scale, bias, skip, slope, statistics);
  Tensor v = torch::batch_norm(x, scale, bias, statistics.mean, statistics.variance, training, statistics.momentum,
                               statistics.epsilon, true);
  if (skip.defined()) v = v + skip;
  return torch::where(v > 0, v, v * slope.to(v.scalar_type()).reshape({1, -1, 1, 1}));
}

}  // namespace lutra::training
