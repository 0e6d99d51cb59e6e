#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <memory>
#include <span>

namespace lutra::network {

// The parsed content of an ONNX file. Parsing may take memory_of_any_file and memory_per_file_byte times the file's
// size: two bytes can declare an empty message of hundreds. Throws Error for what is no ONNX, damaged, larger than
// largest_onnx_bytes or above that bound.
class OnnxFile {
 public:
  explicit OnnxFile(std::span<const std::uint8_t> bytes);
  ~OnnxFile();

  const onnx::ModelProto& model() const { return *model_; }

 private:
  struct Memory;

  std::unique_ptr<Memory> memory_;
  onnx::ModelProto* model_;  // in the memory
};

// How many values a file of that size may make, as constants and as parameters, each: more than its own, since nodes
// may share initialisers, and never more than a small multiple of them.
std::size_t most_values_of(std::size_t file_bytes);

}  // namespace lutra::network
