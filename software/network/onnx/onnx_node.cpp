#include "software/network/onnx/onnx_node.h"

#include "software/network/onnx/onnx_array.h"

namespace lutra::network::importer {

OnnxNode::OnnxNode(const onnx::NodeProto& node) : node_(&node) {
  std::set<std::string> seen;
  for (const onnx::AttributeProto& attribute : node.attribute())
    if (!seen.insert(attribute.name()).second) refuse("has two attributes \"{}\"", printable(attribute.name()));
}

std::string OnnxNode::name() const {
  if (!node_->name().empty()) return printable(node_->name());
  return node_->output_size() > 0 ? printable(node_->output(0)) : "";
}

std::string OnnxNode::place() const { return fmt::format("{} node \"{}\"", printable(type()), name()); }

const onnx::AttributeProto* OnnxNode::find(const std::string& attribute,
                                           onnx::AttributeProto::AttributeType type) const {
  read_.insert(attribute);
  for (const onnx::AttributeProto& candidate : node_->attribute()) {
    if (candidate.name() != attribute) continue;
    if (candidate.type() != type)
      refuse("its attribute \"{}\" must be of type {}", attribute, onnx::AttributeProto_AttributeType_Name(type));
    return &candidate;
  }
  return nullptr;
}

std::int64_t OnnxNode::integer(const std::string& attribute, std::int64_t otherwise) const {
  const auto* found = find(attribute, onnx::AttributeProto::INT);
  return found ? found->i() : otherwise;
}

float OnnxNode::real(const std::string& attribute, float otherwise) const {
  const auto* found = find(attribute, onnx::AttributeProto::FLOAT);
  return found ? found->f() : otherwise;
}

std::string OnnxNode::text(const std::string& attribute, const std::string& otherwise) const {
  const auto* found = find(attribute, onnx::AttributeProto::STRING);
  return found ? found->s() : otherwise;
}

std::optional<std::vector<std::int64_t>> OnnxNode::integers(const std::string& attribute) const {
  const auto* found = find(attribute, onnx::AttributeProto::INTS);
  if (!found) return std::nullopt;
  return std::vector<std::int64_t>(found->ints().begin(), found->ints().end());
}

std::optional<std::vector<float>> OnnxNode::reals(const std::string& attribute) const {
  const auto* found = find(attribute, onnx::AttributeProto::FLOATS);
  if (!found) return std::nullopt;
  return std::vector<float>(found->floats().begin(), found->floats().end());
}

const onnx::TensorProto* OnnxNode::tensor(const std::string& attribute) const {
  const auto* found = find(attribute, onnx::AttributeProto::TENSOR);
  return found ? &found->t() : nullptr;
}

bool OnnxNode::has(const std::string& attribute) const {
  for (const onnx::AttributeProto& candidate : node_->attribute())
    if (candidate.name() == attribute) return true;
  return false;
}

void OnnxNode::expect_all_attributes_read() const {
  for (const onnx::AttributeProto& attribute : node_->attribute())
    if (!read_.contains(attribute.name())) refuse("its attribute \"{}\" is not supported", printable(attribute.name()));
}

}  // namespace lutra::network::importer
