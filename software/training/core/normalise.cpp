#include "software/training/core/normalise.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "software/training/core/channel_kernels.h"

namespace lutra::training {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t chunk = 4096;  // pixels a task; sums are taken per chunk, so that threads change no result

Pixels pixels_of(const Tensor& x) { return {x.size(0) * x.size(2) * x.size(3), x.size(1)}; }

bool has_kernels(const Tensor& x) {
  return x.device().is_cpu() && (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16) &&
         x.is_contiguous(torch::MemoryFormat::ChannelsLast);
}

template <typename T>
T* data(const Tensor& x) {
  return static_cast<T*>(x.data_ptr());
}

void in_chunks(Pixels pixels, const std::function<void(std::int64_t index, std::int64_t first, Pixels part)>& task) {
  const std::int64_t chunks = (pixels.count + chunk - 1) / chunk;
  at::parallel_for(0, chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      task(i, i * chunk * pixels.channels, {std::min(chunk, pixels.count - i * chunk), pixels.channels});
  });
}

struct Sums {
  std::vector<double> first, second;  // per channel
};

Sums sums_of(Pixels pixels,
             const std::function<void(std::int64_t at, Pixels part, double* first, double* second)>& task) {
  const auto channels = static_cast<std::size_t>(pixels.channels);
  const auto chunks = static_cast<std::size_t>((pixels.count + chunk - 1) / chunk);
  std::vector<double> all(2 * chunks * channels);
  in_chunks(pixels, [&](std::int64_t index, std::int64_t at, Pixels part) {
    double* own = all.data() + static_cast<std::size_t>(index) * 2 * channels;
    task(at, part, own, own + channels);
  });
  Sums sums{std::vector<double>(channels), std::vector<double>(channels)};
  for (std::size_t i = 0; i < chunks; ++i)
    for (std::size_t c = 0; c < channels; ++c) {
      sums.first[c] += all[i * 2 * channels + c];
      sums.second[c] += all[(i * 2 + 1) * channels + c];
    }
  return sums;
}

