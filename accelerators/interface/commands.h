#ifndef LUTRA_ACCELERATORS_INTERFACE_COMMANDS_H
#define LUTRA_ACCELERATORS_INTERFACE_COMMANDS_H

/* The engine's command stream: a sequence of the structs below, each 4-byte aligned, little endian, opened by a
 * lutra_command that says its kind and size. Compiler, engine and firmware share this header.
 *
 * Tensors in memory and in the activation, skip and output buffers ("pixel-packed"): row by row, pixel by pixel; a
 * pixel is its channels in order, channel c in bits [c * bits, (c + 1) * bits) of the pixel's bytes, least significant
 * bit first; a pixel takes ceil(channels * bits / 8) bytes. Weights are packed by the PE family (its page says how).
 *
 * Units: load, compute and store each run their own commands in stream order. Five token queues order them:
 * load -> compute, compute -> load, compute -> store, store -> compute, and store -> load for data that come back from
 * memory. "previous" and "next" are the neighbours in the ring load, compute, store; a load signals no store. A command
 * first takes the tokens it waits for, runs, then gives the tokens it signals. */

#include <stdint.h>

enum lutra_opcode {
  LUTRA_LOAD = 1,     /* struct lutra_transfer: memory -> buffer, load unit */
  LUTRA_STORE = 2,    /* struct lutra_transfer: buffer -> memory, store unit */
  LUTRA_TILE = 3,     /* struct lutra_tile: compute unit */
  LUTRA_FINISH = 4,   /* struct lutra_command alone: when every unit is idle, set done and raise the interrupt */
  LUTRA_OPERATION = 5 /* struct lutra_operation: compute unit, in no time */
};

enum lutra_token { LUTRA_WAIT_PREVIOUS = 1, LUTRA_WAIT_NEXT = 2, LUTRA_SIGNAL_PREVIOUS = 4, LUTRA_SIGNAL_NEXT = 8 };

struct lutra_command {
  uint8_t opcode;
  uint8_t tokens;
  uint16_t bytes; /* of the whole command, a multiple of 4 */
};

/* A command may be told by what it changes: a lutra_command whose opcode is LUTRA_CHANGES | buffer << 4 | opcode stands
 * for the last whole command of the stream with this opcode - of a transfer, with this buffer too - but for its tokens
 * and some 32-bit words. Behind it stand marks, a bit for each word behind the header of the whole command, the first
 * in the lowest bit of the first word, and then the marked words in order. */
#define LUTRA_CHANGES 0x80u
/* Words of marks for a command of so many bytes. */
#define LUTRA_MARK_WORDS(bytes) (((bytes) / 4u + 30u) / 32u)

enum lutra_buffer {
  LUTRA_BUFFER_ACTIVATION = 0,
  LUTRA_BUFFER_WEIGHT = 1,
  LUTRA_BUFFER_PARAMETER = 2,
  LUTRA_BUFFER_SKIP = 3,
  LUTRA_BUFFER_OUTPUT = 4,
  LUTRA_BUFFER_WEIGHT_MEMORY = 5,  /* resident weights: loads only, and what they write stays from stream to stream */
  LUTRA_BUFFER_MAP_MEMORY = 6,     /* loads from main memory only; transfers read and write it as memory, and what it
                                      holds stays from stream to stream */
  LUTRA_BUFFER_COMMAND_MEMORY = 7, /* the same; the command processor reads it */
  LUTRA_BUFFER_COUNT
};

/* What a transfer's or a tensor's address counts in. */
enum lutra_memory {
  LUTRA_MEMORY_MAIN = 0, /* over the bus */
  LUTRA_MEMORY_MAPS = 1  /* from the first byte of the engine's map memory */
};

/* How a load lays its pixels into the banks of the activation buffer (accelerators/engine/activation_buffer.md), which
 * must be as the tile reads them: accelerators/family/activation_layout.h. Zeros: pixel after pixel, whole bank rows.
 */
struct lutra_placement {
  uint8_t interleave_y, interleave_x; /* the tile's strides; 0 as 1 */
  uint8_t unfold;                     /* pixels of a window row that is written as one cell; 0: a pixel is a cell */
  uint8_t lead_x;                     /* pixels before the first window, where unfolded */
  uint8_t skew;                       /* banks by which each image row begins later */
  uint8_t gap;                        /* bits of a pixel's last byte that are no data */
  uint16_t row_bits;                  /* of a bank row that are filled; 0: all */
  uint32_t part_bits;                 /* of a cell, after which a bank row begins; 0: the cell */
};

/* rows x columns elements of element_bytes. In the buffer they lie dense, from `offset`, with the load's padding
 * around: (pad_top + rows + pad_bottom) x (pad_left + columns + pad_right) elements; padding is filled with pad_byte.
 * In memory element (y, x) is at address + y * row_pitch + x * column_pitch. Only activations have padding. */
struct lutra_transfer {
  struct lutra_command command;
  uint16_t buffer; /* enum lutra_buffer; of a store LUTRA_BUFFER_OUTPUT */
  uint16_t memory; /* enum lutra_memory */
  uint32_t offset; /* bytes */
  uint32_t address;
  uint32_t rows, columns, element_bytes;
  uint32_t row_pitch, column_pitch; /* bytes */
  uint16_t pad_top, pad_bottom, pad_left, pad_right;
  uint32_t pad_byte;
  struct lutra_placement placement; /* all zero but in loads of the activation buffer */
};

/* What the compute unit runs from here on belongs to this operation of the program: register LUTRA_ENGINE_OPERATION. */
struct lutra_operation {
  struct lutra_command command;
  uint32_t operation;
};

