#ifndef LUTRA_ACCELERATORS_INTERFACE_IMAGE_H
#define LUTRA_ACCELERATORS_INTERFACE_IMAGE_H

/* The program image: what the compiler writes and the inference software on the hart runs. One block of memory at
 * LUTRA_IMAGE_ADDRESS, opened by lutra_image; every address in it is absolute; activations lie behind it. */

#include <stdint.h>

#include "accelerators/interface/commands.h"

#define LUTRA_IMAGE_ADDRESS 0x80100000u
#define LUTRA_IMAGE_MAGIC 0x4D49544Cu /* "LTIM" */
#define LUTRA_IMAGE_VERSION 4u

/* Working memory of the hart's kernels, in its tightly coupled memory; software/program/workspace.h says what
 * an operation needs of it. */
#define LUTRA_HART_WORK_BYTES 98304u

struct lutra_image {
  uint32_t magic;
  uint32_t version;
  uint32_t header_bytes; /* sizeof(struct lutra_image) */
  uint32_t op_bytes;     /* sizeof(struct lutra_op) */
  uint32_t image_bytes;  /* header, op table, streams, weights, parameters */
  uint32_t checksum;     /* CRC-32 (IEEE) of the image with this field zero; the loader checks it, not the hart */
  uint32_t memory_bytes; /* image and activations: what main memory must hold from LUTRA_IMAGE_ADDRESS */
  uint32_t op_count;
  uint32_t ops;     /* address of struct lutra_op[op_count] */
  uint32_t profile; /* address of struct lutra_profile[op_count + 1]; the last is the whole frame */
  uint32_t frame;   /* frame buffer: codes of the input edge, or raw pixels where the hart normalises */
  uint32_t frame_bytes;
  uint32_t logits; /* 16-bit little-endian, or as the output edge says */
  uint32_t logits_bytes;
  uint32_t startup; /* address of the engine's command stream that runs once, in the first frame; 0: none */
  uint32_t startup_bytes;
};

/* Cycles (mcycle) and retired instructions (minstret) of one operation of the last frame; where a command stream
 * computes several, all of them are the first one's. */
struct lutra_profile {
  uint64_t cycles;
  uint64_t instructions;
};

/* An activation tensor in memory, pixel-packed. The hart reaches those in main memory alone. */
struct lutra_tensor {
  uint32_t address; /* in `memory` */
  uint32_t channels, height, width;
  uint32_t pixel_bytes;
  uint8_t bits; /* 2..8, or 16 */
  uint8_t is_signed;
  uint16_t memory; /* enum lutra_memory */
};

enum lutra_op_kind {
  LUTRA_OP_NORMALISE = 0, /* raw planar pixels in the frame buffer -> input edge, one requantise per channel */
  LUTRA_OP_MATRIX = 1,
  LUTRA_OP_MAXIMUM = 2,
  LUTRA_OP_SUM = 3,
  LUTRA_OP_ELEMENTWISE = 4,
  LUTRA_OP_RESAMPLE = 5 /* output(output_channel + c, y, x) = requantised input(c * step + start, ...) */
};

enum lutra_op_flag {
  LUTRA_OP_SKIP = 1,
  LUTRA_OP_PRELU = 2,
  LUTRA_OP_STREAM = 4, /* write the 16-bit stream */
  LUTRA_OP_CODES = 8,
  LUTRA_OP_REQUANTISE = 16, /* codes are code_requantise of the stream */
  LUTRA_OP_ONE_SCALE = 32,
  LUTRA_OP_ONE_PRELU = 64
};

/* One operation, whole: the hart's own kernels need no more than this. The arithmetic is that of
 * software/network/quantised/quantised_network.h. */
struct lutra_op {
  uint16_t kind;
  uint16_t flags;
  uint32_t commands; /* address of the engine's command stream, as its register takes it (LUTRA_STREAM_RESIDENT); 0: the
                        hart computes this operation */
  uint32_t command_bytes;
  uint32_t operations; /* from this one on, which its command stream computes; 1: the hart computes it; 0: the stream of
                          an operation before it does */
  struct lutra_tensor input;
  struct lutra_tensor skip;
  struct lutra_tensor codes;
  struct lutra_tensor stream;
  uint16_t window_height, window_width;
  uint16_t stride_y, stride_x, dilation_y, dilation_x;
  int16_t pad_top, pad_left; /* what lies outside the input is padding on every side */
  uint32_t output_channels, groups;
  /* Weights for the hart (absent for engine operations): per output channel, [window y][window x][input channel of the
   * group], two's complement, weight_bits each, least significant bit first; each output channel starts on a byte. */
  uint32_t weights;
  uint16_t weight_bits;
  int16_t pad_code; /* what padding of a matrix operation or a resample reads */
  uint32_t scale;   /* address of struct lutra_requantise[output_channels], or of a single one */
  uint32_t prelu;
  uint16_t skip_stride_y, skip_stride_x;
  uint32_t skip_channel_offset; /* skip(k, y, x) = tensor(k - skip_channel_offset, y * stride_y, x * stride_x) */
  struct lutra_requantise skip_requantise;
  struct lutra_requantise code_requantise;
  int32_t code_low, code_high;
  int32_t start_channel, start_y, start_x; /* resample */
  uint32_t step_channel, step_y, step_x;
  uint32_t output_channel; /* first channel written (concatenation) */
  uint32_t input_channels; /* channels written by a resample */
};

#endif
