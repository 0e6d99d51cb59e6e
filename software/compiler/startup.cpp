#include "software/compiler/startup.h"

#include "software/common/arithmetic.h"
#include "software/compiler/mapping/emit.h"

namespace lutra::compiler {

std::uint32_t Startup::add(lutra_buffer memory, std::span<const std::uint8_t> bytes, std::uint32_t alignment) {
  std::vector<std::uint8_t>& block = blocks_[memory];
  const auto place = static_cast<std::uint32_t>(block.size());
  block.insert(block.end(), bytes.begin(), bytes.end());
  block.resize(round_up(block.size(), alignment));
  return place;
}

void Startup::place(ImageWriter& image, std::uint32_t alignment) {
  StreamBuilder stream;
  bool loads = false;
  for (std::size_t memory = 0; memory < blocks_.size(); ++memory) {
    const std::vector<std::uint8_t>& block = blocks_[memory];
    if (block.empty()) continue;
    addresses_[memory] = image.append(block, alignment);
    const lutra_transfer transfer = block_transfer(static_cast<lutra_buffer>(memory), 0, addresses_[memory],
                                                   static_cast<std::int64_t>(block.size()));
    stream.load(transfer, region_of(transfer));
    loads = true;
  }
  if (!loads) return;
  const std::vector<std::uint8_t> commands = stream.finish();
  stream_ = image.append(commands, alignment);
  stream_bytes_ = static_cast<std::uint32_t>(commands.size());
}

}  // namespace lutra::compiler
