#include "software/reference/integer/integer_program.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::reference {

IntegerFrame::IntegerFrame(const network::QuantisedNetwork& network) {
  for (const network::Edge& edge : network.edges) {
    const std::size_t elements = static_cast<std::size_t>(edge.shape.elements()) + 1;
    codes.emplace_back(elements);
    decoded_values.emplace_back(edge.encoding.levels.empty() ? 0 : elements);
  }
}

IntegerProgram::IntegerProgram(const network::QuantisedNetwork& network, InstructionSet set) : network_(network) {
  network::validate(network_);
  const IntegerKernels kernels = integer_kernels(set);
  const network::ActivationEncoding& encoding = network_.edges[static_cast<std::size_t>(network_.input.edge)].encoding;
  for (const network::Requantise& requantise : network_.input.channels) {
    PixelTable& table = pixel_codes_.emplace_back();
    for (int pixel = 0; pixel < 256; ++pixel)
      table[static_cast<std::size_t>(pixel)] = static_cast<std::int16_t>(
          std::clamp<std::int64_t>(network::apply(requantise, pixel), encoding.lowest(), encoding.highest()));
  }
  for (const network::Operation& operation : network_.operations)
    steps_.push_back(std::visit([&](const auto& op) { return make_step(network_, op, kernels); }, operation.body));
}

IntegerFrame IntegerProgram::make_frame() const { return IntegerFrame(network_); }

void IntegerProgram::transform_input(std::span<const std::uint8_t> pixels, IntegerFrame& frame) const {
  const network::Edge& edge = network_.edges[static_cast<std::size_t>(network_.input.edge)];
  if (static_cast<std::int64_t>(pixels.size()) != edge.shape.elements())
    throw Error(fmt::format("an image of {} bytes does not fit the network's input of {}x{}x{}", pixels.size(),
                            edge.shape.channels, edge.shape.height, edge.shape.width));
  const std::size_t plane = static_cast<std::size_t>(edge.shape.height) * edge.shape.width;
  const std::size_t channels = pixel_codes_.size();
  std::int16_t* codes = frame.codes[static_cast<std::size_t>(network_.input.edge)].data();
  for (std::size_t channel = 0; channel < channels; ++channel)
    for (std::size_t pixel = 0; pixel < plane; ++pixel)
      codes[pixel * channels + channel] = pixel_codes_[channel][pixels[channel * plane + pixel]];
  decode(network_.input.edge, frame);
}

void IntegerProgram::run(std::span<const std::uint8_t> pixels, IntegerFrame& frame) const {
  transform_input(pixels, frame);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    steps_[i]->run(frame);
    for (const network::EdgeId edge : network::output_edges(network_.operations[i])) decode(edge, frame);
  }
}

void IntegerProgram::decode(network::EdgeId edge, IntegerFrame& frame) const {
  auto& values = frame.decoded_values[static_cast<std::size_t>(edge)];
  const auto& codes = frame.codes[static_cast<std::size_t>(edge)];
  const network::ActivationEncoding& encoding = network_.edges[static_cast<std::size_t>(edge)].encoding;
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::int16_t>(network::value_of(encoding, codes[i]));
}

}  // namespace lutra::reference
