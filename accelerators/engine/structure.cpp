#include "accelerators/engine/structure.h"

#include <algorithm>
#include <bit>

#include "accelerators/engine/ledger.h"
#include "accelerators/family/activation_layout.h"
#include "accelerators/interface/commands.h"
#include "software/common/arithmetic.h"

namespace lutra::accelerators {

namespace {

constexpr int byte_bits = 8;
constexpr int word_bits = 32;
constexpr int sum_bits = 32;
constexpr int stream_bits = 16;
constexpr int datapath_bits = 64;    // of a requantiser: accelerators/interface/commands.h, struct lutra_requantise
constexpr int multiplier_bits = 16;  // the same
constexpr int operand_bits = 16;     // widest value of a pool, a sum or an elementwise tile, and widest code
constexpr int transfer_port_bits = static_cast<int>(transfer_port_bytes) * byte_bits;

// Rules of ours, +-100 %, and no measurement: README.md has their share of an engine.
constexpr int functions_per_state_machine = 100;  // handshakes and states of one unit, in six-input functions
constexpr int functions_per_saturation = 40;      // sign test of a 64-bit value's upper bits, and the clamp
constexpr int transfer_counters = 5;              // row, column, byte within the run, memory and buffer address
constexpr int sequencer_counters = 8;  // output y, x, row block; window y, x; run word; drain; buffer address

class Parts {
 public:
  void component(const char* name) { component_ = name; }
  void multiplier(int count, int a, int b, bool dsp) { add(PrimitiveKind::multiplier, count, a, b).dsp = dsp; }
  void adder(int count, int bits) { add(PrimitiveKind::adder, count, bits); }
  void registers(int count, int bits) { add(PrimitiveKind::registers, count, bits); }
  void logic(int count, int functions) { add(PrimitiveKind::logic, count, functions); }
  void multiplexer(int count, int bits, int inputs) {
    if (inputs > 1) add(PrimitiveKind::multiplexer, count, bits, inputs);
  }
  void memory(int bits, std::int64_t capacity_bits) { banks(1, bits, capacity_bits); }
  void banks(int count, int bits, std::int64_t capacity_bits) {
    const auto depth = static_cast<int>(divide_up(capacity_bits, std::int64_t{count} * bits));
    add(PrimitiveKind::memory, count, bits).depth = std::max(depth, 1);
  }
  Structure take() { return std::move(parts_); }

 private:
  Primitive& add(PrimitiveKind kind, int count, int a, int b = 0) {
    Primitive part;
    part.component = component_;
    part.kind = kind;
    part.count = count;
    part.width_a = a;
    part.width_b = b;
    return parts_.emplace_back(std::move(part));
  }

