#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/interface/commands.h"
#include "software/compiler/image_writer.h"

namespace lutra::compiler {

// What the engine's memories hold from the first frame on: a block each, and the stream that loads them.
class Startup {
 public:
  // The place of `bytes` in the memory's block, on a multiple of `alignment`.
  std::uint32_t add(lutra_buffer memory, std::span<const std::uint8_t> bytes, std::uint32_t alignment);

  std::uint64_t bytes(lutra_buffer memory) const { return blocks_[memory].size(); }

  // Appends the blocks and the stream to the image.
  void place(ImageWriter& image, std::uint32_t alignment);

  // Once placed, in the image; 0: there is none.
  std::uint32_t block(lutra_buffer memory) const { return addresses_[memory]; }
  std::uint32_t stream() const { return stream_; }
  std::uint32_t stream_bytes() const { return stream_bytes_; }

 private:
  std::array<std::vector<std::uint8_t>, LUTRA_BUFFER_COUNT> blocks_;
  std::array<std::uint32_t, LUTRA_BUFFER_COUNT> addresses_{};
  std::uint32_t stream_ = 0;
  std::uint32_t stream_bytes_ = 0;
};

}  // namespace lutra::compiler
