#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"
#include "software/reference/executor.h"
#include "software/reference/image_workers.h"
#include "software/reference/integer/integer_program.h"

namespace lutra::reference {

namespace {

std::vector<std::int32_t> without_slack(const std::vector<std::int16_t>& codes) {
  return {codes.begin(), codes.end() - 1};
}

}  // namespace

struct IntegerExecutor::Implementation {
  IntegerProgram program;

  const std::int16_t* logits(const IntegerFrame& frame) const { return frame.values(program.network().output); }
  std::int64_t logit_count() const {
    return program.network().edges[static_cast<std::size_t>(program.network().output)].shape.elements();
  }

  // visit(image, logits), of several images at once.
  template <typename Visit>
  void decide(const network::Dataset& data, std::size_t count, int jobs, const Progress& progress,
              const Visit& visit) const {
    if (count > data.size())
      throw Error(fmt::format("{} images are asked for, data set '{}' has {}", count, data.name, data.size()));
    const auto make_worker = [&]() -> ImageWorker {
      return [&, frame = std::make_shared<IntegerFrame>(program.make_frame())](std::size_t image) {
        program.run(data.image(image), *frame);
        visit(image, std::span(logits(*frame), static_cast<std::size_t>(logit_count())));
      };
    };
    for_each_image(count, jobs, make_worker, progress);
  }
};

IntegerExecutor::IntegerExecutor(const network::QuantisedNetwork& network)
    : implementation_(new Implementation{IntegerProgram(network, available_instruction_sets().back())}) {}

IntegerExecutor::~IntegerExecutor() = default;
IntegerExecutor::IntegerExecutor(IntegerExecutor&&) noexcept = default;

std::vector<std::int32_t> IntegerExecutor::run(std::span<const std::uint8_t> pixels) const {
  IntegerFrame frame = implementation_->program.make_frame();
  implementation_->program.run(pixels, frame);
  const std::int16_t* logits = implementation_->logits(frame);
  return {logits, logits + implementation_->logit_count()};
}

std::vector<std::int32_t> IntegerExecutor::input_codes(std::span<const std::uint8_t> pixels) const {
  IntegerFrame frame = implementation_->program.make_frame();
  implementation_->program.transform_input(pixels, frame);
  return without_slack(frame.codes[static_cast<std::size_t>(implementation_->program.network().input.edge)]);
}

std::vector<std::vector<std::int32_t>> IntegerExecutor::run_all(std::span<const std::uint8_t> pixels) const {
  IntegerFrame frame = implementation_->program.make_frame();
  implementation_->program.run(pixels, frame);
  std::vector<std::vector<std::int32_t>> edges;
  for (const std::vector<std::int16_t>& codes : frame.codes) edges.push_back(without_slack(codes));
  return edges;
}

std::vector<int> IntegerExecutor::classify(const network::Dataset& data, std::size_t count, int jobs,
                                           const Progress& progress) const {
  std::vector<int> classes(count);
  implementation_->decide(data, count, jobs, progress, [&](std::size_t image, std::span<const std::int16_t> logits) {
    classes[image] = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
  });
  return classes;
}

std::vector<Answer> IntegerExecutor::answer(const network::Dataset& data, std::size_t count, int jobs,
                                            const Progress& progress) const {
  std::vector<Answer> answers(count);
  implementation_->decide(data, count, jobs, progress, [&](std::size_t image, std::span<const std::int16_t> logits) {
    answers[image] = answer_of(logits, data.labels.at(image));
  });
  return answers;
}

}  // namespace lutra::reference
