#pragma once

#include "accelerators/array/pipeline.h"
#include "accelerators/array/timing.h"
#include "accelerators/array/words.h"
#include "accelerators/family/family.h"
#include "accelerators/shift_add/codes.h"

namespace lutra::accelerators::shift_add {

// `terms` barrel shifters per lane, an adder tree over all of them.
class PowerOfTwo final : public Family {
 public:
  explicit PowerOfTwo(const EngineConfig& config);

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
  bool sums_in_buffer() const override { return config_.dataflow == Dataflow::weight_stationary; }
  std::uint64_t cycles(const MatrixTile& tile, bool finishes) const override;
  std::vector<EventInfo> events() const override;
  TileWork compute(const MatrixTile& tile, bool finishes, std::span<const std::uint8_t> activations,
                   std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators) const override;
  TileWork expected(const MatrixTile& tile, double share) const override;
  Structure structure() const override;
  RtlTwin rtl_twin() const override {
    return {"power_of_two_element", "power_of_two_array", {{"TERMS", terms_}, {"ZERO_GATING", zero_gating_}}};
  }

 private:
  array::WordLayout layout(int bits) const { return {config_.rows, config_.lanes, bits, false}; }
  std::string refuses_codes(const Codes& codes) const;
  array::Pipeline pipeline() const;
  array::ArrayTiming timing(const MatrixTile& tile) const;
  std::uint64_t slots(const MatrixTile& tile) const;  // digits of elements that belong to an output
  TileWork work(const MatrixTile& tile, std::uint64_t pairs) const;

  EngineConfig config_;
  int terms_ = 1;
  bool zero_gating_ = true;
};

}  // namespace lutra::accelerators::shift_add
