#include "accelerators/ternary/popcount.h"

#include <bit>

namespace lutra::accelerators::ternary {

namespace {

constexpr std::size_t word_lanes = 64;

struct Counts {
  std::int64_t matches = 0;
  std::int64_t negative = 0;
};

// Both operands: `words` non-zero words, then as many signs.
[[gnu::always_inline]] inline Counts count(const std::uint64_t* weights, const std::uint64_t* activations,
                                           std::size_t words) {
  Counts counts;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t match = weights[i] & activations[i];
    counts.matches += std::popcount(match);
    counts.negative += std::popcount(match & (weights[words + i] ^ activations[words + i]));
  }
  return counts;
}

Counts count_portable(const std::uint64_t* weights, const std::uint64_t* activations, std::size_t words) {
  return count(weights, activations, words);
}

#if defined(__x86_64__)
[[gnu::target("popcnt")]] Counts count_native(const std::uint64_t* weights, const std::uint64_t* activations,
                                              std::size_t words) {
  return count(weights, activations, words);
}
#endif

using CountFunction = Counts (*)(const std::uint64_t*, const std::uint64_t*, std::size_t);

CountFunction count_function() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return count_native;
#endif
  return count_portable;
}

}  // namespace

PopcountDatapath::PopcountDatapath(const TileWords& words, const ActivationPlanes& activations)
    : activations_(activations),
      words_((words.stride + word_lanes - 1) / word_lanes),
      planes_(static_cast<std::size_t>(words.planes)),
      passes_(ternary::passes(words.planes, activations.count())),
      weights_(words.shifts.size() * planes_ * 2 * words_),
      window_(static_cast<std::size_t>(activations.count()) * 2 * words_),
      shifts_(words.shifts) {
  for (std::size_t row = 0; row < words.shifts.size() * planes_; ++row)
    for (std::size_t i = 0; i < words.stride; ++i) {
      const std::uint64_t code = words.codes[row * words.stride + i];
      std::uint64_t* target = &weights_[row * 2 * words_ + i / word_lanes];
      target[0] |= (code & 1) << i % word_lanes;
      target[words_] |= (code >> 1) << i % word_lanes;
    }
}

void PopcountDatapath::pack(const std::int16_t* window) {
  for (int plane = 0; plane < activations_.count(); ++plane) {
    const int bit = activations_.ternary ? 0 : activations_.bits - 1 - plane;
    std::uint64_t* target = &window_[static_cast<std::size_t>(plane) * 2 * words_];
    for (std::size_t word = 0; word < words_; ++word) {
      std::uint64_t bits = 0;
      std::uint64_t signs = 0;
      for (std::size_t lane = 0; lane < word_lanes; ++lane) {
        const auto code = static_cast<std::uint16_t>(window[word * word_lanes + lane]);
        bits |= static_cast<std::uint64_t>(code >> bit & 1) << lane;
        signs |= static_cast<std::uint64_t>(code >> 1 & 1) << lane;
      }
      target[word] = bits;
      // The top plane of a signed code counts negative throughout.
      target[words_ + word] = activations_.ternary                   ? signs
                              : activations_.is_signed && plane == 0 ? ~std::uint64_t{0}
                                                                     : 0;
    }
  }
}

void PopcountDatapath::run(const array::PatchBatch& batch) {
  static const CountFunction count_pass = count_function();
  for (std::size_t p = 0; p < batch.count; ++p) {
    pack(&batch.activations[p * stride()]);
    for (std::size_t k = 0; k < batch.outputs; ++k) {
      const std::size_t output = batch.first_output + k;
      std::uint32_t sum = 0;
      for (const Pass& pass : passes_) {
        const Counts counts =
            count_pass(&weights_[(output * planes_ + pass.weight_plane) * 2 * words_],
                       &window_[static_cast<std::size_t>(pass.activation_plane) * 2 * words_], words_);
        if (pass.doubles) sum <<= 1;
        sum += static_cast<std::uint32_t>(counts.matches - 2 * counts.negative);
        matches_ += static_cast<std::uint64_t>(counts.matches);
      }
      batch.sums[p * batch.outputs + k] = sum << shifts_[output];
    }
  }
}

}  // namespace lutra::accelerators::ternary
