#include "software/reference/integer/integer_step.h"

namespace lutra::reference {

namespace {

TensorRequantise prepare(const network::Requantise& r) { return {r.multiplier, r.bias, r.shift}; }

}  // namespace

IntegerPost::PerChannel::PerChannel(const std::vector<network::Requantise>& all, int channels) {
  if (all.empty()) return;
  for (int channel = 0; channel < channels; ++channel) {
    const network::Requantise& r = all.size() == 1 ? all.front() : all[static_cast<std::size_t>(channel)];
    multiplier.push_back(r.multiplier);
    bias.push_back(r.bias);
    shift.push_back(r.shift);
  }
}

ChannelRequantise IntegerPost::PerChannel::view() const {
  if (multiplier.empty()) return {nullptr, nullptr, nullptr};
  return {multiplier.data(), bias.data(), shift.data()};
}

IntegerPost::IntegerPost(const network::QuantisedNetwork& network, const network::PostProcess& post,
                         const network::Shape& shape, const IntegerKernels& kernels)
    : post_(post),
      shape_(shape),
      skip_shape_(post.skip ? network.edges[static_cast<std::size_t>(post.skip->edge)].shape : network::Shape{}),
      scale_(post.scale, shape.channels),
      prelu_(post.prelu, shape.channels),
      kernels_(kernels) {}

void IntegerPost::run(const std::int32_t* accumulators, std::ptrdiff_t stride, int y, IntegerFrame& frame) const {
  const std::ptrdiff_t row_elements = std::ptrdiff_t{shape_.width} * shape_.channels;
  frame.post.resize(static_cast<std::size_t>(row_elements));
  PostRow row{};
  row.accumulators = accumulators;
  row.accumulator_stride = stride;
  row.pixels = shape_.width;
  row.channels = shape_.channels;
  row.scale = scale_.view();
  row.prelu = prelu_.view();
  row.scratch = frame.post.data();
  if (post_.skip) {
    const std::ptrdiff_t first_row = std::ptrdiff_t{y} * post_.skip->stride_y;
    row.skip = frame.values(post_.skip->edge) + first_row * skip_shape_.width * skip_shape_.channels;
    row.skip_stride = std::ptrdiff_t{post_.skip->stride_x} * skip_shape_.channels;
    row.skip_first = post_.skip->channel_offset;
    row.skip_channels = skip_shape_.channels;
    row.skip_scale = prepare(post_.skip->requantise);
  }
  if (post_.stream >= 0) row.stream = frame.codes[static_cast<std::size_t>(post_.stream)].data() + y * row_elements;
  if (post_.codes) {
    row.codes = frame.codes[static_cast<std::size_t>(post_.codes->edge)].data() + y * row_elements;
    row.requantise_codes = post_.codes->requantise.has_value();
    if (row.requantise_codes) row.code_scale = prepare(*post_.codes->requantise);
    row.low = post_.codes->low;
    row.high = post_.codes->high;
  }
  kernels_.post(row);
}

}  // namespace lutra::reference