/* (x * multiplier + bias) >> shift in 64 bits: bias of 56 bits, two's complement, multiplier of 31, of which an engine
 * may have fewer, shift at most 47. The parameter buffer holds arrays of these, and of thresholds: 32-bit integers,
 * code_high - code_low of them per entry, ascending. */
struct lutra_requantise {
  uint32_t bias_low;
  int32_t bias_high;   /* bits 32 to 55 of the bias above bits 24 to 30 of the multiplier in the lowest byte */
  uint16_t multiplier; /* bits 0 to 15 */
  uint8_t shift;
  uint8_t multiplier_high; /* bits 16 to 23 */
};

static inline uint32_t lutra_multiplier(const struct lutra_requantise* entry) {
  return ((uint32_t)entry->bias_high & 0xFFu) << 24 | (uint32_t)entry->multiplier_high << 16 | entry->multiplier;
}

static inline int64_t lutra_bias(const struct lutra_requantise* entry) {
  return (int64_t)((uint64_t)(uint32_t)(entry->bias_high >> 8) << 32 | entry->bias_low);
}

static inline struct lutra_requantise lutra_requantise_of(uint32_t multiplier, int64_t bias, uint8_t shift) {
  struct lutra_requantise entry;
  entry.bias_low = (uint32_t)bias;
  entry.bias_high = (int32_t)((uint32_t)(bias >> 32) << 8 | multiplier >> 24);
  entry.multiplier = (uint16_t)multiplier;
  entry.shift = shift;
  entry.multiplier_high = (uint8_t)(multiplier >> 16);
  return entry;
}

struct lutra_operand {
  uint32_t offset;   /* in its buffer, bytes: of the skip's first element, of the input's loaded region */
  uint16_t width;    /* pixels per row, padding included */
  uint16_t channels; /* per pixel in the buffer */
  uint8_t bits;      /* 1..8, or 16 (little-endian) */
  uint8_t is_signed;
  uint16_t pixel_bytes;
};

enum lutra_tile_kind {
  LUTRA_TILE_MATRIX = 0,
  LUTRA_TILE_MAXIMUM = 1,    /* of the window's values, per channel; a pixel that is all padding is not marked: load the
                                lowest code */
  LUTRA_TILE_SUM = 2,        /* of the window's values, per channel */
  LUTRA_TILE_ELEMENTWISE = 3 /* the value itself */
};

enum lutra_tile_flag {
  LUTRA_TILE_ACCUMULATE = 1, /* start from the accumulator buffer instead of zero */
  LUTRA_TILE_KEEP = 2,       /* leave the sums in the accumulator buffer: no post-processing */
  LUTRA_TILE_SKIP = 4,       /* add the skip operand */
  LUTRA_TILE_PRELU = 8,
  LUTRA_TILE_STREAM = 16,     /* write the 16-bit stream */
  LUTRA_TILE_CODES = 32,      /* write codes */
  LUTRA_TILE_REQUANTISE = 64, /* codes are code_requantise of the stream, else the stream itself; clamped either way */
  LUTRA_TILE_ONE_SCALE = 128, /* a single requantise for all channels, not one per channel */
  LUTRA_TILE_ONE_PRELU = 256,
  LUTRA_TILE_THRESHOLDS = 512,       /* codes are code_low plus the number of thresholds that the stream reaches */
  LUTRA_TILE_DIRECT = 1024,          /* with thresholds: that the sum reaches; there is no stream and no scale */
  LUTRA_TILE_ONE_THRESHOLDS = 2048,  /* a single entry of thresholds for all channels, not one per channel */
  LUTRA_TILE_RESIDENT_WEIGHTS = 4096 /* matrix: weight_offset is one of the weight memory */
};

/* The most thresholds of an entry: codes of four bits. An engine may have comparators for fewer, and such a one takes
 * the low 17 bits of each. */
#define LUTRA_MOST_THRESHOLDS 15

/* Output pixels rows x columns, `channels` output channels. Output (k, y, x) reads, from the input operand, the window
 * whose first pixel is (lead_y + y * stride_y, lead_x + x * stride_x), and the input channels
 *   matrix: g * group_channels ... + group_channels - 1 with g = (group_phase + k) / group_outputs,
 *   others: k.
 * The arithmetic is that of software/network/quantised/quantised_network.h. */
struct lutra_tile {
  struct lutra_command command;
  uint16_t kind;  /* enum lutra_tile_kind */
  uint16_t flags; /* enum lutra_tile_flag */
  uint16_t rows, columns, channels;
  uint16_t window_height, window_width;
  uint8_t stride_y, stride_x, dilation_y, dilation_x;
  uint16_t group_channels, group_outputs, group_phase;
  struct lutra_operand input;
  uint32_t weight_offset; /* weight buffer, or weight memory, bytes */
  uint16_t weight_format; /* the family's code for the weights' encoding */
  uint16_t weight_bits;
  uint32_t accumulator_offset; /* 32-bit words; element ((y * columns) + x) * channels + k */
  uint32_t scale_offset;       /* parameter buffer, bytes */
  uint32_t prelu_offset;
  struct lutra_operand skip; /* skip(k, y, x) = operand(skip_first_channel + k, y * skip_stride_y, x * skip_stride_x) */
  int16_t skip_first_channel; /* channels outside 0..skip.channels-1 are zero */
  uint8_t skip_stride_y, skip_stride_x;
  struct lutra_requantise skip_requantise;
  struct lutra_requantise code_requantise;
  int32_t code_low, code_high; /* of 16 bits */
  uint32_t code_offset;        /* output buffer, bytes; pixel-packed, rows x columns x channels */
  uint16_t code_bits;
  uint8_t lead_y, lead_x;    /* the first window begins at this pixel of the input's region */
  uint32_t stream_offset;    /* output buffer, bytes; pixel-packed at 16 bits */
  uint32_t threshold_offset; /* parameter buffer, bytes */
};

#endif
