#pragma once

#include <array>

#include "accelerators/engine/compute_tile.h"
#include "accelerators/family/pixel.h"
#include "tests/accelerators/rtl/post/post_tile.h"
#include "tests/accelerators/rtl/twin.h"

namespace lutra::test {

// The engine an elaboration (lutra_rtl_model) is the twin of.
template <class Model>
accelerators::EngineConfig post_config() {
  accelerators::EngineConfig config;
  config.rows = config.columns = 2;
  config.accumulator_bits = Model::ACCUMULATOR_BITS;
  config.post_lanes = Model::POST_LANES;
  if (Model::SHIFTS != 0) config.post = accelerators::PostForm::shift;
  if (Model::THRESHOLDS != 0) config.post = accelerators::PostForm::thresholds;
  config.post_thresholds = Model::COMPARATORS;
  config.post_multiplier_bits = Model::MULTIPLIER_BITS;
  return config;
}

struct PostTwinResult {
  std::vector<int> codes;    // [pixel][channel], the low code_bits bits of each
  std::vector<int> streams;  // 16 bits each
  std::vector<std::int32_t> kept;
  std::uint64_t cycles = 0;
  std::uint64_t entering = 0;  // cycles in which the tile's last word had not entered, no waiting counted
  std::uint64_t waited = 0;    // for the bench: gaps, and cycles in which it held the twin
};

// Drives one elaboration through tiles and answers its reads. Buses carry noise wherever nothing was asked for.
template <class Model>
class PostBench {
 public:
  static constexpr int lanes = Model::POST_LANES;
  static constexpr int sum_bits = Model::ACCUMULATOR_BITS;
  static constexpr int multiplier_bits = Model::MULTIPLIER_BITS;

  explicit PostBench(std::uint32_t seed) : random_(seed) {
    top_->hold = 0;
    top_.reset();
  }

  // `drained`: what the array yields, [pixel][channel], of a matrix tile.
  PostTwinResult run(const PostTile& drawn, const std::vector<std::int32_t>& drained) {
    begin(drawn, drained);
    const int window = has_window() ? tile_->window_height * tile_->window_width : 1;
    const int groups = (outputs_ + lanes - 1) / lanes;
    PostTwinResult result;
    result.codes.assign(static_cast<std::size_t>(outputs_), missing);
    result.streams = result.codes;
    result.kept.assign(static_cast<std::size_t>(outputs_), missing);
    result.entering = static_cast<std::uint64_t>(groups) * window;
    int group = 0, element = 0;
    const bool patient = random_.chance(2);
    for (;;) {
      const bool enters = group < groups;
      const bool gap = !patient && random_.chance(4);
      top_->hold = !patient && random_.chance(5);
      enter(enters && !gap ? group : -1, element, window);
      top_->clk = 0;
      top_->eval();
      if (!enters && !top_->busy) break;
      if (++result.cycles > 100000) throw Error("the post-processor does not end");
      if (top_->hold || (enters && gap && top_->ready)) ++result.waited;
      answer();
      top_->eval();
      collect(group, result);
      if (enters && !gap && top_->ready && ++element == window) {
        element = 0;
        ++group;
      }
      top_->clk = 1;
      top_->eval();
    }
    return result;
  }

 private:
  static constexpr int missing = 0x55555555;  // a result that never left

  bool has(unsigned flag) const { return (tile_->flags & flag) != 0; }
  bool has_window() const { return tile_->kind != LUTRA_TILE_MATRIX; }

  static std::uint32_t multiplier(const lutra_requantise& entry) { return lutra_multiplier(&entry); }
  static QData bias(const lutra_requantise& entry) { return static_cast<QData>(lutra_bias(&entry)); }

  void begin(const PostTile& drawn, const std::vector<std::int32_t>& drained) {
    drawn_ = &drawn;
    tile_ = &drawn.tile;
    drained_ = &drained;
    outputs_ = tile_->rows * tile_->columns * tile_->channels;
    reads_ = {};
    written_ = {};
    top_->matrix = !has_window();
    top_->maximum = tile_->kind == LUTRA_TILE_MAXIMUM;
    top_->accumulate = has(LUTRA_TILE_ACCUMULATE);
    top_->keep = has(LUTRA_TILE_KEEP);
    top_->adds_skip = has(LUTRA_TILE_SKIP);
    top_->has_prelu = has(LUTRA_TILE_PRELU);
    top_->writes_stream = has(LUTRA_TILE_STREAM);
    top_->writes_codes = has(LUTRA_TILE_CODES);
    top_->searches = has(LUTRA_TILE_THRESHOLDS);
    top_->direct = has(LUTRA_TILE_DIRECT);
    top_->skip_multiplier =
        static_cast<std::remove_reference_t<decltype(top_->skip_multiplier)>>(multiplier(tile_->skip_requantise));
    top_->skip_bias = bias(tile_->skip_requantise);
    top_->skip_shift = tile_->skip_requantise.shift;
    const lutra_requantise code = has(LUTRA_TILE_REQUANTISE) ? tile_->code_requantise : requantise(1, 0, 0);
    top_->code_multiplier = static_cast<std::remove_reference_t<decltype(top_->code_multiplier)>>(multiplier(code));
    top_->code_bias = bias(code);
    top_->code_shift = code.shift;
    top_->code_low = static_cast<SData>(tile_->code_low);
    top_->code_high = static_cast<SData>(tile_->code_high);
  }

