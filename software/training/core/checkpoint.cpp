#include "software/training/core/checkpoint.h"

#include <ATen/Parallel.h>
#include <torch/version.h>

#include <filesystem>
#include <map>
#include <stdexcept>

#include "software/common/files.h"

namespace lutra::training {

namespace {

constexpr std::int64_t columns = 7;

torch::Tensor table_of(const std::vector<EpochFigures>& epochs) {
  std::vector<double> values;
  for (const EpochFigures& e : epochs)
    values.insert(values.end(), {static_cast<double>(e.epoch), e.rate, e.loss, e.train_accuracy, e.test_accuracy,
                                 e.seconds, e.images_per_second});
  return torch::tensor(values, torch::kFloat64).reshape({-1, columns});
}

std::vector<EpochFigures> figures_of(const torch::Tensor& table) {
  std::vector<EpochFigures> epochs;
  const auto rows = table.accessor<double, 2>();
  for (std::int64_t i = 0; i < rows.size(0); ++i)
    epochs.push_back(
        {static_cast<int>(rows[i][0]), rows[i][1], rows[i][2], rows[i][3], rows[i][4], rows[i][5], rows[i][6]});
  return epochs;
}

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

Shapes shapes_of(Model& model) {
  Shapes shapes;
  for (const auto& item : model->named_parameters()) shapes[item.key()] = item.value().sizes().vec();
  for (const auto& item : model->named_buffers()) shapes[item.key()] = item.value().sizes().vec();
  return shapes;
}

torch::Device device_of(Model& model) {
  const std::vector<torch::Tensor> parameters = model->parameters();
  return parameters.empty() ? torch::Device(torch::kCPU) : parameters.front().device();
}

}  // namespace

Origin this_origin(const torch::Device& device) {
  return {TORCH_VERSION, torch::Device(device.type()).str(), at::get_num_threads()};
}

Origin load_origin(const std::string& file) {
  Origin origin;
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(file, torch::kCPU);
    c10::IValue value;
    if (archive.try_read("torch", value)) origin.torch = value.toStringRef();
    if (archive.try_read("device", value)) origin.device = value.toStringRef();
    if (archive.try_read("threads", value)) origin.threads = value.toInt();
  } catch (const c10::Error& error) {
    throw std::runtime_error(file + ": not a checkpoint (" + error.what_without_backtrace() + ")");
  }
  return origin;
}

void save_checkpoint(const std::string& file, Model& model, torch::optim::Optimizer& optimiser,
                     const std::vector<EpochFigures>& epochs) {
  torch::serialize::OutputArchive archive;
  torch::serialize::OutputArchive parameters;
  torch::serialize::OutputArchive state;
  model->save(parameters);
  optimiser.save(state);
  archive.write("model", parameters);
  archive.write("optimiser", state);
  archive.write("epochs", table_of(epochs), /*is_buffer=*/true);
  const Origin origin = this_origin(device_of(model));
  archive.write("torch", c10::IValue(origin.torch));
  archive.write("device", c10::IValue(origin.device));
  archive.write("threads", c10::IValue(origin.threads));
  // Torch ends the process where it cannot write a file.
  std::string bytes;
  archive.save_to([&](const void* data, std::size_t size) {
    bytes.append(static_cast<const char*>(data), size);
    return size;
  });
  write_file_durably(file, bytes);
}

bool load_checkpoint(const std::string& file, Model& model, torch::optim::Optimizer* optimiser,
                     std::vector<EpochFigures>& epochs) {
  if (!std::filesystem::exists(file)) return false;
  const auto fail = [&](const std::string& reason) {
    throw std::runtime_error(file + ": not a checkpoint of this network and recipe (" + reason +
                             "); remove it to start anew");
  };
  const Shapes shapes = shapes_of(model);
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(file, device_of(model));
    torch::serialize::InputArchive parameters;
    archive.read("model", parameters);
    model->load(parameters);
    if (optimiser != nullptr) {
      torch::serialize::InputArchive state;
      archive.read("optimiser", state);
      optimiser->load(state);
    }
    torch::Tensor table;
    archive.read("epochs", table, /*is_buffer=*/true);
    epochs = figures_of(table.to(torch::kCPU));
  } catch (const c10::Error& error) {
    fail(error.what_without_backtrace());
  } catch (const std::exception& error) {
    fail(error.what());
  }
  for (const auto& [name, shape] : shapes_of(model))  // loading takes any shape
    if (shape != shapes.at(name)) fail("'" + name + "' has another shape");
  return true;
}

}  // namespace lutra::training
