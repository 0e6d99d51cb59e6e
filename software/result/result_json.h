#pragma once

#include <string>
#include <string_view>

#include "software/result/result.h"

namespace lutra::result {

constexpr int result_schema_version = 4;

// The result as JSON text; the same bytes for the same result on every machine. software/result/README.md
// documents the fields.
std::string to_json(const Result& result);

// Reads back what to_json wrote. Throws Error naming `name` and the field: unknown, missing or of another type, a
// schema version this program does not know, sums that do not hold.
Result from_json(std::string_view text, const std::string& name);

// One line per layer: cycles by cause, multiply-accumulates, utilisation, bytes, energy by component.
std::string to_csv(const Result& result);

}  // namespace lutra::result
