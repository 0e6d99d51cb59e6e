#include <fmt/format.h>

#include <set>

#include "tests/models/cpu/rtl_runs.h"
#include "tests/validation/report.h"

namespace lutra::validation {

Section hart() {
  Errors programs;
  long cycles = 0;
  for (const test::RtlCase& c : test::rtl_cases()) {
    programs.add(test::run_on_model(c).cycles, c.cycles);
    cycles += c.cycles;
  }
  int equal = 0, late = 0, early = 0, positions = 0;
  std::set<std::string> late_in;
  for (const test::RtlInterrupt& c : test::rtl_interrupts())
    for (std::uint32_t i = 0; i < c.handled.size(); ++i, ++positions) {
      const std::uint32_t after = test::handled_on_model(c, i);
      if (after != c.handled[i]) late_in.insert(c.name);
      ++(after == c.handled[i] ? equal : after > c.handled[i] ? late : early);
    }
  Section section;
  section.title = "Cycles of the hart";
  section.text =
      "Against the RTL of lowRISC Ibex (commit and configuration: `tests/models/cpu/rtl_cases.h`), simulated with "
      "Verilator on memories that\n"
      "grant at once. Caches are Lutra's own and were held against nothing.";
  section.columns = {"figure", "points", "error", "verdict"};
  section.rows.push_back({fmt::format("programs of {} cycles in all", cycles), programs.points_text(),
                          programs.range_text(), programs.grade() + ", instruction by instruction"});
  section.rows.push_back({"cycle in which an interrupt is taken", std::to_string(positions),
                          fmt::format("{} equal, {} a cycle late, {} early", equal, late, early),
                          late + early == 0 ? "good" : fmt::format("good but in: {}", fmt::join(late_in, ", "))});
  return section;
}

}  // namespace lutra::validation
