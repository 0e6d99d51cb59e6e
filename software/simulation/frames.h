#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "software/network/quantised/quantised_network.h"
#include "software/reference/executor.h"

namespace lutra::simulation {

// What the sensor delivers for one image: its bytes as they are where the hart normalises, else the input edge's codes,
// pixel-packed as accelerators/interface/commands.h says.
std::vector<std::uint8_t> make_frame(const reference::IntegerExecutor& executor,
                                     const network::QuantisedNetwork& network, std::span<const std::uint8_t> pixels,
                                     bool normalise_on_hart);

// Codes of `bits` each, least significant bit first, every `channels` of them starting on a byte.
std::vector<std::uint8_t> pack_pixels(std::span<const std::int32_t> codes, int channels, int bits);

// Throws Error naming the frame, the logit and both values when the SoC's logits differ from the reference's.
void compare_logits(std::size_t frame, std::span<const std::int32_t> simulated,
                    std::span<const std::int32_t> reference);

}  // namespace lutra::simulation
