#include "software/costs/area.h"
#include "software/costs/devices.h"
#include "software/costs/energy_table.h"
#include "software/costs/lut_factors.h"
#include "software/costs/published_software.h"
#include "software/costs/soc_structure.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

// Every kind of table takes the input; the first that accepts it ends the search.
void read_as_any(std::string_view input) {
  using lutra::costs::TableText;
  const TableText text{"table", "table.yaml", std::string(input)};
  void (*const kinds[])(const TableText&) = {
      [](const TableText& table) { lutra::costs::parse_energy_table(table); },
      [](const TableText& table) { lutra::costs::parse_area_table(table); },
      [](const TableText& table) { lutra::costs::read_devices({&table}); },
      [](const TableText& table) { lutra::costs::read_lut_factors({&table}); },
      [](const TableText& table) { lutra::costs::parse_soc_blocks(table); },
      [](const TableText& table) { lutra::costs::parse_published_software(table); },
  };
  for (const auto kind : kinds) {
    try {
      return kind(text);
    } catch (const lutra::Error&) {
    }
  }
  throw lutra::Error("no table");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lutra::test::read_or_refuse(data, size, read_as_any);
}
