#include <fmt/format.h>

#include <cstring>

#include "accelerators/interface/registers.h"
#include "models/interface/memory_map.h"
#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "software/compiler/image_writer.h"
#include "software/compiler/lowering/lower.h"

namespace lutra::compiler {

namespace {

template <typename... Arguments>
[[noreturn]] void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  throw Error("program image: " + fmt::format(format, std::forward<Arguments>(arguments)...));
}

class Checker {
 public:
  explicit Checker(const std::vector<std::uint8_t>& image) : image_(image) {}

  void run() {
    if (image_.size() < sizeof header_)
      refuse("{} bytes are too few for its header of {} bytes", image_.size(), sizeof header_);
    std::memcpy(&header_, image_.data(), sizeof header_);
    check_header();
    std::uint32_t computed = 0;  // by the stream of an operation before
    for (std::uint32_t i = 0; i < header_.op_count; ++i) {
      const lutra_op op = read_op(i);
      const std::uint32_t left = i < computed ? 0 : header_.op_count - i;
      if (op.operations > left || (left > 0 && op.operations == 0) || (op.operations > 1 && op.commands == 0))
        refuse("operation {}: {} operations cannot be computed from here on", i, op.operations);
      if (left > 0) computed = i + op.operations;
      check_op(op, i, op.commands != 0 || left == 0);
    }
  }

 private:
  void check_header() const {
    if (header_.magic != LUTRA_IMAGE_MAGIC)
      refuse("its magic number is {:#x}, not {:#x}", header_.magic, LUTRA_IMAGE_MAGIC);
    if (header_.version != LUTRA_IMAGE_VERSION)
      refuse("version {} where this program knows {}", header_.version, LUTRA_IMAGE_VERSION);
    if (header_.header_bytes != sizeof(lutra_image) || header_.op_bytes != sizeof(lutra_op))
      refuse("its header has {} bytes and its operations {}, not {} and {}", header_.header_bytes, header_.op_bytes,
             sizeof(lutra_image), sizeof(lutra_op));
    if (header_.image_bytes != image_.size())
      refuse("truncated or extended: {} bytes where its header says {}", image_.size(), header_.image_bytes);
    if (const std::uint32_t checksum = image_checksum(image_); checksum != header_.checksum)
      refuse("corrupted: its checksum is {:#x} where its header says {:#x}", checksum, header_.checksum);
    const std::uint64_t space = (std::uint64_t{1} << 32) - LUTRA_IMAGE_ADDRESS;
    if (header_.memory_bytes < header_.image_bytes || header_.memory_bytes > space)
      refuse("{} bytes of memory do not hold its {} bytes", header_.memory_bytes, header_.image_bytes);
    in_image(header_.ops, std::uint64_t{header_.op_count} * sizeof(lutra_op), alignof(lutra_op), "operation table");
    if (header_.startup != 0)
      in_image(header_.startup, header_.startup_bytes, alignof(lutra_tile), "start-up command stream");
    in_memory(header_.profile, (std::uint64_t{header_.op_count} + 1) * sizeof(lutra_profile), alignof(lutra_profile),
              "profile");
    in_memory(header_.frame, header_.frame_bytes, 1, "frame buffer");
    in_memory(header_.logits, header_.logits_bytes, 1, "logits");
  }

  lutra_op read_op(std::uint32_t index) const {
    lutra_op op;
    std::memcpy(&op, &image_[header_.ops - LUTRA_IMAGE_ADDRESS + index * sizeof op], sizeof op);
    return op;
  }

