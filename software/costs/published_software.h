#pragma once

#include <string>

#include "software/costs/provenance.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

// What published software reaches on a SIMD microcontroller, to put beside a run's cycles per multiply-accumulate.
struct PublishedSoftware {
  std::string name;
  std::string network;
  double cycles_per_mac = 0;
  Provenance provenance;

  bool operator==(const PublishedSoftware&) const = default;
};

// Throws Error naming file and line.
PublishedSoftware parse_published_software(const TableText& text);

}  // namespace lutra::costs
