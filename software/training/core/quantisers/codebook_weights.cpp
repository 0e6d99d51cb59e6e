#include <algorithm>
#include <cmath>

#include "software/training/core/quantisers/weight_schemes.h"

namespace lutra::training {

namespace {

using torch::Tensor;

constexpr double least_scale = 1e-8;
constexpr double largest_entry = 127;

// One table of learned entries per layer, and a scale per filter, its peak magnitude at the start. Weights take the
// nearest entry; straight-through for them, exact for the entries. Outside training entries are integers of 8 bits.
// [ours]
class CodebookWeights final : public WeightQuantiser {
 public:
  CodebookWeights(const WeightSpec& spec, const Tensor& initial) : bits_(spec.bits) {
    weights_ = register_parameter("weights", initial.clone());
    scale_ = register_buffer("scale", by_filter(initial).abs().amax(1).clamp_min(least_scale));
    entries_ = register_parameter("entries", cluster(by_filter(initial) / scale_.unsqueeze(1)));
  }

  Tensor values() override {
    if (!is_training()) return unpack(codes(), weights_);
    const Tensor scaled = by_filter(weights_) / scale_.unsqueeze(1);
    const Tensor value = entries_.index({nearest(scaled, entries_)});
    return ((value + scaled - scaled.detach()) * scale_.unsqueeze(1)).reshape(weights_.sizes());
  }

  network::Weights codes() override {
    const torch::NoGradGuard no_gradient;
    const Tensor sorted = std::get<0>(entries_.to(torch::kCPU, torch::kFloat64).sort());
    const double unit = std::max(sorted.abs().max().item<double>() / largest_entry, least_scale);
    network::CodebookWeights encoding{bits_, {}};
    for (std::int64_t i = 0; i < sorted.numel(); ++i) {  // distinct, ascending
      const int wanted = static_cast<int>(std::floor(sorted[i].item<double>() / unit + 0.5));
      const int above = encoding.table.empty() ? -128 : encoding.table.back() + 1;
      encoding.table.push_back(static_cast<std::int16_t>(std::max(wanted, above)));
    }
    for (std::size_t i = encoding.table.size(); i-- > 0;)
      encoding.table[i] = static_cast<std::int16_t>(
          std::min<int>(encoding.table[i], 127 - static_cast<int>(encoding.table.size() - 1 - i)));
    const Tensor integers =
        torch::tensor(std::vector<float>(encoding.table.begin(), encoding.table.end())).to(weights_.device());
    const Tensor scaled = by_filter(weights_) / scale_.unsqueeze(1) / unit;
    network::Weights codes = pack(integers.index({nearest(scaled, integers)}), scale_ * unit);
    codes.encoding = encoding;
    return codes;
  }

  Tensor latent() override { return weights_; }

 private:
  static Tensor nearest(const Tensor& x, const Tensor& entries) {
    const torch::NoGradGuard no_gradient;
    const auto [sorted, order] = entries.sort();
    const Tensor middles = (sorted.slice(0, 1) + sorted.slice(0, 0, -1)) / 2;
    return order.index({torch::bucketize(x.contiguous(), middles.contiguous())});
  }

  // Lloyd's algorithm from the quantiles.
  Tensor cluster(const Tensor& x) const {
    const torch::NoGradGuard no_gradient;
    constexpr int rounds = 20;
    const std::int64_t count = std::int64_t{1} << bits_;
    const Tensor sorted = std::get<0>(x.flatten().sort());
    Tensor entries = sorted.index({((torch::arange(count) + 0.5) * sorted.numel() / count).to(torch::kInt64)}).clone();
    for (int round = 0; round < rounds; ++round) {
      const Tensor chosen = nearest(x, entries).flatten();
      const Tensor sums = torch::zeros({count}).index_add_(0, chosen, x.flatten());
      const Tensor counts = torch::zeros({count}).index_add_(0, chosen, torch::ones({chosen.numel()}));
      entries = torch::where(counts > 0, sums / counts.clamp_min(1), entries);
    }
    return entries;
  }

  int bits_;
  Tensor weights_, scale_, entries_;
};

}  // namespace

std::shared_ptr<WeightQuantiser> make_codebook_weights(const WeightSpec& spec, const Tensor& initial) {
  return std::make_shared<CodebookWeights>(spec, initial);
}

}  // namespace lutra::training
