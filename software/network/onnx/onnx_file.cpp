#include "software/network/onnx/onnx_file.h"

#include <fmt/format.h>

#include <new>

#include "software/common/error.h"
#include "software/network/onnx/onnx_format.h"

namespace lutra::network {

namespace {

// Eight bytes for a varint of one is the most that honest content needs; the rest is for small files.
constexpr std::size_t memory_per_file_byte = 10;
constexpr std::size_t memory_of_any_file = std::size_t{64} << 20;

thread_local std::size_t memory_left = 0;

// The arena takes no allocator with a state of its own.
void* allocate_block(std::size_t size) {
  if (size > memory_left) throw std::bad_alloc();
  memory_left -= size;
  return ::operator new(size);
}

void free_block(void* block, std::size_t) { ::operator delete(block); }

}  // namespace

OnnxFile::OnnxFile(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > largest_onnx_bytes)
    throw Error(fmt::format("has more than the {} bytes that are accepted", largest_onnx_bytes));
  google::protobuf::ArenaOptions options;
  options.block_alloc = allocate_block;
  options.block_dealloc = free_block;
  memory_left = memory_of_any_file + memory_per_file_byte * bytes.size();
  try {
    arena_ = std::make_unique<google::protobuf::Arena>(options);
    model_ = google::protobuf::Arena::CreateMessage<onnx::ModelProto>(arena_.get());
    if (bytes.empty() || !model_->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      throw Error("is not an ONNX file, or is cut off or damaged");
  } catch (const std::bad_alloc&) {
    throw Error(fmt::format("declares more than {} bytes can hold; it is damaged", bytes.size()));
  }
}

}  // namespace lutra::network
