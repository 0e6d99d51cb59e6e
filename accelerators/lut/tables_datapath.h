#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/array/patches.h"
#include "accelerators/array/runs.h"
#include "accelerators/lut/tables_format.h"
#include "accelerators/lut/tables_knobs.h"

namespace lutra::accelerators::lut {

// Table look-ups of one tile, plane by plane and group by group, as the array makes them.
class TablesDatapath {
 public:
  // `codes` and `stride` as array::unpack_words yields them. `terms`: [channel][format.terms(planes)]. `levels`: the
  // value of each activation code, or empty.
  TablesDatapath(const TablesKnobs& knobs, const TablesFormat& format, const array::Runs& runs, int planes,
                 std::span<const std::uint8_t> codes, std::size_t stride, std::vector<int> terms,
                 std::span<const std::uint8_t> levels);

  void operator()(const array::PatchBatch& batch);

 private:
  void build(std::span<const std::int16_t> activations);
  std::int64_t plane_sum(std::size_t channel, int plane) const;
  std::int64_t output(std::size_t channel) const;

  TablesKnobs knobs_;
  TablesFormat format_;
  array::Runs runs_;
  int planes_;
  std::size_t groups_per_run_;
  std::size_t groups_;
  std::vector<std::uint8_t> indices_;  // [channel][plane][group]: the group's weight bits, first activation lowest
  std::vector<int> terms_;
  std::span<const std::uint8_t> levels_;
  std::vector<std::int16_t> tables_;  // [group][2^group size], of one window
  std::int64_t all_ = 0;              // sum of the window's activations
};

}  // namespace lutra::accelerators::lut
