#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "accelerators/interface/commands.h"

namespace lutra::accelerators {

struct Burst {
  std::uint32_t address = 0;
  std::uint32_t bytes = 0;
  std::uint64_t first = 0;  // its place among the transfer's data bytes, padding not counted
};

// The bursts of a transfer that has passed check_transfer: elements that touch in memory are merged, and no burst
// crosses a multiple of `burst_bytes`.
class Bursts {
 public:
  Bursts(const lutra_transfer& transfer, std::uint32_t burst_bytes);
  std::optional<Burst> next();

 private:
  std::uint64_t address_of_run() const;

  lutra_transfer transfer_;
  std::uint32_t burst_bytes_;
  std::uint64_t runs_per_row_ = 1;
  std::uint64_t run_bytes_ = 0;
  std::uint64_t data_bytes_ = 0;
  std::uint64_t next_ = 0;
};

// Bytes it moves, padding left out.
std::uint64_t data_bytes(const lutra_transfer& transfer);

// Bytes the transfer occupies in the buffer, padding included.
std::uint64_t footprint_bytes(const lutra_transfer& transfer);

// The transfer's data bytes from `first` on, to and from their places in the buffer.
void scatter(const lutra_transfer& transfer, std::uint64_t first, std::span<const std::uint8_t> data,
             std::span<std::uint8_t> buffer);
void gather(const lutra_transfer& transfer, std::uint64_t first, std::span<std::uint8_t> data,
            std::span<const std::uint8_t> buffer);

void fill_padding(const lutra_transfer& transfer, std::span<std::uint8_t> buffer);

}  // namespace lutra::accelerators
