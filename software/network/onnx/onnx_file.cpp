#include "software/network/onnx/onnx_file.h"

#include <fmt/format.h>
#include <google/protobuf/arena.h>

#include <algorithm>
#include <new>

#include "software/common/error.h"
#include "software/network/onnx/onnx_array.h"
#include "software/network/onnx/onnx_format.h"

namespace lutra::network {

namespace {

thread_local std::size_t memory_left = 0;

// The arena takes no allocator with a state of its own.
void* allocate_block(std::size_t size) {
  if (size > memory_left) throw std::bad_alloc();
  memory_left -= size;
  return ::operator new(size);
}

void free_block(void* block, std::size_t) { ::operator delete(block); }

google::protobuf::ArenaOptions counted() {
  google::protobuf::ArenaOptions options;
  options.block_alloc = allocate_block;
  options.block_dealloc = free_block;
  return options;
}

}  // namespace

struct OnnxFile::Memory {
  google::protobuf::Arena arena{counted()};
};

OnnxFile::OnnxFile(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > largest_onnx_bytes)
    throw Error(fmt::format("has more than the {} bytes that are accepted", largest_onnx_bytes));
  memory_left = memory_of_any_file + memory_per_file_byte * bytes.size();
  try {
    memory_ = std::make_unique<Memory>();
    model_ = google::protobuf::Arena::CreateMessage<onnx::ModelProto>(&memory_->arena);
    if (bytes.empty() || !model_->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      throw Error("is not an ONNX file, or is cut off or damaged");
  } catch (const std::bad_alloc&) {
    throw Error(fmt::format("declares more than {} bytes can hold; it is damaged", bytes.size()));
  }
}

OnnxFile::~OnnxFile() = default;

std::size_t most_values_of(std::size_t file_bytes) {
  constexpr std::size_t of_any_file = std::size_t{1} << 22;
  constexpr std::size_t per_byte = 2;
  return std::min(of_any_file + per_byte * file_bytes, static_cast<std::size_t>(importer::max_values));
}

}  // namespace lutra::network
