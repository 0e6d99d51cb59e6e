#include "software/network/quantised_onnx/quantised_onnx_fields.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace lutra::network::quantised_onnx {

template <typename Integer>
std::vector<Integer> Fields::integers(const std::string& name) const {
  const auto found = node_.integers(name);
  if (!found) node_.refuse("lacks its attribute \"{}\"", name);
  std::vector<Integer> values;
  for (const std::int64_t value : *found) {
    if (value < static_cast<std::int64_t>(std::numeric_limits<Integer>::min()) ||
        value > static_cast<std::int64_t>(std::numeric_limits<Integer>::max()))
      node_.refuse("its attribute \"{}\" holds {}, which is out of range", name, value);
    values.push_back(static_cast<Integer>(value));
  }
  return values;
}

template <std::size_t count>
std::array<int, count> Fields::integers_of(const std::string& name) const {
  const auto values = integers<int>(name);
  if (values.size() != count) node_.refuse("its attribute \"{}\" has {} values, not {}", name, values.size(), count);
  std::array<int, count> fixed{};
  std::copy(values.begin(), values.end(), fixed.begin());
  return fixed;
}

template std::vector<int> Fields::integers(const std::string&) const;
template std::vector<std::int16_t> Fields::integers(const std::string&) const;
template std::array<int, 2> Fields::integers_of(const std::string&) const;
template std::array<int, 3> Fields::integers_of(const std::string&) const;
template std::array<int, 4> Fields::integers_of(const std::string&) const;

int Fields::integer(const std::string& name) const {
  if (!node_.has(name)) node_.refuse("lacks its attribute \"{}\"", name);
  const std::int64_t value = node_.integer(name, 0);
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
    node_.refuse("its attribute \"{}\" is {}, which is out of range", name, value);
  return static_cast<int>(value);
}

std::vector<double> Fields::doubles(const std::string& name) const {
  const onnx::TensorProto* tensor = node_.tensor(name);
  if (tensor == nullptr) node_.refuse("lacks its attribute \"{}\"", name);
  const std::string& data = tensor->raw_data();
  if (tensor->data_type() != onnx::TensorProto::DOUBLE || data.size() % sizeof(double) != 0)
    node_.refuse("its attribute \"{}\" is not a list of raw doubles", name);
  std::vector<double> values(data.size() / sizeof(double));
  if (!values.empty()) std::memcpy(values.data(), data.data(), data.size());
  return values;
}

std::vector<Requantise> Fields::requantises(const std::string& prefix) const {
  const auto multiplier = integers<std::uint32_t>(prefix + "_multiplier");
  const auto bias = integers<std::int64_t>(prefix + "_bias");
  const auto shift = integers<std::uint8_t>(prefix + "_shift");
  if (bias.size() != multiplier.size() || shift.size() != multiplier.size())
    node_.refuse("its attributes \"{}_...\" differ in length", prefix);
  std::vector<Requantise> all;
  for (std::size_t i = 0; i < multiplier.size(); ++i) all.push_back({multiplier[i], bias[i], shift[i]});
  return all;
}

Requantise Fields::requantise(const std::string& prefix) const {
  const auto all = requantises(prefix);
  if (all.size() != 1) node_.refuse("its attributes \"{}_...\" have {} values, not one", prefix, all.size());
  return all.front();
}

Window Fields::window() const {
  const auto kernel = integers_of<2>("kernel");
  const auto strides = integers_of<2>("strides");
  const auto dilations = integers_of<2>("dilations");
  const auto pads = integers_of<4>("pads");
  return {kernel[0], kernel[1], strides[0], strides[1], dilations[0], dilations[1], pads[0], pads[1], pads[2], pads[3]};
}

}  // namespace lutra::network::quantised_onnx
