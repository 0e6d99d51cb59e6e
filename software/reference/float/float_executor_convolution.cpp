#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "software/common/error.h"
#include "software/network/limits.h"
#include "software/reference/float/float_executor_kernels.h"
#include "software/reference/float/float_executor_matrix.h"

namespace lutra::reference {

namespace {

using network::Shape;
using network::Window;

// A group's output channels in blocks of block_rows, the rest one by one; within a block [depth][row].
std::vector<float> pack_rows(const float* weights, int rows, int depth) {
  std::vector<float> packed;
  packed.reserve(static_cast<std::size_t>(rows) * depth);
  for (int first = 0; first < rows;) {
    const int block = rows - first >= block_rows ? block_rows : 1;
    for (int k = 0; k < depth; ++k)
      for (int row = 0; row < block; ++row) packed.push_back(weights[std::ptrdiff_t{first + row} * depth + k]);
    first += block;
  }
  return packed;
}

class ConvolutionKernel {
 public:
  ConvolutionKernel(const network::Convolution& op, const Shape& input, const Shape& output)
      : window_(op.window), groups_(op.groups), input_(input), output_(output), bias_(op.bias) {
    padded_ = {input.channels, input.height + window_.pad_top + window_.pad_bottom,
               input.width + window_.pad_left + window_.pad_right};
    rows_ = op.output_channels / groups_;
    const int channels = input.channels / groups_;
    for (int channel = 0; channel < channels; ++channel)
      for (int y = 0; y < window_.height; ++y)
        for (int x = 0; x < window_.width; ++x)
          tap_offsets_.push_back(padded_index(channel, y * window_.dilation_y, x * window_.dilation_x));
    depth_ = static_cast<int>(tap_offsets_.size());
    for (int group = 0; group < groups_; ++group)
      weights_.push_back(pack_rows(op.weights.data() + std::ptrdiff_t{group} * rows_ * depth_, rows_, depth_));
    bias_.resize(static_cast<std::size_t>(op.output_channels));
  }

  void operator()(const float* input, float* output, FloatScratch& scratch) const {
    const float* image = pad(input, scratch.padded);
    scratch.panel.resize(static_cast<std::size_t>(depth_) * panel_columns);
    const int pixels = output_.height * output_.width;
    for (int group = 0; group < groups_; ++group) {
      const float* channels = image + padded_index(group * (input_.channels / groups_), 0, 0);
      for (int pixel = 0; pixel < pixels; pixel += panel_columns) {
        gather(channels, pixel, scratch.panel.data());
        multiply(group, pixel, scratch.panel.data(), output);
      }
    }
  }

  const Shape& padded() const { return padded_; }

 private:
  std::ptrdiff_t padded_index(int channel, int y, int x) const {
    return (std::ptrdiff_t{channel} * padded_.height + y) * padded_.width + x;
  }

  const float* pad(const float* input, std::vector<float>& padded) const {
    if (padded_ == input_) return input;
    padded.assign(static_cast<std::size_t>(padded_.elements()), 0.0F);
    for (int channel = 0; channel < input_.channels; ++channel)
      for (int y = 0; y < input_.height; ++y)
        std::copy_n(input + (std::ptrdiff_t{channel} * input_.height + y) * input_.width, input_.width,
                    padded.data() + padded_index(channel, y + window_.pad_top, window_.pad_left));
    return padded.data();
  }

  // The input elements under each tap of the window, for panel_columns pixels from `first` on; beyond the last pixel
  // they repeat that of the last.
  void gather(const float* channels, int first, float* panel) const {
    std::ptrdiff_t offsets[panel_columns];
    bool contiguous = true;
    for (int column = 0; column < panel_columns; ++column) {
      const int pixel = std::min(first + column, output_.height * output_.width - 1);
      offsets[column] =
          padded_index(0, pixel / output_.width * window_.stride_y, pixel % output_.width * window_.stride_x);
      contiguous = contiguous && (column % run == 0 || offsets[column] == offsets[column - 1] + 1);
    }
    for (const std::ptrdiff_t tap : tap_offsets_) {
      const float* source = channels + tap;
      if (contiguous)
        for (int column = 0; column < panel_columns; column += run)
          std::memcpy(panel + column, source + offsets[column], run * sizeof(float));
      else
        for (int column = 0; column < panel_columns; ++column) panel[column] = source[offsets[column]];
      panel += panel_columns;
    }
  }

