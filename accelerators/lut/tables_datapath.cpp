#include "accelerators/lut/tables_datapath.h"

#include <algorithm>

namespace lutra::accelerators::lut {

namespace {

constexpr int largest_group = 5;

// Full tables: entry i is the sum of the activations whose bit in i is set.
void build_full(const std::int16_t* x, int group, std::int16_t* table) {
  table[0] = 0;
  for (int j = 0; j < group; ++j)
    for (int i = 0; i < 1 << j; ++i) table[(1 << j) + i] = static_cast<std::int16_t>(table[i] + x[j]);
}

// Half tables: the entries with the top bit set, in which bit j adds or subtracts activation j; a look-up with the top
// bit clear reads the entry of the inverted bits and negates it.
void build_half(const std::int16_t* x, int group, std::int16_t* table) {
  const int entries = 1 << (group - 1);
  std::int16_t* upper = table + entries;
  upper[0] = x[group - 1];
  for (int j = 0; j < group - 1; ++j) upper[0] = static_cast<std::int16_t>(upper[0] - x[j]);
  for (int j = 0; j < group - 1; ++j)
    for (int i = 0; i < 1 << j; ++i) upper[(1 << j) + i] = static_cast<std::int16_t>(upper[i] + 2 * x[j]);
  for (int i = 0; i < entries; ++i) table[i] = static_cast<std::int16_t>(-upper[entries - 1 - i]);
}

}  // namespace

TablesDatapath::TablesDatapath(const TablesKnobs& knobs, const TablesFormat& format, const array::Runs& runs,
                               int planes, std::span<const std::uint8_t> codes, std::size_t stride,
                               std::vector<int> terms, std::span<const std::uint8_t> levels)
    : knobs_(knobs),
      format_(format),
      runs_(runs),
      planes_(planes),
      groups_per_run_(static_cast<std::size_t>((runs.length + knobs.group - 1) / knobs.group)),
      groups_(groups_per_run_ * static_cast<std::size_t>(runs.count)),
      terms_(std::move(terms)),
      levels_(levels),
      tables_(groups_ << knobs.group) {
  const std::size_t channels = codes.size() / stride;
  const auto planes_count = static_cast<std::size_t>(planes);
  const auto run_length = static_cast<std::size_t>(runs.length);
  indices_.resize(channels * planes_count * groups_);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    std::uint8_t* indices = &indices_[channel * planes_count * groups_];
    for (std::size_t run = 0; run < static_cast<std::size_t>(runs.count); ++run)
      for (std::size_t i = 0; i < run_length; ++i) {
        const unsigned code = codes[channel * stride + run * run_length + i];
        const std::size_t group = run * groups_per_run_ + i / static_cast<std::size_t>(knobs.group);
        const auto lane = static_cast<int>(i % static_cast<std::size_t>(knobs.group));
        for (std::size_t plane = 0; plane < planes_count; ++plane) {
          std::uint8_t& index = indices[plane * groups_ + group];
          index = static_cast<std::uint8_t>(index | (code >> plane & 1u) << lane);
        }
      }
  }
}

void TablesDatapath::build(std::span<const std::int16_t> activations) {
  all_ = 0;
  const auto run_length = static_cast<std::size_t>(runs_.length);
  const auto group_length = static_cast<std::size_t>(knobs_.group);
  const std::size_t mask = levels_.size() - 1;
  std::int16_t* table = tables_.data();
  for (std::size_t run = 0; run < static_cast<std::size_t>(runs_.count); ++run)
    for (std::size_t first = 0; first < run_length; first += group_length, table += std::size_t{1} << knobs_.group) {
      std::int16_t x[largest_group] = {};
      const std::size_t count = std::min(group_length, run_length - first);
      std::copy_n(&activations[run * run_length + first], count, x);
      if (!levels_.empty())
        for (std::size_t i = 0; i < count; ++i)
          x[i] = static_cast<std::int8_t>(levels_[static_cast<std::size_t>(x[i]) & mask]);
      (knobs_.half ? build_half : build_full)(x, knobs_.group, table);
      all_ += table[(1 << knobs_.group) - 1];
    }
}

std::int64_t TablesDatapath::plane_sum(std::size_t channel, int plane) const {
  const std::uint8_t* indices =
      &indices_[(channel * static_cast<std::size_t>(planes_) + static_cast<std::size_t>(plane)) * groups_];
  const std::int16_t* table = tables_.data();
  const std::size_t step = std::size_t{1} << knobs_.group;
  std::int64_t sum = 0;
  for (std::size_t group = 0; group < groups_; ++group, table += step) sum += table[indices[group]];
  return sum;
}

std::int64_t TablesDatapath::output(std::size_t channel) const {
  std::int64_t sum = 0;
  if (!format_.coefficients) {
    sum = -plane_sum(channel, 0);
    for (int plane = 1; plane < planes_; ++plane) sum = 2 * sum + plane_sum(channel, plane);
    return knobs_.half ? (sum - all_) >> 1 : sum;
  }
  const int* term = &terms_[channel * static_cast<std::size_t>(format_.terms(planes_))];
  for (int plane = 0; plane < planes_; ++plane) sum += *term++ * plane_sum(channel, plane);
  if (format_.offset) sum += *term * all_;
  return knobs_.half ? sum >> 1 : sum;
}

void TablesDatapath::operator()(const array::PatchBatch& batch) {
  for (std::size_t p = 0; p < batch.count; ++p) {
    build(batch.activations.subspan(p * batch.stride, batch.stride));
    for (std::size_t k = 0; k < batch.outputs; ++k)
      batch.sums[p * batch.outputs + k] = static_cast<std::uint32_t>(output(batch.first_output + k));
  }
}

}  // namespace lutra::accelerators::lut
