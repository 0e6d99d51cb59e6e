#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lutra::models {

// From the top of the address. In row_bank_column_group the bank groups lie below the column: bursts take them in turn.
enum class DramMapping { row_bank_column, bank_row_column, row_bank_column_group };

// A DRAM channel as its controller needs it. Names are JEDEC's; times are in clocks of the DRAM.
struct DramTiming {
  std::string name;

  std::uint32_t width_bits = 0;
  std::uint32_t banks = 0;  // of all groups
  std::uint32_t bank_groups = 1;
  std::uint32_t rows = 0;     // per bank
  std::uint32_t columns = 0;  // per row, each width_bits wide
  std::uint32_t burst_length = 0;
  DramMapping mapping = DramMapping::row_bank_column;
  // The bank is its number xor every group of as many bits of the row: the permutation of Zhang, Zhu and Zhang (MICRO
  // 2000) over all of the row's bits, as in Rau, Pseudo-randomly Interleaved Memory (ISCA 1991).
  bool bank_xor = false;
  std::uint32_t refresh_phase = 0;  // per cent of tREFI that have passed at time 0; below 100

  std::uint64_t clock_ps = 0;
  std::uint64_t rl = 0, wl = 0, dqsck = 0, dqss = 0, wpre = 0, rpst = 0;
  std::uint64_t ccd = 0, ccdmw = 0, rcd = 0, rppb = 0, rpab = 0, ras = 0, rrd = 0, faw = 0;
  std::uint64_t ccd_l = 0, rrd_l = 0, wtr_l = 0;  // within a bank group; without groups ccd, rrd and wtr
  std::uint64_t rtp = 0, wr = 0, wtr = 0, refi = 0, rfcab = 0, xp = 0, cke = 0;

  std::uint64_t power_down_after = 0;  // idle clocks; 0: never
  std::uint32_t write_buffer = 0;      // transactions
  std::uint64_t controller_ps = 0;     // from a request to its first command
  std::uint64_t phy_ps = 0;            // of a read, command out and data back, beyond the device's own latency

  std::uint32_t burst_bytes() const { return width_bits / 8 * burst_length; }
  std::uint64_t burst_clocks() const { return burst_length / 2; }
  std::uint64_t capacity_bytes() const { return std::uint64_t{banks} * rows * columns * (width_bits / 8); }

  std::uint32_t banks_per_group() const { return banks / bank_groups; }

  // Derived constraints, JESD209-4B "Timing constraints": command to command.
  std::uint64_t read_to_write() const { return rl + dqsck + burst_clocks() - wl + wpre + rpst; }
  std::uint64_t write_to_read() const { return wl + dqss + burst_clocks() + wtr; }
  std::uint64_t write_to_read_in_group() const { return wl + dqss + burst_clocks() + wtr_l; }
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
