// Training steps of CIFAR ResNet-20, batches of 128 images: beside them, train_pytorch.py does the same in Python.
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <malloc.h>

#include "software/training/core/batches.h"
#include "software/training/core/model.h"
#include "software/training/core/networks.h"

namespace lutra::training {
namespace {

constexpr int batch_images = 128;

network::Dataset noise() {
  network::Dataset data;
  data.shape = {3, 32, 32};
  std::mt19937 generator(1);
  for (int i = 0; i < 4 * batch_images; ++i) {
    data.labels.push_back(static_cast<std::uint8_t>(i % 10));
    for (int k = 0; k < 3 * 32 * 32; ++k) data.pixels.push_back(static_cast<std::uint8_t>(generator()));
  }
  return data;
}

// With the images' augmentation, the optimiser's step and everything else of an epoch but the test.
void step(benchmark::State& state, torch::ScalarType type, const QuantisationPlan& plan) {
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, 0x7fffffff);
  ::mallopt(M_TOP_PAD, 1 << 28);
  at::set_num_threads(static_cast<int>(state.range(0)));
  const network::Dataset data = noise();
  PixelTable table;
  for (int i = 0; i < 3 * 256; ++i) table.values.push_back(static_cast<float>(i % 256) / 64 - 2);
  Batches batches(data, table, batch_images, type, torch::kCPU);
  batches.shuffle(1, 0, {.pad = 4, .flip = true});
  Model model(make_network("resnet20", data.shape, 10, 1), plan, 1);
  torch::optim::SGD optimiser(model->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9).nesterov(true));
  std::size_t next = 0;
  const auto train_batch = [&] {
    const Batch batch = batches.get(next++ % batches.count());
    optimiser.zero_grad();
    torch::nn::functional::cross_entropy(model->forward(batch.images), batch.labels).backward();
    optimiser.step();
    model->constrain();
  };
  train_batch();  // the first one looks for the steps of activations
  for (auto _ : state) train_batch();
  state.SetItemsProcessed(state.iterations() * batch_images);
}

// Every convolution but the first with ternary weights (TWN), every ReLU's result with codes of 8 bits.
QuantisationPlan ternary_plan() {
  QuantisationPlan plan;
  const network::Graph graph = make_network("resnet20", {3, 32, 32}, 10, 1);
  bool is_first = true;
  for (const network::Node& node : graph.nodes) {
    if (std::holds_alternative<network::Clip>(node.op)) plan.tensors[node.output] = {"uniform", 8, false};
    if (!std::holds_alternative<network::Convolution>(node.op)) continue;
    plan.weights[node.name] = is_first ? WeightSpec{"uniform", 8, {}} : WeightSpec{"twn", 2, {}};
    is_first = false;
  }
  return plan;
}

BENCHMARK_CAPTURE(step, float32, torch::kFloat32, {})->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(step, bfloat16, torch::kBFloat16, {})->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(step, bfloat16_ternary, torch::kBFloat16, ternary_plan())
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace lutra::training

BENCHMARK_MAIN();
