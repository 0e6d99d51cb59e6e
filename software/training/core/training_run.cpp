#include "software/training/core/training_run.h"

#include <chrono>
#include <cmath>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "software/training/core/checkpoint.h"

namespace lutra::training {

namespace {

using torch::Tensor;

struct Groups {
  std::vector<Tensor> decayed, others, steps;
};

// Weights are [output][input][row][column]; batch normalisation, biases, slopes, steps and factors are not decayed.
Groups group_parameters(Model& model) {
  Groups groups;
  for (const auto& item : model->named_parameters()) {
    const bool is_step = item.key().size() > 5 && item.key().compare(item.key().size() - 5, 5, ".step") == 0;
    const Tensor& parameter = item.value();
    (parameter.dim() == 4 ? groups.decayed : is_step ? groups.steps : groups.others).push_back(parameter);
  }
  return groups;
}

template <typename Optimizer, typename Options>
std::unique_ptr<torch::optim::Optimizer> make(const Groups& groups, Options decayed) {
  Options others = decayed;
  others.weight_decay(0);
  std::vector<torch::optim::OptimizerParamGroup> all;
  if (!groups.decayed.empty()) all.emplace_back(groups.decayed, std::make_unique<Options>(decayed));
  if (!groups.others.empty()) all.emplace_back(groups.others, std::make_unique<Options>(others));
  if (!groups.steps.empty()) all.emplace_back(groups.steps, std::make_unique<Options>(others));
  return std::make_unique<Optimizer>(all, decayed);
}

std::unique_ptr<torch::optim::Optimizer> make_optimiser(const Recipe& recipe, const Groups& groups) {
  if (recipe.optimiser == Optimiser::adam)
    return make<torch::optim::Adam>(groups, torch::optim::AdamOptions(recipe.rate).weight_decay(recipe.weight_decay));
  return make<torch::optim::SGD>(groups, torch::optim::SGDOptions(recipe.rate)
                                             .momentum(recipe.momentum)
                                             .nesterov(recipe.momentum > 0)
                                             .weight_decay(recipe.weight_decay));
}

// Adam moves every parameter by about the rate, and quantisers' steps are two orders of magnitude smaller than weights.
// [ours]
constexpr double step_share_of_adam = 0.01;

void set_rate(torch::optim::Optimizer& optimiser, const Recipe& recipe, double rate, const Groups& groups) {
  for (auto& group : optimiser.param_groups()) {
    const bool of_steps = !groups.steps.empty() && group.params().front().is_same(groups.steps.front());
    group.options().set_lr(of_steps && recipe.optimiser == Optimiser::adam ? rate * step_share_of_adam : rate);
  }
}

Tensor loss_of(const Recipe& recipe, const Tensor& outputs, const Tensor& labels, Model& teacher,
               const Tensor& images) {
  namespace F = torch::nn::functional;
  const Tensor loss =
      F::cross_entropy(outputs, labels, F::CrossEntropyFuncOptions().label_smoothing(recipe.label_smoothing));
  if (recipe.distillation <= 0 || teacher.is_empty()) return loss;
  Tensor taught;
  {
    const torch::NoGradGuard no_gradient;
    taught = torch::softmax(teacher->forward(images) / recipe.temperature, 1);
  }
  const Tensor soft = -(taught * torch::log_softmax(outputs / recipe.temperature, 1)).sum(1).mean();
  return (1 - recipe.distillation) * loss + recipe.distillation * recipe.temperature * recipe.temperature * soft;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

[[noreturn]] void diverged(const Recipe& recipe, int epoch, const std::string& what) {
  std::ostringstream message;
  message << "training diverged in epoch " << epoch + 1 << ": " << what << " is not finite; lower recipe.rate ("
          << recipe.rate << " now) or raise recipe.warm_up (" << recipe.warm_up
          << " epochs now). Whole epochs before it are kept: remove the folder to start anew";
  throw std::runtime_error(message.str());
}

// Every weight and every statistic; a sum is finite where all its parts are, but for sizes no training reaches.
void require_finite(TrainingRun& run, int epoch) {
  const torch::NoGradGuard no_gradient;
  const auto check = [&](const auto& items) {
    for (const auto& item : items)
      if (item.value().is_floating_point() && !std::isfinite(item.value().sum().template item<double>()))
        diverged(run.recipe, epoch, "'" + item.key() + "'");
  };
  check(run.model->named_parameters());
  check(run.model->named_buffers());
}

}  // namespace

double learning_rate(const Recipe& recipe, double epoch) {
  if (epoch < recipe.warm_up) return recipe.rate * epoch / recipe.warm_up;
  if (recipe.schedule == Schedule::cosine) {
    const double span = recipe.epochs - recipe.warm_up;
    return span > 0 ? recipe.rate / 2 * (1 + std::cos(M_PI * (epoch - recipe.warm_up) / span)) : recipe.rate;
  }
  double rate = recipe.rate;
  if (recipe.schedule == Schedule::step)
    for (const double milestone : recipe.milestones)
      if (epoch >= milestone) rate *= recipe.factor;
  return rate;
}

std::size_t count_correct(Model& model, Batches& batches) {
  const torch::NoGradGuard no_gradient;
  const bool was_training = model->is_training();
  model->eval();
  batches.in_order();
  std::int64_t correct = 0;
  for (std::size_t i = 0; i < batches.count(); ++i) {
    const Batch batch = batches.get(i);
    correct += model->forward(batch.images).argmax(1).eq(batch.labels).sum().item<std::int64_t>();
  }
  model->train(was_training);
  return static_cast<std::size_t>(correct);
}

bool run_training(TrainingRun& run) {
  const Groups groups = group_parameters(run.model);
  const auto optimiser = make_optimiser(run.recipe, groups);
  std::vector<EpochFigures> epochs;
  if (!run.checkpoint.empty() && load_checkpoint(run.checkpoint, run.model, optimiser.get(), epochs) && run.on_epoch)
    for (const EpochFigures& figures : epochs) run.on_epoch(figures);
  if (!run.teacher.is_empty()) run.teacher->eval();
  for (int epoch = static_cast<int>(epochs.size()); epoch < run.recipe.epochs; ++epoch) {
    const auto start = std::chrono::steady_clock::now();
    run.train->shuffle(run.recipe.seed, epoch, run.recipe.augmentation);
    run.model->train();
    const std::size_t batches = run.train->count();
    EpochFigures figures;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < batches; ++i) {
      const Batch batch = run.train->get(i);
      figures.rate = learning_rate(run.recipe, epoch + static_cast<double>(i) / static_cast<double>(batches));
      set_rate(*optimiser, run.recipe, figures.rate, groups);
      optimiser->zero_grad();
      const Tensor outputs = run.model->forward(batch.images);
      const Tensor loss = loss_of(run.recipe, outputs, batch.labels, run.teacher, batch.images);
      const double value = loss.item<double>();
      if (!std::isfinite(value)) diverged(run.recipe, epoch, "the loss of batch " + std::to_string(i + 1));
      loss.backward();
      optimiser->step();
      require_finite(run, epoch);
      run.model->constrain();
      figures.loss += value / static_cast<double>(batches);
      figures.train_accuracy += outputs.argmax(1).eq(batch.labels).sum().item<double>();
      seen += static_cast<std::size_t>(batch.labels.size(0));
      if (run.on_batch) run.on_batch(epoch, i + 1, batches, value);
      if (run.interrupted && run.interrupted()) return false;
    }
    figures.epoch = epoch + 1;
    figures.train_accuracy /= static_cast<double>(seen);
    figures.images_per_second = static_cast<double>(seen) / seconds_since(start);
    const bool measure =
        run.test != nullptr && (figures.epoch % run.test_every == 0 || figures.epoch == run.recipe.epochs);
    if (measure)
      figures.test_accuracy =
          static_cast<double>(count_correct(run.model, *run.test)) / static_cast<double>(run.test->images());
    figures.seconds = seconds_since(start);
    epochs.push_back(figures);
    if (!run.checkpoint.empty()) save_checkpoint(run.checkpoint, run.model, *optimiser, epochs);
    if (run.on_epoch) run.on_epoch(figures);
  }
  return true;
}

}  // namespace lutra::training
