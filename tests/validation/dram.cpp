#include <fmt/format.h>

#include "models/dram/controller.h"
#include "models/dram/timing.h"
#include "tests/validation/report.h"

namespace lutra::validation {

Section dram() {
  const models::DramTiming timing = models::embedded_dram_timing("lpddr4");
  constexpr std::uint64_t bytes = 1 << 22;
  models::DramController controller(timing);
  const double clocks = static_cast<double>(controller.access(0, 0, bytes, false) / timing.clock_ps);
  const double peak = static_cast<double>(bytes / timing.burst_bytes() * timing.ccd);
  const double without_refresh = 1 - static_cast<double>(timing.rfcab) / static_cast<double>(timing.refi);
  Errors error;
  error.add(peak / clocks, without_refresh);
  Section section;
  section.title = "DRAM";
  section.text =
      "Order and distance of commands are checked against sequences computed by hand from JEDEC's parameters\n"
      "(`tests/models/dram/dram_controller_test.cpp`). Latencies of controller and PHY are gem5's. DDR3 is held "
      "against AMD's figures\n"
      "of the Zynq-7000's controller, pattern by pattern, in "
      "[models/dram](../../models/dram/README.md#what-the-channel-achieves).";
  section.columns = {"figure", "held against", "theirs", "ours", "error", "verdict"};
  section.rows.push_back({"LPDDR4-3200, 4 MiB read in sequence, share of the peak",
                          "what refresh leaves, 1 - tRFCab / tREFI (JESD209-4B)",
                          fmt::format("{:.1f} %", 100 * without_refresh), fmt::format("{:.1f} %", 100 * peak / clocks),
                          error.mean_text(), error.grade() + ": rows are reopened after each refresh"});
  return section;
}

}  // namespace lutra::validation
