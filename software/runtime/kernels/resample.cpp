#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/copy.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/post_process.h"

namespace lutra::runtime {
namespace {

int32_t requantised(const lutra_op& op, int32_t value) {
  return clamp(requantise(op.code_requantise, value), op.code_low, op.code_high);
}

// What becomes of every code of the input, the code's bits as the index: once per operation.
class Table {
 public:
  Table(const lutra_op& op, uint8_t* work) : values_(reinterpret_cast<int16_t*>(work)), bits_(op.input.bits) {
    for (uint32_t code = 0; code < 1u << bits_; ++code)
      values_[code] = static_cast<int16_t>(requantised(op, extend(code, bits_, op.input.is_signed != 0)));
  }

  int32_t operator()(int32_t value) const { return values_[static_cast<uint32_t>(value) & ((1u << bits_) - 1)]; }

 private:
  int16_t* values_;
  uint32_t bits_;
};

struct Same {
  int32_t operator()(int32_t value) const { return value; }
};

template <typename Value>
void move_codes(const lutra_op& op, const uint8_t* source, uint8_t* target, const Value& value) {
  for (uint32_t c = 0; c < op.input_channels; ++c) {
    const int32_t channel = static_cast<int32_t>(c * op.step_channel) + op.start_channel;
    int32_t code = op.pad_code;
    if (source != nullptr && inside(channel, op.input.channels))
      code = code_at(source, static_cast<uint32_t>(channel), op.input.bits, op.input.is_signed != 0);
    store_code(target, op.output_channel + c, op.codes.bits, value(code));
  }
}

template <typename Value>
void move_codes(const lutra_op& op, const Value& value) {
  for (uint32_t y = 0; y < op.codes.height; ++y) {
    const int32_t row = static_cast<int32_t>(y * op.step_y) + op.start_y;
    for (uint32_t x = 0; x < op.codes.width; ++x) {
      const int32_t column = static_cast<int32_t>(x * op.step_x) + op.start_x;
      const bool exists = inside(row, op.input.height) && inside(column, op.input.width);
      const uint8_t* source =
          exists ? pixel(op.input, static_cast<uint32_t>(row), static_cast<uint32_t>(column)) : nullptr;
      move_codes(op, source, pixel(op.codes, y, x), value);
    }
  }
}

// Whether each pixel's channels are bytes that move as they are.
bool copies_bytes(const lutra_op& op) {
  const uint32_t bits = op.codes.bits;
  const uint32_t first = static_cast<uint32_t>(op.start_channel);
  if (op.flags & LUTRA_OP_REQUANTISE || op.input.bits != bits || op.step_channel != 1 || op.start_channel < 0)
    return false;
  if (first + op.input_channels > op.input.channels || first * bits % 8 != 0 || op.output_channel * bits % 8 != 0)
    return false;
  const bool to_the_end =
      first + op.input_channels == op.input.channels && op.output_channel + op.input_channels == op.codes.channels;
  return to_the_end || op.input_channels * bits % 8 == 0;
}

// The columns of the output that lie in the input: from `first` on, `count` of them.
struct Columns {
  uint32_t first = 0;
  uint32_t count = 0;
};

Columns columns_inside(const lutra_op& op) {
  Columns columns;
  while (columns.first < op.codes.width &&
         !inside(static_cast<int32_t>(columns.first * op.step_x) + op.start_x, op.input.width))
    ++columns.first;
  while (columns.first + columns.count < op.codes.width &&
         inside(static_cast<int32_t>((columns.first + columns.count) * op.step_x) + op.start_x, op.input.width))
    ++columns.count;
  return columns;
}

void copy(const lutra_op& op) {
  const uint32_t bits = op.codes.bits;
  const uint32_t from = static_cast<uint32_t>(op.start_channel) * bits / 8;
  const uint32_t to = op.output_channel * bits / 8;
  const Columns columns = columns_inside(op);
  Pieces pieces{.bytes = (op.input_channels * bits + 7) / 8,
                .count = columns.count,
                .source_step = op.input.pixel_bytes * op.step_x,
                .target_step = op.codes.pixel_bytes};
  for (uint32_t y = 0; y < op.codes.height; ++y) {
    const int32_t row = static_cast<int32_t>(y * op.step_y) + op.start_y;
    const bool exists = inside(row, op.input.height) && columns.count > 0;
    for (uint32_t x = 0; x < op.codes.width; ++x) {
      if (exists && x == columns.first) x += columns.count;
      if (x < op.codes.width) move_codes(op, nullptr, pixel(op.codes, y, x), Same());
    }
    if (!exists) continue;
    const auto column = static_cast<uint32_t>(static_cast<int32_t>(columns.first * op.step_x) + op.start_x);
    copy_pieces(pieces, pixel(op.input, static_cast<uint32_t>(row), column) + from,
                pixel(op.codes, y, columns.first) + to);
  }
}

}  // namespace

void resample(const lutra_op& op, uint8_t* work) {
  if (copies_bytes(op))
    copy(op);
  else if ((op.flags & LUTRA_OP_REQUANTISE) == 0)
    move_codes(op, Same());
  else if (op.input.bits <= 8)
    move_codes(op, Table(op, work));
  else
    move_codes(op, [&](int32_t value) { return requantised(op, value); });
}

}  // namespace lutra::runtime