std::vector<float> floats(const Tensor& x) {
  const Tensor flat = x.detach().to(torch::kFloat32).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

template <typename T>
Sums batch_sums(const Tensor& x) {
  return sums_of(pixels_of(x), [&](std::int64_t at, Pixels part, double* sum, double* squares) {
    sum_channels(data<T>(x) + at, part, sum, squares);
  });
}

template <typename T>
Tensor rectify(const Tensor& x, const Tensor& skip, const std::vector<float>& factor,
               const std::vector<float>& offset) {
  Tensor y = torch::empty_like(x);
  in_chunks(pixels_of(x), [&](std::int64_t, std::int64_t at, Pixels part) {
    scale_add_relu(data<T>(x) + at, skip.numel() > 0 ? data<T>(skip) + at : nullptr, factor.data(), offset.data(), part,
                   data<T>(y) + at);
  });
  return y;
}

struct Gradients {
  Tensor x, skip, scale, bias;
};

template <typename T>
Gradients gradients(const Tensor& upstream, const Tensor& y, const Tensor& x, const std::vector<float>& mean,
                    const std::vector<float>& inverse_deviation, const std::vector<float>& scale) {
  const Pixels pixels = pixels_of(x);
  Gradients result;
  result.skip = torch::empty_like(x);
  const Sums sums = sums_of(pixels, [&](std::int64_t at, Pixels part, double* sum, double* products) {
    mask_gradient(data<T>(upstream) + at, data<T>(y) + at, data<T>(x) + at, mean.data(), part,
                  data<T>(result.skip) + at, sum, products);
  });
  const std::size_t channels = mean.size();
  const auto n = static_cast<double>(pixels.count);
  std::vector<float> of_scale(channels);
  std::vector<float> of_bias(channels);
  std::vector<float> of_gradient(channels);
  std::vector<float> of_input(channels);
  std::vector<float> offset(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const double inverse = static_cast<double>(inverse_deviation[c]);
    const double factor = static_cast<double>(scale[c]) * inverse;
    const double slope = sums.second[c] * inverse;  // of the loss over the scale
    of_scale[c] = static_cast<float>(slope);
    of_bias[c] = static_cast<float>(sums.first[c]);
    of_gradient[c] = static_cast<float>(factor);
    of_input[c] = static_cast<float>(-factor * inverse * slope / n);
    offset[c] = static_cast<float>(-factor * sums.first[c] / n) - of_input[c] * mean[c];
  }
  result.x = torch::empty_like(x);
  in_chunks(pixels, [&](std::int64_t, std::int64_t at, Pixels part) {
    combine_gradient(data<T>(result.skip) + at, data<T>(x) + at, of_gradient.data(), of_input.data(), offset.data(),
                     part, data<T>(result.x) + at);
  });
  result.scale = torch::tensor(of_scale);
  result.bias = torch::tensor(of_bias);
  return result;
}

struct NormaliseRelu : torch::autograd::Function<NormaliseRelu> {
  // No skip is an empty one: a Function takes no undefined tensors.
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& scale, const Tensor& bias,
                        const Tensor& skip, const Tensor& running_mean, const Tensor& running_variance, double momentum,
                        double epsilon) {
    const bool narrow = x.scalar_type() == torch::kBFloat16;
    const Sums sums = narrow ? batch_sums<Bfloat16Bits>(x) : batch_sums<float>(x);
    const auto n = static_cast<double>(pixels_of(x).count);
    const std::vector<float> scales = floats(scale);
    const std::vector<float> biases = floats(bias);
    std::vector<float> means(scales.size());
    std::vector<float> variances(scales.size());
    std::vector<float> inverses(scales.size());
    std::vector<float> factors(scales.size());
    std::vector<float> offsets(scales.size());
    for (std::size_t c = 0; c < scales.size(); ++c) {
      const double mean = sums.first[c] / n;
      const double variance = std::max(0.0, sums.second[c] / n - mean * mean);
      means[c] = static_cast<float>(mean);
      variances[c] = static_cast<float>(n > 1 ? variance * n / (n - 1) : variance);
      inverses[c] = static_cast<float>(1 / std::sqrt(variance + epsilon));
      factors[c] = scales[c] * inverses[c];
      offsets[c] = biases[c] - factors[c] * means[c];
    }
    const Tensor mean = torch::tensor(means);
    Tensor(running_mean).lerp_(mean, momentum);
    Tensor(running_variance).lerp_(torch::tensor(variances), momentum);
    const Tensor y =
        narrow ? rectify<Bfloat16Bits>(x, skip, factors, offsets) : rectify<float>(x, skip, factors, offsets);
    context->save_for_backward({x, y, scale, mean, torch::tensor(inverses)});
    context->saved_data["has_skip"] = skip.numel() > 0;
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& x = saved[0];
    const Tensor gradient = upstream[0].to(x.scalar_type()).contiguous(torch::MemoryFormat::ChannelsLast);
    const bool narrow = x.scalar_type() == torch::kBFloat16;
    const auto compute = narrow ? gradients<Bfloat16Bits> : gradients<float>;
    const Gradients all = compute(gradient, saved[1], x, floats(saved[3]), floats(saved[4]), floats(saved[2]));
    const Tensor skip = context->saved_data["has_skip"].toBool() ? all.skip : Tensor();
    return {all.x, all.scale, all.bias, skip, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor normalise_relu(const Tensor& x, const Tensor& scale, const Tensor& bias, const Tensor& skip,
                      RunningStatistics& statistics, bool training) {
  const bool same_form = !skip.defined() || (skip.sizes() == x.sizes() && skip.scalar_type() == x.scalar_type());
  if (training && has_kernels(x) && same_form)
    return NormaliseRelu::apply(x, scale, bias,
                                skip.defined() ? skip.contiguous(torch::MemoryFormat::ChannelsLast) : torch::empty({0}),
                                statistics.mean, statistics.variance, statistics.momentum, statistics.epsilon);
  const Tensor y = torch::batch_norm(x, scale, bias, statistics.mean, statistics.variance, training,
                                     statistics.momentum, statistics.epsilon, true);
  return torch::relu(skip.defined() ? y + skip : y);
}

}  // namespace lutra::training
