#pragma once

#include <string>

#include "software/common/yaml.h"

namespace lutra::costs {

// Where a cost figure comes from.
enum class FigureKind {
  published,  // in the named source
  measured,   // by us, with the named tool
  fitted,     // to measured or published figures
  rule        // an engineering rule; says so
};

struct Provenance {
  std::string source;
  FigureKind kind = FigureKind::rule;
  double uncertainty_percent = 0;  // of the figure, either way
  std::string table;               // the name of the table it stands in (table_files.h)

  bool operator==(const Provenance&) const = default;
};

const char* name(FigureKind kind);

// From the keys `source`, `kind` and `uncertainty_percent`, all required; `table` is the name of the table in results.
Provenance read_provenance(const YamlMapping& keys, const std::string& table);

// A sum of figures and how far off it may be, errors adding up.
struct Estimate {
  double value = 0;
  double error = 0;  // absolute, either way

  void add(double amount, const Provenance& provenance) {
    value += amount;
    error += amount * provenance.uncertainty_percent / 100;
  }
  void add(const Estimate& other) {
    value += other.value;
    error += other.error;
  }
  double uncertainty_percent() const { return value > 0 ? 100 * error / value : 0; }
};

}  // namespace lutra::costs
