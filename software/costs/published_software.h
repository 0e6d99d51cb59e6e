#pragma once

#include <string>

#include "software/costs/provenance.h"

namespace lutra::costs {

// What published software reaches on a SIMD microcontroller, to put beside a run's cycles per multiply-accumulate.
struct PublishedSoftware {
  std::string name;
  std::string network;
  double cycles_per_mac = 0;
  Provenance provenance;

  bool operator==(const PublishedSoftware&) const = default;
};

PublishedSoftware load_published_software();

}  // namespace lutra::costs
