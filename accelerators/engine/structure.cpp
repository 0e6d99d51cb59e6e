#include "accelerators/engine/structure.h"

#include <algorithm>
#include <bit>

#include "accelerators/engine/ledger.h"
#include "accelerators/engine/transfer.h"
#include "accelerators/family/activation_layout.h"
#include "accelerators/family/timing.h"
#include "accelerators/interface/commands.h"
#include "software/common/arithmetic.h"

namespace lutra::accelerators {

namespace {

constexpr int byte_bits = 8;
constexpr int word_bits = 32;
constexpr int sum_bits = 32;
constexpr int stream_bits = 16;
constexpr int datapath_bits = 64;  // of a requantiser: accelerators/interface/commands.h, struct lutra_requantise
constexpr int operand_bits = 16;   // widest value of a pool, a sum or an elementwise tile, and widest code
constexpr int transfer_port_bits = static_cast<int>(transfer_port_bytes) * byte_bits;

// Rules of ours, +-100 %, and no measurement: README.md has their share of an engine.
constexpr int functions_per_state_machine = 100;  // handshakes and states of one unit, in six-input functions
constexpr int transfer_counters = 5;              // row, column, byte within the run, memory and buffer address

class Parts {
 public:
  void component(const char* name) { component_ = name; }
  void multiplier(int count, int a, int b, bool dsp) { add(PrimitiveKind::multiplier, count, a, b).dsp = part(dsp); }
  void adder(int count, int bits) { add(PrimitiveKind::adder, count, bits); }
  void registers(int count, int bits) { add(PrimitiveKind::registers, count, bits); }
  // Of a product or its operands, which lie in their multiplier's block where `dsp`.
  void multiplier_registers(int count, int bits, bool dsp) {
    add(PrimitiveKind::registers, count, bits).dsp = part(dsp);
  }
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
  static DspPart part(bool dsp) { return dsp ? DspPart::product : DspPart::none; }
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
  if (config.weight_memory_bytes > 0) {
    add("engine.weight_memory", word, config.weight_memory_bytes);
    parts.registers(1, word_bits);  // how far it has been written
    parts.adder(2, word_bits);      // a load's and a tile's end against it
    parts.multiplexer(1, word, 2);  // or the weight buffer's word
    parts.component("engine.weight_buffer");
  }
  // Words begin at any byte.
  parts.multiplexer(1, word, static_cast<int>(divide_up(std::max(word, transfer_port_bits), byte_bits)));
  constexpr int entry_bits = 2 * static_cast<int>(sizeof(lutra_requantise)) * byte_bits;  // scale and PReLU
  constexpr int threshold_entry_bits = LUTRA_MOST_THRESHOLDS * word_bits;
  const int parameter_bits = config.post == PostForm::thresholds ? std::max(entry_bits, threshold_entry_bits)
                                                                 : entry_bits + config.post_thresholds * word_bits;
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

// What rtl/post_*.sv are made of; costs/post_synthesis.yaml is what Yosys makes of them. In six-input functions:
constexpr int functions_per_saturation = 40;  // sign test of what a shift drops, and the limit
constexpr int functions_per_power = 15;       // which power of two a multiplier is, and whether it is zero
constexpr int dsp_operand_bits = 25;          // of a DSP48E1 (AMD UG479): wider products are two that are added
constexpr int dsp_part_bits = 17;             // of the lower one, unsigned
constexpr int shift_bits = 6;
constexpr int power_bits = 5;
constexpr int skip_term_bits = stream_bits + 1;

constexpr int power_multiplier_bits = 16;  // a power of two is one of so many

// Of the multipliers themselves, and of what stands for one in the datapath.
int multiplier_bits(const EngineConfig& config) {
  return config.post == PostForm::shift ? power_multiplier_bits : config.post_multiplier_bits;
}

int factor_bits(const EngineConfig& config) {
  return config.post == PostForm::shift ? power_bits : config.post_multiplier_bits;
}

// (x * multiplier + bias) >> shift, saturated to output_bits, one per lane: rtl/post_requantise.sv. The shift's levels
// of four inputs narrow by what is left to shift. Where a multiplier is a power of two, two levels of four inputs shift
// to the left instead.
void add_requantiser(Parts& parts, const EngineConfig& config, int lanes, int input_bits, int output_bits) {
  const int product_bits = input_bits + multiplier_bits(config);
  if (config.post == PostForm::shift) {
    parts.multiplexer(lanes, input_bits + 3, 4);
    parts.multiplexer(lanes, product_bits, 4);
    parts.multiplexer(lanes, product_bits, 2);  // or zero
  } else {
    parts.multiplier(lanes, multiplier_bits(config), input_bits, config.use_dsp);
  }
  const bool two_blocks = config.use_dsp && config.post != PostForm::shift && input_bits > dsp_operand_bits;
  const int outside = two_blocks ? dsp_part_bits : 0;  // what the lower block passes by the upper one
  if (two_blocks) parts.adder(lanes, product_bits - outside);
  parts.multiplier_registers(lanes, product_bits - outside, config.use_dsp);
  if (two_blocks) parts.registers(lanes, outside);
  parts.adder(lanes, datapath_bits);
  for (const int level_bits : {output_bits + 15, output_bits + 3, output_bits}) parts.multiplexer(lanes, level_bits, 4);
  parts.logic(lanes, functions_per_saturation);
}

// The entry of a lane: its multiplier stands before its bias and shift.
void add_entry(Parts& parts, const EngineConfig& config) {
  const int lanes = config.post_lanes;
  if (config.post == PostForm::shift) parts.logic(lanes, functions_per_power);
  parts.multiplier_registers(lanes, factor_bits(config), config.use_dsp);
  parts.registers(lanes, datapath_bits + shift_bits);
}

// rtl/post_accumulate.sv: pools, sums and the accumulator buffer share an adder, which also compares.
void add_accumulators(Parts& parts, const EngineConfig& config) {
  const int lanes = config.post_lanes;
  parts.multiplexer(lanes, config.accumulator_bits, 3);  // where it starts from
  parts.adder(lanes, config.accumulator_bits + 1);
  parts.multiplexer(lanes, config.accumulator_bits, 3);  // the sum, or the greater one
  parts.registers(lanes, config.accumulator_bits);
}

// rtl/post_stream.sv
void add_stream(Parts& parts, const EngineConfig& config) {
  const int lanes = config.post_lanes;
  // The sum, which a search of thresholds takes too.
  parts.multiplier_registers(lanes, config.accumulator_bits, config.use_dsp && config.post != PostForm::thresholds);
  add_entry(parts, config);
  add_requantiser(parts, config, lanes, config.accumulator_bits, stream_bits);
  parts.registers(lanes, stream_bits);
  parts.multiplier_registers(lanes, stream_bits, config.use_dsp);  // the skip value
  add_requantiser(parts, config, lanes, stream_bits, skip_term_bits);
  parts.registers(lanes, skip_term_bits);
  parts.adder(lanes, skip_term_bits + 1);
  add_entry(parts, config);
  parts.registers(2 * lanes, stream_bits);  // what the PReLU takes, and the same beside it
  add_requantiser(parts, config, lanes, stream_bits, stream_bits);
  parts.multiplexer(lanes, stream_bits, 2);
  parts.registers(lanes, stream_bits);
}

// rtl/post_code.sv: requantised, compared with both limits.
void add_code(Parts& parts, const EngineConfig& config, int lanes) {
  add_requantiser(parts, config, lanes, stream_bits, stream_bits);
  parts.adder(2 * lanes, operand_bits);
  parts.multiplexer(lanes, operand_bits, 3);
}

// rtl/post_search.sv: four comparisons; the second and the fourth choose of two thresholds, and what is left after the
// second of four triples.
void add_search(Parts& parts, int lanes) {
  constexpr int triple_bits = 3 * word_bits;
  parts.registers(lanes, triple_bits);
  parts.adder(4 * lanes, word_bits);
  parts.multiplexer(2 * lanes, word_bits, 2);
  parts.multiplexer(lanes, triple_bits, 4);
  parts.registers(lanes, triple_bits + word_bits + 2);
  parts.adder(lanes, operand_bits);           // code_low
  parts.multiplexer(lanes, operand_bits, 2);  // or the shared requantiser's
}

// rtl/post_compare.sv: all thresholds of a lane's channel at once, and code_low plus what they say, or the
// requantiser's.
void add_comparators(Parts& parts, const EngineConfig& config) {
  const int lanes = config.post_lanes;
  const int count = config.post_thresholds;
  if (count == 0) return;
  parts.registers(count * lanes, stream_bits + 1);
  parts.adder(count * lanes, stream_bits + 1);
  parts.registers(lanes, 2);
  parts.adder(lanes, operand_bits);
  parts.multiplexer(lanes, operand_bits, 2);
}

void add_post_processor(Parts& parts, const EngineConfig& config) {
  constexpr int tile_multipliers = 2;  // skip and codes have one for all lanes
  parts.component("engine.post");
  const int lanes = config.post_lanes;
  add_accumulators(parts, config);
  add_stream(parts, config);
  if (config.post == PostForm::shift) parts.logic(tile_multipliers, functions_per_power);
  if (config.post == PostForm::thresholds) {
    add_search(parts, lanes);
    parts.multiplexer(1, stream_bits, lanes);
    parts.registers(lanes, 2);  // whose turn it is and was
    add_code(parts, config, 1);
  } else {
    add_code(parts, config, lanes);
    add_comparators(parts, config);
  }
  parts.registers(lanes, operand_bits);
  parts.registers(lanes, post_processor_stages);
}

// A unit's command queue, which holds commands as they come, the command it runs and the next, which is put together
// meanwhile from the last one of each of so many (`remembered`) and what it changes.
void add_queue(Parts& parts, const EngineConfig& config, std::size_t command_bytes, int remembered) {
  const auto bits = static_cast<int>(command_bytes) * byte_bits;
  parts.memory(transfer_port_bits, std::int64_t{config.command_queue} * bits);
  parts.memory(transfer_port_bits, std::int64_t{remembered} * bits);
  parts.registers(2, bits);
  parts.multiplexer(1, word_bits,
                    transfer_port_bits / word_bits);  // a changed word a cycle, of those that came together
  parts.logic(2, functions_per_state_machine);
}

void add_transfer_unit(Parts& parts, const EngineConfig& config, const char* name) {
  parts.component(name);
  add_queue(parts, config, sizeof(lutra_transfer), LUTRA_BUFFER_COUNT);
  parts.registers(transfer_counters, word_bits);
  parts.adder(transfer_counters, word_bits);
  parts.memory(transfer_port_bits, std::int64_t{config.outstanding} * config.burst_bytes * byte_bits);
  parts.multiplexer(1, transfer_port_bits, transfer_port_bits / byte_bits);  // any byte to any place
}

// A memory that whole words of the transfer port go to and from. `choices`: where its words or those of the bus are
// taken: before the load unit and before the map memory, before the command processor.
void add_memory(Parts& parts, const char* name, int bytes, int choices) {
  if (bytes == 0) return;
  parts.component(name);
  parts.memory(transfer_port_bits, std::int64_t{bytes} * byte_bits);
  parts.registers(memory_latency, transfer_port_bits);
  parts.multiplexer(choices, transfer_port_bits, 2);
}

void add_control(Parts& parts, const EngineConfig& config) {
  add_transfer_unit(parts, config, "engine.load");
  add_transfer_unit(parts, config, "engine.store");
  parts.component("engine.sequencer");
  add_queue(parts, config, sizeof(lutra_tile), 1);  // what steps the array is the family's
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
  add_memory(parts, "engine.map_memory", config.map_memory_bytes, 2);
  add_memory(parts, "engine.command_memory", config.command_memory_bytes, 1);
  add_post_processor(parts, config);
  add_control(parts, config);
  Structure structure = family.structure();
  const Structure shell = parts.take();
  structure.insert(structure.end(), shell.begin(), shell.end());
  return structure;
}

std::map<std::string, int> post_processor_parameters(const EngineConfig& config) {
  return {{"POST_LANES", config.post_lanes},
          {"ACCUMULATOR_BITS", config.accumulator_bits},
          {"SHIFTS", config.post == PostForm::shift},
          {"THRESHOLDS", config.post == PostForm::thresholds},
          {"MULTIPLIER_BITS", multiplier_bits(config)},
          {"COMPARATORS", config.post == PostForm::thresholds ? 0 : config.post_thresholds}};
}

}  // namespace lutra::accelerators