  void check_op(const lutra_op& op, std::uint32_t index, bool on_engine) const {
    const auto name = [&](const char* what) { return fmt::format("operation {}: {}", index, what); };
    if (op.kind > LUTRA_OP_RESAMPLE) refuse("operation {} is of unknown kind {}", index, op.kind);
    if (op.commands != 0 && (op.commands & LUTRA_STREAM_RESIDENT) == 0)
      in_image(op.commands, op.command_bytes, alignof(lutra_tile), name("command stream"));
    if (op.kind != LUTRA_OP_NORMALISE) tensor(op.input, on_engine, name("input"));
    if (op.flags & LUTRA_OP_SKIP) tensor(op.skip, on_engine, name("skip"));
    if (op.flags & LUTRA_OP_CODES) tensor(op.codes, on_engine, name("codes"));
    if (op.flags & LUTRA_OP_STREAM) tensor(op.stream, on_engine, name("stream"));
    if (op.kind == LUTRA_OP_RESAMPLE) return;
    const std::uint64_t channels = op.kind == LUTRA_OP_NORMALISE ? op.codes.channels : op.output_channels;
    const auto parameters = [&](std::uint32_t address, bool single, const char* what) {
      in_image(address, (single ? 1 : channels) * sizeof(lutra_requantise), alignof(lutra_requantise), name(what));
    };
    parameters(op.scale, (op.flags & LUTRA_OP_ONE_SCALE) != 0, "scale parameters");
    if (op.flags & LUTRA_OP_PRELU) parameters(op.prelu, (op.flags & LUTRA_OP_ONE_PRELU) != 0, "PReLU parameters");
    if (op.kind == LUTRA_OP_MATRIX && !on_engine) weights(op, index);
  }

  void weights(const lutra_op& op, std::uint32_t index) const {
    if (op.groups == 0 || op.input.channels % op.groups != 0 || op.weight_bits < 2 || op.weight_bits > 8)
      refuse("operation {}: {} groups of {} channels with weights of {} bits", index, op.groups, op.input.channels,
             op.weight_bits);
    const std::uint64_t window = std::uint64_t{op.window_height} * op.window_width;
    const std::uint64_t per_channel = window * (op.input.channels / op.groups);  // below 2^64: 16 + 16 + 32 bits
    if (per_channel > image_.size() * 8 || op.output_channels > image_.size())
      refuse("operation {}: {} x {} weights do not fit its {} bytes", index, op.output_channels, per_channel,
             image_.size());
    const std::uint64_t channel_bytes = (per_channel * op.weight_bits + 7) / 8;
    in_image(op.weights, channel_bytes * op.output_channels, 1, fmt::format("operation {}: weights", index));
  }

  void tensor(const lutra_tensor& t, bool on_engine, const std::string& what) const {
    const bool known = (t.bits >= 2 && t.bits <= 8) || t.bits == 16;
    const auto pixel_bytes = packed_bytes(t.channels, t.bits);
    if (!known || t.channels == 0 || t.height == 0 || t.width == 0 || t.pixel_bytes < pixel_bytes)
      refuse("{}: a tensor of {} x {} x {} with {} bits and {} bytes per pixel is not possible", what, t.channels,
             t.height, t.width, t.bits, t.pixel_bytes);
    // Neither product leaves 64 bits: the first has 64, and the second begins with at most 32.
    const std::uint64_t pixels = std::uint64_t{t.height} * t.width;
    if (t.memory == LUTRA_MEMORY_MAPS) {  // the engine holds its commands against the size of that memory
      if (!on_engine) refuse("{}: the hart cannot reach the map memory", what);
      return;
    }
    if (t.memory != LUTRA_MEMORY_MAIN) refuse("{}: there is no memory {}", what, t.memory);
    if (pixels > header_.memory_bytes) refuse("{}: {} pixels leave the image's memory", what, pixels);
    in_memory(t.address, (pixels - 1) * t.pixel_bytes + static_cast<std::uint64_t>(pixel_bytes), 1, what);
  }

  void in_image(std::uint32_t address, std::uint64_t bytes, std::uint32_t alignment, const std::string& what) const {
    within(address, bytes, header_.image_bytes, alignment, what);
  }
  void in_memory(std::uint32_t address, std::uint64_t bytes, std::uint32_t alignment, const std::string& what) const {
    within(address, bytes, header_.memory_bytes, alignment, what);
  }

  static void within(std::uint32_t address, std::uint64_t bytes, std::uint64_t room, std::uint32_t alignment,
                     const std::string& what) {
    if (address % alignment != 0) refuse("{} at {:#x} is not on a multiple of {}", what, address, alignment);
    if (address < LUTRA_IMAGE_ADDRESS || bytes > room || address - LUTRA_IMAGE_ADDRESS > room - bytes)
      refuse("{} ({} bytes at {:#x}) leaves the {} bytes from {:#x}", what, bytes, address, room, LUTRA_IMAGE_ADDRESS);
  }

  const std::vector<std::uint8_t>& image_;
  lutra_image header_{};
};

}  // namespace

void check_image(const std::vector<std::uint8_t>& image) { Checker(image).run(); }

}  // namespace lutra::compiler
