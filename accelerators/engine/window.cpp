#include "accelerators/engine/window.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "accelerators/family/pixel.h"
#include "accelerators/family/timing.h"

namespace lutra::accelerators {

namespace {

std::int32_t wrapped_sum(std::int32_t a, std::int32_t b, int bits) {
  const int unused = 32 - bits;
  const std::uint32_t sum = static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b);
  return static_cast<std::int32_t>(sum << unused) >> unused;
}

}  // namespace

void reduce_windows(const lutra_tile& tile, int accumulator_bits, const Buffers& buffers,
                    std::span<std::int32_t> sums) {
  const bool maximum = tile.kind == LUTRA_TILE_MAXIMUM;
  if (maximum && (tile.flags & LUTRA_TILE_ACCUMULATE) == 0)
    std::fill(sums.begin(), sums.end(), std::numeric_limits<std::int32_t>::min());
  const std::uint8_t* input = buffers.bytes[LUTRA_BUFFER_ACTIVATION].data() + first_input_byte(tile);
  std::vector<std::int16_t> values(tile.input.channels);
  for (std::size_t y = 0; y < tile.rows; ++y)
    for (std::size_t x = 0; x < tile.columns; ++x)
      for (std::size_t r = 0; r < tile.window_height; ++r)
        for (std::size_t s = 0; s < tile.window_width; ++s) {
          const std::size_t pixel =
              (y * tile.stride_y + r * tile.dilation_y) * tile.input.width + x * tile.stride_x + s * tile.dilation_x;
          unpack_pixel(input + pixel * tile.input.pixel_bytes, tile.input.channels, tile.input.bits,
                       tile.input.is_signed != 0, values.data());
          std::int32_t* sum = &sums[(y * tile.columns + x) * tile.channels];
          for (std::size_t k = 0; k < tile.channels; ++k)
            sum[k] =
                maximum ? std::max<std::int32_t>(sum[k], values[k]) : wrapped_sum(sum[k], values[k], accumulator_bits);
        }
}

}  // namespace lutra::accelerators