  int lanes_of(int group) const { return std::min(lanes, outputs_ - group * lanes); }
  int channel(int output) const { return output % tile_->channels; }
  int row(int output) const { return output / tile_->channels / tile_->columns; }
  int column(int output) const { return output / tile_->channels % tile_->columns; }

  int value(const lutra_operand& operand, lutra_buffer buffer, int pixel, int at) const {
    if (at < 0 || at >= operand.channels) return 0;
    std::vector<std::int16_t> values(operand.channels);
    const std::uint8_t* bytes = drawn_->buffers.bytes[buffer].data() + operand.offset;
    accelerators::unpack_pixel(bytes + static_cast<std::size_t>(pixel * operand.pixel_bytes), operand.channels,
                               operand.bits, operand.is_signed != 0, values.data());
    return values[static_cast<std::size_t>(at)];
  }

  // Presents a window element of a group, or, for -1, nothing.
  void enter(int group, int element, int window) {
    PortBits valid, drained = top_.noise(lanes * sum_bits), values = top_.noise(lanes * 16),
                    held = top_.noise(lanes * sum_bits);
    for (int lane = 0; group >= 0 && lane < lanes_of(group); ++lane) {
      const int output = group * lanes + lane;
      const auto at = static_cast<std::size_t>(lane);
      const auto of = static_cast<std::size_t>(output);
      valid.put(at, 1, 1);
      if (!has_window()) drained.put(at * sum_bits, sum_bits, static_cast<std::uint32_t>((*drained_)[of]));
      held.put(at * sum_bits, sum_bits, static_cast<std::uint32_t>(drawn_->buffers.accumulators[of]));
      if (!has_window()) continue;
      const int y = row(output) + element / tile_->window_width;
      const int x = column(output) + element % tile_->window_width;
      values.put(at * 16, 16,
                 static_cast<std::uint32_t>(
                     value(tile_->input, LUTRA_BUFFER_ACTIVATION, y * tile_->input.width + x, channel(output))));
    }
    drive(top_->valid, lanes, valid);
    drive(top_->drained, lanes * sum_bits, drained);
    drive(top_->values, lanes * 16, values);
    drive(top_->held, lanes * sum_bits, held);
    top_->first = element == 0;
    top_->last = element + 1 == window;
  }

  lutra_requantise entry(std::uint32_t offset, bool single, int output) const {
    lutra_requantise found;
    const std::size_t index = single ? 0 : static_cast<std::size_t>(channel(output));
    std::memcpy(&found, &drawn_->buffers.bytes[LUTRA_BUFFER_PARAMETER][offset + index * sizeof found], sizeof found);
    return found;
  }

  std::uint32_t threshold(int output, int index) {
    const int count = tile_->code_high - tile_->code_low;
    if (index >= count) return static_cast<std::uint32_t>(random_.between(INT32_MIN, INT32_MAX));
    std::uint32_t found;
    const int first = has(LUTRA_TILE_ONE_THRESHOLDS) ? 0 : channel(output) * count;
    std::memcpy(&found,
                &drawn_->buffers.bytes[LUTRA_BUFFER_PARAMETER][tile_->threshold_offset +
                                                               static_cast<std::size_t>(first + index) * sizeof found],
                sizeof found);
    return found;
  }

  // Calls put(lane, output) for the lanes of the next group of a read, if it is read now.
  template <class Put>
  void each(int read, bool now, const Put& put) {
    if (!now) return;
    const int group = reads_[static_cast<std::size_t>(read)]++;
    for (int lane = 0; lane < lanes_of(group); ++lane) put(static_cast<std::size_t>(lane), group * lanes + lane);
  }

