#include "software/compiler/thresholds.h"

#include <algorithm>
#include <limits>

namespace lutra::compiler {

namespace {

constexpr std::int64_t stream_lowest = std::numeric_limits<std::int16_t>::min();
constexpr std::int64_t stream_highest = std::numeric_limits<std::int16_t>::max();
constexpr std::int64_t sum_lowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t sum_highest = std::numeric_limits<std::int32_t>::max();

std::int64_t apply(const lutra_requantise& r, std::int64_t value) {
  const std::int64_t bias = std::int64_t{r.bias_high} * (std::int64_t{1} << 32) + r.bias_low;
  return (value * r.multiplier + bias) >> r.shift;
}

// The least of lowest..highest for which `reaches` holds, which then holds for all above; highest + 1: none.
template <typename Predicate>
std::int64_t least(std::int64_t lowest, std::int64_t highest, const Predicate& reaches) {
  std::int64_t low = lowest;
  std::int64_t high = highest + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (reaches(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

std::int64_t code_of(const lutra_op& op, std::int64_t stream) {
  return op.flags & LUTRA_OP_REQUANTISE ? apply(op.code_requantise, stream) : stream;
}

template <typename Code>
void append_entry(const lutra_op& op, std::int64_t lowest, std::int64_t highest, const Code& code,
                  std::vector<std::int32_t>& values) {
  for (std::int64_t wanted = std::int64_t{op.code_low} + 1; wanted <= op.code_high; ++wanted) {
    const std::int64_t threshold = least(lowest, highest, [&](std::int64_t value) { return code(value) >= wanted; });
    values.push_back(static_cast<std::int32_t>(std::min(threshold, sum_highest)));
  }
}

}  // namespace

Thresholds thresholds_of(const LoweredOp& lowered) {
  const lutra_op& op = lowered.op;
  Thresholds thresholds;
  if ((op.flags & LUTRA_OP_CODES) == 0 || op.code_high - op.code_low > LUTRA_MOST_THRESHOLDS) return thresholds;
  thresholds.direct = (op.flags & (LUTRA_OP_SKIP | LUTRA_OP_PRELU | LUTRA_OP_STREAM)) == 0;
  if (!thresholds.direct) {
    append_entry(
        op, stream_lowest, stream_highest, [&](std::int64_t stream) { return code_of(op, stream); }, thresholds.values);
    thresholds.entries = 1;
    return thresholds;
  }
  for (const lutra_requantise& scale : lowered.scale) {
    const auto code = [&](std::int64_t sum) {
      return code_of(op, std::clamp(apply(scale, sum), stream_lowest, stream_highest));
    };
    append_entry(op, sum_lowest, sum_highest, code, thresholds.values);
  }
  thresholds.entries = static_cast<int>(lowered.scale.size());
  return thresholds;
}

}  // namespace lutra::compiler
