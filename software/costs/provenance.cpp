#include "software/costs/provenance.h"

namespace lutra::costs {

const char* name(FigureKind kind) {
  switch (kind) {
    case FigureKind::published:
      return "published";
    case FigureKind::measured:
      return "measured";
    case FigureKind::fitted:
      return "fitted";
    case FigureKind::rule:
      return "rule";
  }
  return "";
}

Provenance read_provenance(const YamlMapping& keys, const std::string& table) {
  constexpr FigureKind kinds[] = {FigureKind::published, FigureKind::measured, FigureKind::fitted, FigureKind::rule};
  Provenance provenance;
  provenance.source = keys.at("source").text();
  provenance.kind = kinds[keys.at("kind").choice({"published", "measured", "fitted", "rule"})];
  provenance.uncertainty_percent = keys.at("uncertainty_percent").number(0, 1000);
  provenance.table = table;
  return provenance;
}

}  // namespace lutra::costs
