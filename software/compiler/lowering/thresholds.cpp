#include "software/compiler/lowering/thresholds.h"

#include <algorithm>
#include <limits>

#include "software/compiler/lowering/requantise.h"

namespace lutra::compiler {

namespace {

constexpr std::int64_t stream_lowest = std::numeric_limits<std::int16_t>::min();
constexpr std::int64_t stream_highest = std::numeric_limits<std::int16_t>::max();
constexpr std::int64_t sum_lowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t sum_highest = std::numeric_limits<std::int32_t>::max();

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

std::int64_t stream_of(const lutra_requantise& scale, std::int64_t sum) {
  return std::clamp(requantise(scale, sum), stream_lowest, stream_highest);
}

std::int64_t code_of(const lutra_op& op, std::int64_t stream) {
  return op.flags & LUTRA_OP_REQUANTISE ? requantise(op.code_requantise, stream) : stream;
}

std::int64_t clamped_code_of(const lutra_op& op, std::int64_t stream) {
  return std::clamp<std::int64_t>(code_of(op, stream), op.code_low, op.code_high);
}

const lutra_requantise& scale_of(const LoweredOp& lowered, std::size_t channel) {
  return lowered.scale[lowered.scale.size() == 1 ? 0 : channel];
}

bool nothing_but_scale(const lutra_op& op) {
  return (op.flags & (LUTRA_OP_SKIP | LUTRA_OP_PRELU | LUTRA_OP_STREAM)) == 0;
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
  thresholds.direct = nothing_but_scale(op);
  if (!thresholds.direct) {
    append_entry(
        op, stream_lowest, stream_highest, [&](std::int64_t stream) { return code_of(op, stream); }, thresholds.values);
    thresholds.entries = 1;
    return thresholds;
  }
  for (const lutra_requantise& scale : lowered.scale) {
    const auto code = [&](std::int64_t sum) { return code_of(op, stream_of(scale, sum)); };
    append_entry(op, sum_lowest, sum_highest, code, thresholds.values);
  }
  thresholds.entries = static_cast<int>(lowered.scale.size());
  return thresholds;
}

Thresholds joined_thresholds(const LoweredOp& writer, const LoweredOp& reader, bool sums) {
  const bool of_codes = reader.input == writer.codes;
  Thresholds thresholds;
  thresholds.direct = sums && nothing_but_scale(writer.op);
  const bool one = reader.scale.size() == 1 && (!thresholds.direct || writer.scale.size() == 1);
  thresholds.entries = one ? 1 : static_cast<int>(writer.op.output_channels);
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(thresholds.entries); ++channel) {
    const auto code = [&](std::int64_t value) {
      const std::int64_t stream = thresholds.direct ? stream_of(scale_of(writer, channel), value) : value;
      const std::int64_t read = of_codes ? clamped_code_of(writer.op, stream) : stream;
      return code_of(reader.op, stream_of(scale_of(reader, channel), read));
    };
    append_entry(reader.op, thresholds.direct ? sum_lowest : stream_lowest,
                 thresholds.direct ? sum_highest : stream_highest, code, thresholds.values);
  }
  return thresholds;
}

}  // namespace lutra::compiler
