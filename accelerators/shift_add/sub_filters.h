#pragma once

#include "accelerators/array/pipeline.h"
#include "accelerators/array/structure.h"
#include "accelerators/array/timing.h"
#include "accelerators/array/words.h"
#include "accelerators/family/family.h"
#include "accelerators/shift_add/lanes.h"
#include "accelerators/shift_add/planes.h"

namespace lutra::accelerators::shift_add {

// `parallel` sums of gated additions per processing element, one per plane, and their shifts: behind the drain where
// sums stay in the array (output-stationary), else before the sum in the buffer. A dot product is swept once for every
// `parallel` planes.
class SubFilters final : public Family {
 public:
  explicit SubFilters(const EngineConfig& config);

  std::string name() const override { return "shift_add"; }
  std::string summary() const override;
  std::string refuses(const network::ActivationEncoding& activation,
                      const network::WeightEncoding& weights) const override;
  PackedWeights pack(const WeightBlock& block, const network::WeightEncoding& encoding,
                     const network::ActivationEncoding& activation) const override;
  std::size_t packed_bytes(const WeightBlock& block, const network::WeightEncoding& encoding,
                           const network::ActivationEncoding& activation) const override;
  std::string refuses_tile(const MatrixTile& tile) const override;
  std::size_t weight_bytes(const MatrixTile& tile) const override;
  int weight_port_bits() const override { return config_.rows * config_.lanes * parallel_; }
  bool sums_in_buffer() const override { return weight_stationary() || config_.weight_bits > parallel_; }
  std::uint64_t cycles(const MatrixTile& tile, bool finishes) const override;
  std::vector<EventInfo> events() const override;
  TileWork compute(const MatrixTile& tile, bool finishes, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override;
  TileWork expected(const MatrixTile& tile, double share) const override;
  Structure structure() const override;
  RtlTwin rtl_twin() const override {
    return {"sub_filters_element", "sub_filters_array", {{"PARALLEL", parallel_}, {"ZERO_GATING", zero_gating_}}};
  }

 private:
  struct Weights;

  bool weight_stationary() const { return config_.dataflow == Dataflow::weight_stationary; }
  int sweeps(int planes) const { return (planes + parallel_ - 1) / parallel_; }
  int planes_of(int sweep, int planes) const { return std::min(parallel_, planes - sweep * parallel_); }
  array::WordLayout layout(int planes) const { return {config_.rows, config_.lanes, planes, false}; }
  std::string refuses_planes(int planes) const;
  array::ArrayTiming timing(const MatrixTile& tile) const;
  std::uint64_t slots(const MatrixTile& tile) const;  // planes of elements that belong to an output
  TileWork work(const MatrixTile& tile, std::uint64_t pairs) const;
  Weights unpack(const MatrixTile& tile, std::size_t stride, std::span<const std::uint8_t> weights) const;
  std::size_t table_bytes(const MatrixTile& tile) const;  // of one sweep
  void add_traffic(const MatrixTile& tile, const array::ArrayTiming& timing, TileWork& work) const;

  int plane_steps() const;
  int shift_steps() const;
  array::Pipeline pipeline() const;
  int fill() const;
  int stages_of_coefficients() const;
  void add_shifts_in_elements(array::Parts& parts, int sum_bits) const;
  void add_shifts_behind_drain(array::Parts& parts) const;

  EngineConfig config_;
  int parallel_ = 2;
  bool zero_gating_ = true;
};

}  // namespace lutra::accelerators::shift_add
