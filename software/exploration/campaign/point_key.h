#pragma once

#include <string>

#include "software/costs/tables.h"
#include "software/exploration/point/inputs.h"
#include "software/scenario/override.h"

namespace lutra::exploration {

// SHA-256 of the running program: another build is another program.
std::string program_digest();

// Names a point by what its result depends on: program, cost tables, scenario, and the content of every file that the
// scenario reads. Equal keys, equal results.
struct PointKey {
  std::string point;    // 64 hexadecimal digits
  std::string network;  // the same for the quantised network and its accuracy alone: equal for points that differ in
                        // hardware only, unless the scheme looks at the hardware (progressive.measure)
  std::string origin;   // digests of program, tables and files: a line each
};

// Throws Error when a file is missing or a data set cannot be read.
PointKey make_point_key(const scenario::Variant& variant, bool float_accuracy, const std::string& program,
                        const costs::Tables& tables, Inputs& inputs);

}  // namespace lutra::exploration
