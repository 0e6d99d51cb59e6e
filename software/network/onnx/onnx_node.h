#pragma once

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "software/common/error.h"

namespace lutra::network::importer {

// One ONNX node: its attributes by name and type, and errors that say where they happened.
class OnnxNode {
 public:
  // Throws Error when an attribute appears twice. `node` must outlive this.
  explicit OnnxNode(const onnx::NodeProto& node);

  const std::string& type() const { return node_->op_type(); }
  const onnx::NodeProto& proto() const { return *node_; }
  std::string name() const;   // printable; the output's where the node has none
  std::string place() const;  // for messages: Conv node "conv1"

  template <typename... Arguments>
  [[noreturn]] void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) const {
    throw Error(place() + ": " + fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  // Each throws Error when the attribute is there with another type.
  std::int64_t integer(const std::string& attribute, std::int64_t otherwise) const;
  float real(const std::string& attribute, float otherwise) const;
  std::string text(const std::string& attribute, const std::string& otherwise) const;
  std::optional<std::vector<std::int64_t>> integers(const std::string& attribute) const;
  std::optional<std::vector<float>> reals(const std::string& attribute) const;
  const onnx::TensorProto* tensor(const std::string& attribute) const;
  bool has(const std::string& attribute) const;

  // Throws Error naming an attribute that nobody has asked for: what is not understood is not ignored.
  void expect_all_attributes_read() const;

 private:
  const onnx::AttributeProto* find(const std::string& attribute, onnx::AttributeProto::AttributeType type) const;

  const onnx::NodeProto* node_;
  mutable std::set<std::string> read_;
};

}  // namespace lutra::network::importer
