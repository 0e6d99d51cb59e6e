#pragma once

#include <google/protobuf/arena.h>
#include <onnx/onnx_pb.h>

#include <cstdint>
#include <memory>
#include <span>

namespace lutra::network {

// The parsed content of an ONNX file. Parsing may take a bounded multiple of the file's size in memory: two bytes can
// declare an empty message of hundreds. Throws Error for what is no ONNX, damaged, too large or above that bound.
class OnnxFile {
 public:
  explicit OnnxFile(std::span<const std::uint8_t> bytes);

  const onnx::ModelProto& model() const { return *model_; }

 private:
  std::unique_ptr<google::protobuf::Arena> arena_;
  onnx::ModelProto* model_;  // in the arena
};

}  // namespace lutra::network