  void answer() {
    PortBits multipliers = top_.noise(lanes * multiplier_bits), skips = top_.noise(lanes * 16),
             biases = top_.noise(lanes * 64), shifts = top_.noise(lanes * 6),
             slopes = top_.noise(lanes * multiplier_bits), slope_biases = top_.noise(lanes * 64),
             slope_shifts = top_.noise(lanes * 6), upper = top_.noise(lanes * 96), lower = top_.noise(lanes * 384);
    const bool one_scale = has(LUTRA_TILE_ONE_SCALE), one_prelu = has(LUTRA_TILE_ONE_PRELU);
    each(0, top_->read_scale, [&](std::size_t lane, int output) {
      multipliers.put(lane * multiplier_bits, multiplier_bits,
                      multiplier(entry(tile_->scale_offset, one_scale, output)));
      if (has(LUTRA_TILE_SKIP))
        skips.put(lane * 16, 16,
                  static_cast<std::uint32_t>(value(tile_->skip, LUTRA_BUFFER_SKIP,
                                                   row(output) * tile_->skip.width + column(output),
                                                   tile_->skip_first_channel + channel(output))));
    });
    const auto put_bias = [](const lutra_requantise& from, std::size_t lane, PortBits& bias_bits,
                             PortBits& shift_bits) {
      bias_bits.put(lane * 64, 32, static_cast<std::uint32_t>(bias(from)));
      bias_bits.put(lane * 64 + 32, 32, static_cast<std::uint32_t>(bias(from) >> 32));
      shift_bits.put(lane * 6, 6, from.shift);
    };
    each(1, top_->read_scale_bias, [&](std::size_t lane, int output) {
      put_bias(entry(tile_->scale_offset, one_scale, output), lane, biases, shifts);
    });
    each(2, top_->read_prelu, [&](std::size_t lane, int output) {
      slopes.put(lane * multiplier_bits, multiplier_bits, multiplier(entry(tile_->prelu_offset, one_prelu, output)));
    });
    each(3, top_->read_prelu_bias, [&](std::size_t lane, int output) {
      put_bias(entry(tile_->prelu_offset, one_prelu, output), lane, slope_biases, slope_shifts);
    });
    each(4, top_->read_upper, [&](std::size_t lane, int output) {
      for (int i = 0; i < 3; ++i)
        upper.put(lane * 96 + static_cast<std::size_t>(i) * 32, 32,
                  threshold(output, Model::COMPARATORS != 0 ? i : 4 * i + 3));
    });
    each(5, top_->read_lower, [&](std::size_t lane, int output) {
      for (int i = 0; i < 12; ++i)
        lower.put(lane * 384 + static_cast<std::size_t>(i) * 32, 32, threshold(output, i / 3 * 4 + i % 3));
    });
    drive(top_->scale_multipliers, lanes * multiplier_bits, multipliers);
    drive(top_->skip_values, lanes * 16, skips);
    drive(top_->scale_biases, lanes * 64, biases);
    drive(top_->scale_shifts, lanes * 6, shifts);
    drive(top_->prelu_multipliers, lanes * multiplier_bits, slopes);
    drive(top_->prelu_biases, lanes * 64, slope_biases);
    drive(top_->prelu_shifts, lanes * 6, slope_shifts);
    drive(top_->upper_thresholds, lanes * 96, upper);
    drive(top_->lower_thresholds, lanes * 384, lower);
  }

  void collect(int entering, PostTwinResult& result) {
    const PortBits kept = sample(top_->keep_valid, lanes), codes = sample(top_->code_valid, lanes),
                   streams = sample(top_->stream_valid, lanes);
    const PortBits sums = sample(top_->kept, lanes * sum_bits), code_words = sample(top_->codes, lanes * 16),
                   stream_words = sample(top_->streams, lanes * 16);
    for (int lane = 0; lane < lanes; ++lane) {
      const auto at = static_cast<std::size_t>(lane);
      const auto output = [&](int group) { return static_cast<std::size_t>(group * lanes + lane); };
      if (kept.get(at, 1) != 0) {
        const std::uint32_t sign = 1u << (sum_bits - 1);
        result.kept.at(output(entering)) = static_cast<std::int32_t>((sums.get(at * sum_bits, sum_bits) ^ sign) - sign);
      }
      if (codes.get(at, 1) != 0)
        result.codes.at(output(written_[0])) =
            static_cast<int>(code_words.get(at * 16, std::min<int>(tile_->code_bits, 16)));
      if (streams.get(at, 1) != 0)
        result.streams.at(output(written_[1])) = static_cast<int>(stream_words.get(at * 16, 16));
    }
    if (codes.get(0, 1) != 0) ++written_[0];
    if (streams.get(0, 1) != 0) ++written_[1];
  }

  Twin<Model> top_;
  Random random_;
  const PostTile* drawn_ = nullptr;
  const lutra_tile* tile_ = nullptr;
  const std::vector<std::int32_t>* drained_ = nullptr;
  int outputs_ = 0;
  std::array<int, 6> reads_{};    // groups of each read so far
  std::array<int, 2> written_{};  // groups of codes and of streams
};

}  // namespace lutra::test
