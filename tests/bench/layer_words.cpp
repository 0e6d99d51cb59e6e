#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <systemc>

#include "software/common/parse_whole.h"
#include "software/exploration/point/hardware_cost.h"
#include "software/reference/executor.h"
#include "software/scenario/scenario.h"

// Prints what a processing element sees of a network: one line of JSON per convolution with the words of LANES pairs of
// activation code and weight value, in an array's order. A dot product ends with null; from one to the next the element
// goes COLUMNS pixels on. Data for accelerators/array/energy.
//   layer_words SCENARIO DATA LANES WORDS_PER_LAYER

namespace {

using namespace lutra;

constexpr int columns = 8;

struct Alphabet {
  nlohmann::json operator()(const network::UniformWeights& weights) const {
    return {{"kind", "integers"}, {"bits", weights.bits}};
  }
  nlohmann::json operator()(const network::TernaryWeights&) const { return {{"kind", "ternary"}}; }
  nlohmann::json operator()(const network::PowerOfTwoWeights& weights) const {
    return {{"kind", "powers"}, {"terms", weights.terms}};
  }
  nlohmann::json operator()(const network::PlaneWeights& weights) const {
    const std::size_t planes = weights.planes.size();
    nlohmann::json letters;
    for (const network::PlaneAlphabet alphabet : weights.planes) letters.push_back(static_cast<int>(alphabet));
    const auto first = weights.coefficients.begin() + static_cast<std::ptrdiff_t>(planes * channel);
    return {{"kind", "planes"},
            {"alphabets", letters},
            {"coefficients", std::vector<int>(first, first + static_cast<std::ptrdiff_t>(planes))}};
  }
  nlohmann::json operator()(const network::CodebookWeights& weights) const {
    return {{"kind", "codebook"}, {"bits", weights.bits}, {"table", weights.table}};
  }

  std::size_t channel;
};

struct Element {
  const network::MatrixOp& op;
  const network::Edge& input;
  const std::vector<std::int32_t>& codes;  // [row][column][channel]
  int channel = 0;                         // the output's

  int activation(int y, int x, int of_group) const {
    if (y < 0 || x < 0 || y >= input.shape.height || x >= input.shape.width) return input.encoding.pad_code;
    const int channels = input.shape.channels / op.groups;
    const int first = channel / (op.output_channels / op.groups) * channels;
    return codes[static_cast<std::size_t>((y * input.shape.width + x) * input.shape.channels + first + of_group)];
  }
  int weight(int y, int x, int of_group) const {
    const int channels = input.shape.channels / op.groups;
    return op.weights.values[static_cast<std::size_t>(
        ((channel * channels + of_group) * op.window.height + y) * op.window.width + x)];
  }
};

nlohmann::json words_of(const Element& element, const network::Shape& output, int lanes, std::size_t count) {
  nlohmann::json words = nlohmann::json::array();
  const network::Window& window = element.op.window;
  const int run = window.width * element.input.shape.channels / element.op.groups;
  const int channels = element.input.shape.channels / element.op.groups;
  for (int pixel = output.height / 2 * output.width; pixel < output.height * output.width; pixel += columns) {
    for (int y = 0; y < window.height; ++y)
      for (int first = 0; first < run; first += lanes) {
        std::vector<int> activations(static_cast<std::size_t>(lanes)), weights(activations);
        for (int lane = 0; lane < lanes && first + lane < run; ++lane) {
          const int x = (first + lane) / channels, of_group = (first + lane) % channels;
          activations[static_cast<std::size_t>(lane)] = element.activation(
              pixel / output.width * window.stride_y - window.pad_top + y * window.dilation_y,
              pixel % output.width * window.stride_x - window.pad_left + x * window.dilation_x, of_group);
          weights[static_cast<std::size_t>(lane)] = element.weight(y, x, of_group);
        }
        words.push_back({activations, weights});
      }
    words.push_back(nullptr);
    if (words.size() >= count) break;
  }
  return words;
}

void print(const std::string& path, const std::string& data, int lanes, std::size_t count) {
  const scenario::Scenario scenario = scenario::load_scenario(path);
  exploration::Inputs inputs(data);
  const exploration::Prepared prepared = exploration::prepare(scenario, inputs, exploration::hardware_cost(scenario));
  const network::Dataset& images = inputs.images(scenario, network::Split::test);
  const auto edges = reference::IntegerExecutor(prepared.network).run_all(images.image(0));
  for (const network::Operation& operation : prepared.network.operations) {
    const auto* op = std::get_if<network::MatrixOp>(&operation.body);
    if (op == nullptr) continue;
    const auto input = static_cast<std::size_t>(op->input);
    const Element element{*op, prepared.network.edges[input], edges[input], op->output_channels / 2};
    const network::ActivationEncoding& encoding = element.input.encoding;
    std::cout << nlohmann::json{{"layer", operation.name},
                                {"activation_bits", encoding.bits},
                                {"activation_signed", encoding.is_signed},
                                {"weights",
                                 std::visit(Alphabet{static_cast<std::size_t>(element.channel)}, op->weights.encoding)},
                                {"words",
                                 words_of(element, network::output_shape(prepared.network, operation), lanes, count)}}
              << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  int lanes = 0;
  std::size_t words = 0;
  if (argc != 5 || !lutra::parse_whole(argv[3], lanes) || lanes < 1 || !lutra::parse_whole(argv[4], words)) {
    fmt::print(stderr, "layer_words SCENARIO DATA LANES WORDS_PER_LAYER\n");
    return 2;
  }
  try {
    print(argv[1], argv[2], lanes, words);
  } catch (const std::exception& error) {
    fmt::print(stderr, "layer_words: {}\n", error.what());
    return 1;
  }
  return 0;
}

int sc_main(int, char**) { return 0; }