  std::string component_;
  Structure parts_;
};

int bits_below(std::int64_t count) {
  return std::max(static_cast<int>(std::bit_width(static_cast<std::uint64_t>(count - 1))), 1);
}

// Levels of four inputs, and one of two where the amount has an odd number of bits.
void add_rotator(Parts& parts, int elements, int bits, int amount_bits) {
  for (int left = amount_bits; left > 0; left -= 2) parts.multiplexer(elements, bits, left > 1 ? 4 : 2);
}

// A word out of a row, coarse steps first: each level keeps what those after it can still reach.
void add_word_shift(Parts& parts, int columns, int row_bits, int output_bits) {
  for (int left = bits_below(row_bits); left > 0;) {
    const int level = std::min(left, 2);
    left -= level;
    parts.multiplexer(columns, std::min(row_bits, output_bits + (1 << left) - 1), 1 << level);
  }
}

// rtl/activation_buffer.sv: a bank per column; the address of every column's read; addresses to banks, beats to banks,
// rows to columns.
void add_activation_buffer(Parts& parts, const EngineConfig& config, const Family& family) {
  const ActivationBanks banks = activation_banks(config, family);
  const int columns = config.columns;
  const int low = bits_below(columns);
  const int address = bits_below(config.activation_buffer_bytes / banks.stripe_bytes());
  const int pixel = low + address;
  parts.component("engine.activation_buffer");
  parts.banks(columns, banks.row_bits(), std::int64_t{config.activation_buffer_bytes} * byte_bits);
  // Of a column: x, low and high of the tile to come, of the first block and of this one; the block after it, the tap.
  parts.registers(3 * columns, pixel + low + address);
  parts.adder(2 * columns, pixel + 1);
  parts.adder(4 * columns, address);
  parts.multiplexer(columns, pixel + low + address, 4);
  parts.multiplexer(columns, low + address, 2);
  parts.logic(6 * columns, low + 1);
  // Of a bank: the address of its row of a beat.
  parts.adder(2 * columns, address);
  parts.logic(3 * columns, low + 1);
  add_rotator(parts, columns, address, low);
  add_rotator(parts, columns, banks.row_bits(), low);
  add_rotator(parts, columns, banks.row_bits(), low);
  add_word_shift(parts, columns, banks.row_bits(), column_bits(config, family));
  // The running tile's steps, the walk, the first column's bank and the read's rotation and shift.
  parts.registers(1, 3 * pixel + 8 * low + 4 * address + 1 + bits_below(banks.row_bits()));
}

// Each as wide as the most that any of its users moves in a cycle.
void add_buffers(Parts& parts, const EngineConfig& config, const Family& family) {
  const int lanes = config.post_lanes;
  const auto add = [&](const char* name, int user_bits, int bytes) {
    parts.component(name);
    parts.memory(std::max(user_bits, transfer_port_bits), std::int64_t{bytes} * byte_bits);
  };
  add_activation_buffer(parts, config, family);
  const int port_bits = family.weight_port_bits();
  const int word = port_bits > 0 ? port_bits : config.rows * config.lanes * config.weight_bits;
  add("engine.weight_buffer", word, config.weight_buffer_bytes);
  // Words begin at any byte.
  parts.multiplexer(1, word, static_cast<int>(divide_up(std::max(word, transfer_port_bits), byte_bits)));
  constexpr int entry_bits = 2 * static_cast<int>(sizeof(lutra_requantise)) * byte_bits;  // scale and PReLU
  constexpr int threshold_entry_bits = LUTRA_MOST_THRESHOLDS * word_bits;
  const int parameter_bits =
      config.post == PostForm::thresholds ? std::max(entry_bits, threshold_entry_bits) : entry_bits;
  add("engine.parameter_buffer", lanes * parameter_bits, config.parameter_buffer_bytes);
  add("engine.skip_buffer", lanes * stream_bits, config.skip_buffer_bytes);
  add("engine.output_buffer", lanes * (stream_bits + operand_bits), config.output_buffer_bytes);  // stream and codes
  parts.component("engine.accumulator_buffer");
  if (family.sums_in_buffer() &&
      config.dataflow == Dataflow::weight_stationary)  // every element reads and writes a sum per cycle
    parts.banks(config.rows * config.columns, config.accumulator_bits,
                std::int64_t{config.accumulator_buffer_bytes} * byte_bits * config.accumulator_bits / sum_bits);
  else
    parts.memory(lanes * sum_bits, std::int64_t{config.accumulator_buffer_bytes} * byte_bits);
}

// (x * multiplier + bias) >> shift, saturated to 16 bits: one per lane. Only 17 bits leave the shifter, so its levels
// of four inputs narrow from 17 + 15 to 17 + 3 to 17 bits. Where a multiplier is a power of two, two levels of four
// inputs shift to the left instead.
void add_requantiser(Parts& parts, const EngineConfig& config, int lanes, int input_bits) {
  if (config.post == PostForm::shift) {
    parts.multiplexer(lanes, input_bits + 3, 4);
    parts.multiplexer(lanes, input_bits + multiplier_bits, 4);
  } else {
    parts.multiplier(lanes, multiplier_bits, input_bits, config.use_dsp);
  }
  parts.registers(lanes, input_bits + multiplier_bits);
  parts.adder(lanes, datapath_bits);
  for (const int level_bits : {stream_bits + 16, stream_bits + 4, stream_bits + 1})
    parts.multiplexer(lanes, level_bits, 4);
  parts.logic(lanes, functions_per_saturation);
  parts.registers(lanes, stream_bits);
}

// A search in halves per lane: a comparison per stage, with the threshold that those before it have left. The registers
// hold the lane's entry, and the value on its way.
void add_comparators(Parts& parts, int lanes) {
  constexpr int stages = std::bit_width(unsigned{LUTRA_MOST_THRESHOLDS});
  parts.adder(stages * lanes, sum_bits);
  parts.registers(stages * lanes, sum_bits);
  for (int stage = 1; stage < stages; ++stage) parts.multiplexer(lanes, sum_bits, 1 << stage);
  parts.registers(LUTRA_MOST_THRESHOLDS * lanes, word_bits);
}

// What makes codes of a stream: a requantiser per lane; or comparators, and one requantiser for codes of over four bits
// that takes the lanes in turn.
void add_code_maker(Parts& parts, const EngineConfig& config) {
  if (config.post != PostForm::thresholds) return add_requantiser(parts, config, config.post_lanes, stream_bits);
  add_comparators(parts, config.post_lanes);
  parts.multiplexer(1, stream_bits, config.post_lanes);
  add_requantiser(parts, config, 1, stream_bits);
}

void add_post_processor(Parts& parts, const EngineConfig& config) {
  parts.component("engine.post");
  const int lanes = config.post_lanes;
  const int entry_bits = static_cast<int>(sizeof(lutra_requantise)) * byte_bits;
  add_requantiser(parts, config, lanes, sum_bits);
  add_requantiser(parts, config, lanes, stream_bits);  // skip
  parts.adder(lanes, stream_bits + 1);
  add_requantiser(parts, config, lanes, stream_bits);  // PReLU
  add_code_maker(parts, config);
  parts.registers(2 * lanes, entry_bits);  // the lane's scale and PReLU entries
  // Pools, sums and the accumulator buffer share one adder per lane, which also compares.
  parts.adder(lanes, sum_bits);
  parts.registers(lanes, sum_bits);
  parts.multiplexer(lanes, sum_bits, 2);
}

// A unit's command queue and the command it runs.
void add_queue(Parts& parts, const EngineConfig& config, std::size_t command_bytes) {
  const auto bits = static_cast<int>(command_bytes) * byte_bits;
  parts.memory(word_bits, std::int64_t{config.command_queue} * bits);
  parts.registers(1, bits);
  parts.logic(1, functions_per_state_machine);
}

void add_transfer_unit(Parts& parts, const EngineConfig& config, const char* name) {
  parts.component(name);
  add_queue(parts, config, sizeof(lutra_transfer));
  parts.registers(transfer_counters, word_bits);
  parts.adder(transfer_counters, word_bits);
  parts.memory(transfer_port_bits, std::int64_t{config.outstanding} * config.burst_bytes * byte_bits);
  parts.multiplexer(1, transfer_port_bits, transfer_port_bits / byte_bits);  // any byte to any place
}

void add_control(Parts& parts, const EngineConfig& config) {
  add_transfer_unit(parts, config, "engine.load");
  add_transfer_unit(parts, config, "engine.store");
  parts.component("engine.sequencer");
  add_queue(parts, config, sizeof(lutra_tile));
  parts.registers(sequencer_counters, word_bits);
  parts.adder(sequencer_counters, word_bits);
  parts.component("engine.command");
  parts.memory(word_bits, std::int64_t{config.outstanding} * config.burst_bytes * byte_bits);
  parts.registers(2, word_bits);  // address and bytes left
  parts.adder(2, word_bits);
  parts.logic(1, functions_per_state_machine);
  parts.registers(LUTRA_ENGINE_COUNTER_COUNT, 2 * word_bits);
  parts.adder(LUTRA_ENGINE_COUNTER_COUNT, 2 * word_bits);
  parts.multiplexer(1, word_bits, 2 * LUTRA_ENGINE_COUNTER_COUNT);
}

}  // namespace

Structure engine_structure(const EngineConfig& config, const Family& family) {
  Parts parts;
  add_buffers(parts, config, family);
  add_post_processor(parts, config);
  add_control(parts, config);
  Structure structure = family.structure();
  const Structure shell = parts.take();
  structure.insert(structure.end(), shell.begin(), shell.end());
  return structure;
}

}  // namespace lutra::accelerators
