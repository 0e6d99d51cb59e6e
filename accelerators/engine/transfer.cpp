#include "accelerators/engine/transfer.h"

#include <algorithm>

namespace lutra::accelerators {

namespace {

std::uint64_t row_data_bytes(const lutra_transfer& t) { return std::uint64_t{t.columns} * t.element_bytes; }

std::uint64_t row_footprint_bytes(const lutra_transfer& t) {
  return (std::uint64_t{t.columns} + t.pad_left + t.pad_right) * t.element_bytes;
}

// Where the data of a row begins in the buffer.
std::uint64_t row_offset(const lutra_transfer& t, std::uint64_t row) {
  return t.offset + (t.pad_top + row) * row_footprint_bytes(t) + std::uint64_t{t.pad_left} * t.element_bytes;
}

// Calls copy(place in the data, place in the buffer, bytes) for each piece of `count` data bytes from `first`.
template <typename Copy>
void for_each_piece(const lutra_transfer& t, std::uint64_t first, std::uint64_t count, Copy copy) {
  const std::uint64_t row_bytes = row_data_bytes(t);
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t row = (first + done) / row_bytes;
    const std::uint64_t within = (first + done) % row_bytes;
    const std::uint64_t bytes = std::min(count - done, row_bytes - within);
    copy(done, row_offset(t, row) + within, bytes);
    done += bytes;
  }
}

}  // namespace

Bursts::Bursts(const lutra_transfer& transfer, std::uint32_t burst_bytes)
    : transfer_(transfer), burst_bytes_(burst_bytes), data_bytes_(data_bytes(transfer)) {
  const bool row_touches = transfer.columns == 1 || transfer.column_pitch == transfer.element_bytes;
  const bool rows_touch = transfer.rows == 1 || transfer.row_pitch == row_data_bytes(transfer);
  if (!row_touches) {
    runs_per_row_ = transfer.columns;
    run_bytes_ = transfer.element_bytes;
  } else {
    run_bytes_ = rows_touch ? data_bytes_ : row_data_bytes(transfer);
  }
}

std::uint64_t Bursts::address_of_run() const {
  const std::uint64_t run = next_ / run_bytes_;
  return transfer_.address + run / runs_per_row_ * transfer_.row_pitch + run % runs_per_row_ * transfer_.column_pitch;
}

std::optional<Burst> Bursts::next() {
  if (next_ == data_bytes_) return std::nullopt;
  const std::uint64_t within = next_ % run_bytes_;
  const std::uint64_t address = address_of_run() + within;
  const std::uint64_t bytes = std::min(run_bytes_ - within, burst_bytes_ - address % burst_bytes_);
  const Burst burst{static_cast<std::uint32_t>(address), static_cast<std::uint32_t>(bytes), next_};
  next_ += bytes;
  return burst;
}

std::uint64_t data_bytes(const lutra_transfer& t) { return t.rows * row_data_bytes(t); }

std::uint64_t footprint_bytes(const lutra_transfer& t) {
  return (std::uint64_t{t.rows} + t.pad_top + t.pad_bottom) * row_footprint_bytes(t);
}

void scatter(const lutra_transfer& transfer, std::uint64_t first, std::span<const std::uint8_t> data,
             std::span<std::uint8_t> buffer) {
  for_each_piece(transfer, first, data.size(), [&](std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
    std::copy_n(&data[from], bytes, &buffer[to]);
  });
}

void gather(const lutra_transfer& transfer, std::uint64_t first, std::span<std::uint8_t> data,
            std::span<const std::uint8_t> buffer) {
  for_each_piece(transfer, first, data.size(), [&](std::uint64_t to, std::uint64_t from, std::uint64_t bytes) {
    std::copy_n(&buffer[from], bytes, &data[to]);
  });
}

void fill_padding(const lutra_transfer& t, std::span<std::uint8_t> buffer) {
  const auto value = static_cast<std::uint8_t>(t.pad_byte);
  const std::uint64_t row_bytes = row_footprint_bytes(t);
  const auto fill = [&](std::uint64_t offset, std::uint64_t bytes) {
    if (bytes > 0) std::fill_n(&buffer[offset], bytes, value);
  };
  fill(t.offset, t.pad_top * row_bytes);
  fill(t.offset + (std::uint64_t{t.pad_top} + t.rows) * row_bytes, t.pad_bottom * row_bytes);
  for (std::uint64_t row = 0; row < t.rows; ++row) {
    const std::uint64_t left = std::uint64_t{t.pad_left} * t.element_bytes;
    fill(row_offset(t, row) - left, left);
    fill(row_offset(t, row) + row_data_bytes(t), std::uint64_t{t.pad_right} * t.element_bytes);
  }
}

}  // namespace lutra::accelerators
