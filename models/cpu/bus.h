#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "models/cpu/cycle_ledger.h"
#include "models/cpu/trap.h"

namespace lutra::models::cpu {

// Memory that may be read (and perhaps written) without a transaction. Cacheable.
struct DirectMemory {
  std::uint32_t first = 0;
  std::uint32_t last = 0;        // inclusive
  std::uint8_t* data = nullptr;  // of `first`
  bool writable = false;

  bool covers(std::uint32_t from, std::uint32_t to) const { return from >= first && to <= last && from <= to; }
};

// What lies beyond the hart's private memory, as the hart sees it. Times are clock cycles since the start. The calls
// that take time return when that time has passed and need the hart synchronised: its own time equal to now().
class Bus {
 public:
  virtual ~Bus() = default;

  virtual std::uint64_t now() const = 0;
  virtual void wait_until(std::uint64_t cycle) = 0;  // returns at once when `cycle` has passed

  // One transaction, complete on return. False: an error response.
  virtual bool read(std::uint32_t address, std::span<std::uint8_t> data) = 0;
  virtual bool write(std::uint32_t address, std::span<std::uint8_t> data) = 0;

  // Without time or side effects: how many bytes of `data` were read.
  virtual std::size_t peek(std::uint32_t address, std::span<std::uint8_t> data) = 0;
  virtual std::optional<DirectMemory> direct_memory(std::uint32_t address) = 0;

  // Bits as in the CSR mip: the lines that are high, and of those the ones that were before `cycle`.
  virtual std::uint32_t interrupt_lines() const = 0;
  virtual std::uint32_t interrupt_lines_before(std::uint64_t cycle) const = 0;

  // The first cycle, not before now(), in which a line may change without the hart's doing.
  virtual std::uint64_t next_event() const = 0;

  virtual void wait_for_interrupt(std::uint32_t lines) = 0;  // until one of `lines` is high

  // An ecall that no trap handler is set for: what a0 becomes, or none where nobody serves it. `arguments`: a0..a7.
  virtual std::optional<std::uint32_t> call_host(std::span<const std::uint32_t> /*arguments*/) { return std::nullopt; }

  // For whoever watches: what the hart does from `cycle` on, and an interrupt it takes.
  virtual void changes_to(Activity, std::uint64_t /*cycle*/) {}
  virtual void takes(Interrupt, std::uint64_t /*cycle*/) {}
};

}  // namespace lutra::models::cpu
