#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "software/exploration/point/hardware_cost.h"
#include "software/scenario/scenario.h"

namespace lutra::bench {

// CIFAR-10 ResNet-20 where real data is at hand (LUTRA_DATA or ../shared/data), else the embedded network.
struct Workload {
  scenario::Scenario scenario;
  exploration::Prepared prepared;
  network::Dataset images;
};

inline Workload load_workload() {
  const char* named = std::getenv("LUTRA_DATA");
  std::optional<std::filesystem::path> data =
      named ? named : std::filesystem::path(LUTRA_SOURCE_DIR) / "../shared/data";
  if (!std::filesystem::is_directory(*data)) data.reset();
  Workload workload;
  workload.scenario = scenario::load_scenario(data ? "cifar10_resnet20" : "embedded");
  exploration::Inputs inputs(data);
  workload.prepared = exploration::prepare(workload.scenario, inputs, exploration::hardware_cost(workload.scenario));
  workload.images = inputs.images(workload.scenario, network::Split::test);
  return workload;
}

}  // namespace lutra::bench
