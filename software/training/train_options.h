#pragma once

#include "software/training/sources.h"

namespace lutra::training {

enum class DeviceChoice { automatic, cpu, cuda };

struct TrainOptions {
  Places places;
  int threads = 1;  // torch's; sums do not depend on the machine's cores as long as it stays the same
  DeviceChoice device = DeviceChoice::automatic;
  bool is_quiet = false;
};

}  // namespace lutra::training
