#include "software/training/core/quantisers/code_quantisation.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "software/training/core/quantisers/activation_kernels.h"
#include "software/training/core/tensor_data.h"

namespace lutra::training {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t values_per_task = 1 << 16;  // a chunk: sums are taken by it, so that threads change no result

bool is_dense(const Tensor& x) {
  return x.device().is_cpu() && x.is_non_overlapping_and_dense() &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16);
}

void in_chunks(std::int64_t count, const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& task) {
  at::parallel_for(0, (count + values_per_task - 1) / values_per_task, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      task(i, i * values_per_task, std::min(values_per_task, count - i * values_per_task));
  });
}

struct Grid {
  std::vector<float> levels;  // real values
  CodeGrid codes{};
};

Grid grid_of(const Tensor& step, const Tensor& levels, int low, int high, bool is_even) {
  Grid grid;
  const float size = step.item<float>();
  const Tensor real = (levels * size).contiguous();
  grid.levels.assign(real.data_ptr<float>(), real.data_ptr<float>() + real.numel());
  grid.codes = {1 / size, static_cast<float>(low), static_cast<float>(high), nullptr, is_even, size};
  return grid;
}

struct Sums {
  double inside = 0;             // of upstream * x / step, where x is not clamped
  std::vector<double> of_codes;  // of upstream by code; of upstream * code, for even levels
};

template <typename T>
Tensor forward_on_cpu(const Tensor& x, const Grid& grid) {
  Tensor y = torch::empty_like(x);
  CodeGrid codes = grid.codes;
  codes.levels = grid.levels.data();
  in_chunks(x.numel(), [&](std::int64_t, std::int64_t at, std::int64_t count) {
    quantise(data<T>(x) + at, count, codes, data<T>(y) + at);
  });
  return y;
}

template <typename T>
Tensor backward_on_cpu(const Tensor& upstream, const Tensor& x, const Grid& grid, Sums& sums) {
  Tensor gradient = torch::empty_like(x);
  CodeGrid codes = grid.codes;
  codes.levels = grid.levels.data();
  const std::size_t width = codes.is_even ? 1 : grid.levels.size();
  const auto chunks = static_cast<std::size_t>((x.numel() + values_per_task - 1) / values_per_task);
  std::vector<double> inside(chunks);
  std::vector<double> of_codes(chunks * width);
  in_chunks(x.numel(), [&](std::int64_t index, std::int64_t at, std::int64_t count) {
    const auto i = static_cast<std::size_t>(index);
    const T* up = data<T>(upstream) + at;
    if (codes.is_even)
      quantise_gradient_even(up, data<T>(x) + at, count, codes, data<T>(gradient) + at, inside[i], of_codes[i]);
    else
      quantise_gradient(up, data<T>(x) + at, count, codes, data<T>(gradient) + at, inside[i], &of_codes[i * width]);
  });
  sums.of_codes.assign(width, 0);
  for (std::size_t i = 0; i < chunks; ++i) {
    sums.inside += inside[i];
    for (std::size_t k = 0; k < width; ++k) sums.of_codes[k] += of_codes[i * width + k];
  }
  return gradient;
}

struct QuantiseToLevels : torch::autograd::Function<QuantiseToLevels> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& step, const Tensor& levels,
                        std::int64_t low, std::int64_t high, bool is_even, double step_factor) {
    context->save_for_backward({x, step, levels});
    context->saved_data["low"] = low;
    context->saved_data["high"] = high;
    context->saved_data["is_even"] = is_even;
    context->saved_data["step_factor"] = step_factor;
    if (is_dense(x)) {
      const Grid grid = grid_of(step, levels, static_cast<int>(low), static_cast<int>(high), is_even);
      return x.scalar_type() == torch::kFloat32 ? forward_on_cpu<float>(x, grid)
                                                : forward_on_cpu<Bfloat16Bits>(x, grid);
    }
    const Tensor codes = codes_of(x.to(torch::kFloat32) / step, low, high);
    return ((is_even ? codes : at_codes(levels, codes, low)) * step).to(x.scalar_type());
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& x = saved[0];
    const Tensor& step = saved[1];
    const Tensor& levels = saved[2];
    const std::int64_t low = context->saved_data["low"].toInt();
    const std::int64_t high = context->saved_data["high"].toInt();
    const bool is_even = context->saved_data["is_even"].toBool();
    Tensor of_x;
    Tensor of_levels;
    Tensor of_step;
    if (is_dense(x)) {
      const Grid grid = grid_of(step, levels, static_cast<int>(low), static_cast<int>(high), is_even);
      Tensor up = upstream[0].to(x.scalar_type());
      if (up.strides() != x.strides()) up = torch::empty_like(x).copy_(up);
      Sums sums;
      of_x = x.scalar_type() == torch::kFloat32 ? backward_on_cpu<float>(up, x, grid, sums)
                                                : backward_on_cpu<Bfloat16Bits>(up, x, grid, sums);
      double used = is_even ? sums.of_codes[0] : 0;
      if (!is_even) {
        const Tensor by_code = torch::tensor(sums.of_codes, torch::kFloat64);
        used = (by_code * levels.to(torch::kFloat64)).sum().item<double>();
        of_levels = (by_code * step.item<double>()).to(torch::kFloat32);
      }
      of_step = torch::full_like(step, used - sums.inside);
    } else {
      const Tensor scaled = x.to(torch::kFloat32) / step;
      const Tensor up = upstream[0].to(torch::kFloat32);
      const Tensor passed = up * (scaled >= low).logical_and(scaled <= high);
      const Tensor codes = codes_of(scaled, low, high);
      of_x = passed.to(x.scalar_type());
      of_step =
          ((up * (is_even ? codes : at_codes(levels, codes, low))).sum() - (passed * scaled).sum()).reshape_as(step);
      if (!is_even)
        of_levels =
            torch::zeros_like(levels).index_add_(0, (codes - low).to(torch::kInt64).flatten(), up.flatten()) * step;
    }
    return {of_x,    of_step * context->saved_data["step_factor"].toDouble(), of_levels, Tensor(), Tensor(), Tensor(),
            Tensor()};
  }

  static Tensor codes_of(const Tensor& scaled, std::int64_t low, std::int64_t high) {
    return torch::floor(torch::clamp(scaled, low, high) + 0.5);
  }
  static Tensor at_codes(const Tensor& levels, const Tensor& codes, std::int64_t low) {
    return levels.index({(codes - low).to(torch::kInt64)});
  }
};

}  // namespace

Tensor quantise_to_levels(const Tensor& x, const Tensor& step, const Tensor& levels, int low, int high, bool is_even,
                          double step_factor) {
  return QuantiseToLevels::apply(x, step, levels, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high),
                                 is_even, step_factor);
}

}  // namespace lutra::training
