#include "software/simulation/frames.h"

#include <fmt/format.h>

#include "software/common/error.h"

namespace lutra::simulation {

std::vector<std::uint8_t> pack_pixels(std::span<const std::int32_t> codes, int channels, int bits) {
  const auto per_pixel = static_cast<std::size_t>(channels);
  const std::size_t pixel_bytes = (per_pixel * static_cast<std::size_t>(bits) + 7) / 8;
  std::vector<std::uint8_t> bytes(codes.size() / per_pixel * pixel_bytes, 0);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto code = static_cast<std::uint32_t>(codes[i]);
    const std::size_t first_bit = i / per_pixel * pixel_bytes * 8 + i % per_pixel * static_cast<std::size_t>(bits);
    for (int b = 0; b < bits; ++b) {
      const std::size_t bit = first_bit + static_cast<std::size_t>(b);
      bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | ((code >> b & 1U) << (bit % 8)));
    }
  }
  return bytes;
}

std::vector<std::uint8_t> make_frame(const reference::IntegerExecutor& executor,
                                     const network::QuantisedNetwork& network, std::span<const std::uint8_t> pixels,
                                     bool normalise_on_hart) {
  if (normalise_on_hart) return {pixels.begin(), pixels.end()};
  const network::Edge& input = network.edges.at(static_cast<std::size_t>(network.input.edge));
  return pack_pixels(executor.input_codes(pixels), input.shape.channels, input.encoding.bits);
}

void compare_logits(std::size_t frame, std::span<const std::int32_t> simulated,
                    std::span<const std::int32_t> reference) {
  if (simulated.size() != reference.size())
    throw Error(fmt::format("frame {}: the SoC delivers {} logits, the reference {}", frame, simulated.size(),
                            reference.size()));
  for (std::size_t i = 0; i < simulated.size(); ++i)
    if (simulated[i] != reference[i])
      throw Error(
          fmt::format("frame {}: logit {} is {} on the SoC and {} in the reference; they must be equal bit for bit, "
                      "so this is a fault of Lutra: please report it with the scenario",
                      frame, i, simulated[i], reference[i]));
}

}  // namespace lutra::simulation