  void multiply(int group, int first_pixel, const float* panel, float* output) const {
    const int pixels = output_.height * output_.width;
    const int columns = std::min(panel_columns, pixels - first_pixel);
    const float* weights = weights_[static_cast<std::size_t>(group)].data();
    for (int first = 0; first < rows_;) {
      const int block = rows_ - first >= block_rows ? block_rows : 1;
      float sums[block_rows * panel_columns];
      multiply_panel(weights, block, panel, depth_, sums);
      for (int row = 0; row < block; ++row) {
        const int channel = group * rows_ + first + row;
        float* target = output + std::ptrdiff_t{channel} * pixels + first_pixel;
        for (int column = 0; column < columns; ++column)
          target[column] = sums[row * panel_columns + column] + bias_[static_cast<std::size_t>(channel)];
      }
      weights += std::ptrdiff_t{block} * depth_;
      first += block;
    }
  }

  static constexpr int run = 8;

  Window window_;
  int groups_;
  int rows_ = 0;
  int depth_ = 0;
  Shape input_;
  Shape output_;
  Shape padded_;
  std::vector<float> bias_;
  std::vector<std::ptrdiff_t> tap_offsets_;
  std::vector<std::vector<float>> weights_;  // per group
};

}  // namespace

FloatKernel make_convolution_kernel(const network::Convolution& op, const Shape& input, const Shape& output,
                                    const std::string& node_name) {
  const Window& window = op.window;
  const std::int64_t padded =
      network::saturating_product({input.channels, input.height + window.pad_top + window.pad_bottom,
                                   input.width + window.pad_left + window.pad_right});
  if (padded > network::max_elements)
    throw Error(fmt::format("Conv node \"{}\": its padded input has {} elements; {} can be executed", node_name, padded,
                            network::max_elements));
  return [kernel = ConvolutionKernel(op, input, output)](std::span<const float* const> inputs, float* result,
                                                         FloatScratch& scratch) { kernel(inputs[0], result, scratch); };
}

// Outputs take the place of pixels: a panel is [input element][panel_columns outputs].
FloatKernel make_linear_kernel(const network::Linear& op, const Shape& input) {
  const int depth = static_cast<int>(input.elements());
  const std::size_t panels = (static_cast<std::size_t>(op.outputs) + panel_columns - 1) / panel_columns;
  std::vector<float> packed(panels * panel_columns * static_cast<std::size_t>(depth));
  for (int output = 0; output < op.outputs; ++output)
    for (int k = 0; k < depth; ++k)
      packed[(static_cast<std::size_t>(output / panel_columns) * depth + k) * panel_columns + output % panel_columns] =
          op.weights[static_cast<std::size_t>(output) * depth + k];
  std::vector<float> bias = op.bias;
  bias.resize(static_cast<std::size_t>(op.outputs));
  return [depth, packed = std::move(packed), bias = std::move(bias)](std::span<const float* const> inputs,
                                                                     float* result, FloatScratch&) {
    const int outputs = static_cast<int>(bias.size());
    for (int first = 0; first < outputs; first += panel_columns) {
      float sums[panel_columns];
      multiply_panel(inputs[0], 1, packed.data() + std::ptrdiff_t{first} * depth, depth, sums);
      for (int output = first; output < std::min(outputs, first + panel_columns); ++output)
        result[output] = sums[output - first] + bias[static_cast<std::size_t>(output)];
    }
  };
}

}  // namespace lutra::reference
