#include "software/program/image_reader.h"

#include <fmt/format.h>

#include <cstring>

#include "models/interface/memory_map.h"
#include "software/common/error.h"

namespace lutra::program {

lutra_image read_header(std::span<const std::uint8_t> image) {
  lutra_image header{};
  if (image.size() < sizeof header)
    throw Error(
        fmt::format("program image: {} bytes are too few for its header of {} bytes", image.size(), sizeof header));
  std::memcpy(&header, image.data(), sizeof header);
  return header;
}

std::vector<lutra_op> read_operations(std::span<const std::uint8_t> image) {
  const lutra_image header = read_header(image);
  const std::uint64_t first = std::uint64_t{header.ops} - LUTRA_IMAGE_ADDRESS;
  const std::uint64_t bytes = std::uint64_t{header.op_count} * sizeof(lutra_op);
  if (header.ops < LUTRA_IMAGE_ADDRESS || first + bytes > image.size())
    throw Error("program image: its operation table lies outside of it");
  std::vector<lutra_op> operations(header.op_count);
  if (bytes > 0) std::memcpy(operations.data(), image.data() + first, bytes);
  return operations;
}

}  // namespace lutra::program
