#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lutra::models {

enum class DramMapping { row_bank_column, bank_row_column };

// A DRAM channel as its controller needs it. Names are JEDEC's; times are in clocks of the DRAM.
struct DramTiming {
  std::string name;

  std::uint32_t width_bits = 0;
  std::uint32_t banks = 0;
  std::uint32_t rows = 0;     // per bank
  std::uint32_t columns = 0;  // per row, each width_bits wide
  std::uint32_t burst_length = 0;
  DramMapping mapping = DramMapping::row_bank_column;

  std::uint64_t clock_ps = 0;
  std::uint64_t rl = 0, wl = 0, dqsck = 0, dqss = 0, wpre = 0, rpst = 0;
  std::uint64_t ccd = 0, ccdmw = 0, rcd = 0, rppb = 0, rpab = 0, ras = 0, rrd = 0, faw = 0;
  std::uint64_t rtp = 0, wr = 0, wtr = 0, refi = 0, rfcab = 0, xp = 0, cke = 0;

  std::uint64_t power_down_after = 0;  // idle clocks; 0: never
  std::uint32_t write_buffer = 0;      // transactions

  std::uint32_t burst_bytes() const { return width_bits / 8 * burst_length; }
  std::uint64_t burst_clocks() const { return burst_length / 2; }
  std::uint64_t capacity_bytes() const { return std::uint64_t{banks} * rows * columns * (width_bits / 8); }

  // Derived constraints, JESD209-4B "Timing constraints": command to command.
  std::uint64_t read_to_write() const { return rl + dqsck + burst_clocks() - wl + wpre + rpst; }
  std::uint64_t write_to_read() const { return wl + dqss + burst_clocks() + wtr; }
  std::uint64_t read_to_precharge() const { return rtp; }
  std::uint64_t write_to_precharge() const { return wl + dqss + burst_clocks() + wr; }
  // Command to last data on the bus.
  std::uint64_t read_data() const { return rl + dqsck + burst_clocks(); }
  std::uint64_t write_data() const { return wl + dqss + burst_clocks(); }
};

// Parses a file of models/dram/timing. Throws Error "name:line: ..." for an unknown or missing key, a value out of
// range, or a value without a source.
DramTiming parse_dram_timing(std::string_view yaml, const std::string& name);

// `models/dram/timing/<kind>.yaml` as embedded in the program. Throws Error listing the kinds where there is none.
DramTiming embedded_dram_timing(const std::string& kind);

}  // namespace lutra::models
