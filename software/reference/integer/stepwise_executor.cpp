#include "software/reference/integer/stepwise_executor.h"

#include "software/network/encoding/encoding.h"
#include "software/reference/image_workers.h"
#include "software/reference/integer/integer_program.h"

namespace lutra::reference {

namespace {

std::size_t index(network::EdgeId edge) { return static_cast<std::size_t>(edge); }

void decode(const network::ActivationEncoding& encoding, const std::vector<std::int16_t>& codes,
            std::vector<std::int16_t>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::int16_t>(network::value_of(encoding, codes[i]));
}

// The input alone, as a network of its own.
network::QuantisedNetwork input_only(const network::QuantisedNetwork& network) {
  network::QuantisedNetwork input;
  input.name = network.name;
  input.edges = {network.edges[index(network.input.edge)]};
  input.input = {0, network.input.channels};
  input.output = 0;
  return input;
}

}  // namespace

void StepwiseExecutor::advance(const network::QuantisedNetwork& network) {
  network::QuantisedNetwork valid = network;
  valid.output =
      network.operations.empty() ? network.input.edge : network::output_edges(network.operations.back()).front();
  network::validate(valid);
  const bool first = encodings_.empty();
  encodings_.clear();
  for (const network::Edge& edge : network.edges) encodings_.push_back(edge.encoding);
  const IntegerProgram input(input_only(network), available_instruction_sets().back());
  const IntegerKernels kernels = integer_kernels(available_instruction_sets().back());
  std::vector<std::unique_ptr<IntegerStep>> steps;
  for (std::size_t i = done_; i < network.operations.size(); ++i)
    steps.push_back(
        std::visit([&](const auto& op) { return make_step(network, op, kernels); }, network.operations[i].body));
  const auto run_image = [&](IntegerFrame& input_frame, IntegerFrame& frame, std::size_t image) {
    std::vector<Codes>& kept = edges_[image];
    kept.resize(network.edges.size());
    if (first) {
      input.transform_input(data_.image(image), input_frame);
      kept[index(network.input.edge)] = input_frame.codes.front();
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const network::Operation& operation = network.operations[done_ + i];
      for (const network::EdgeId edge : network::input_edges(operation)) {
        frame.codes[index(edge)] = kept[index(edge)];
        decode(encodings_[index(edge)], kept[index(edge)], frame.decoded_values[index(edge)]);
      }
      steps[i]->run(frame);
      for (const network::EdgeId edge : network::output_edges(operation)) kept[index(edge)] = frame.codes[index(edge)];
    }
  };
  for_each_image(edges_.size(), 0,
                 [&]() -> ImageWorker {
                   return [&, input_frame = std::make_shared<IntegerFrame>(input.make_frame()),
                           frame = std::make_shared<IntegerFrame>(network)](std::size_t image) {
                     run_image(*input_frame, *frame, image);
                   };
                 },
                 {});
  done_ = network.operations.size();
}

std::vector<std::int16_t> StepwiseExecutor::values(network::EdgeId edge, std::size_t image) const {
  const Codes& codes = edges_[image][index(edge)];
  Codes values(codes.begin(), codes.end() - 1);  // a frame's edges hold one element more
  if (!encodings_[index(edge)].levels.empty()) decode(encodings_[index(edge)], codes, values);
  return values;
}

void StepwiseExecutor::forget(network::EdgeId edge) {
  for (std::vector<Codes>& image : edges_)
    if (index(edge) < image.size()) image[index(edge)] = {};
}

}  // namespace lutra::reference
