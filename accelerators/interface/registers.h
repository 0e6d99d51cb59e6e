#ifndef LUTRA_ACCELERATORS_INTERFACE_REGISTERS_H
#define LUTRA_ACCELERATORS_INTERFACE_REGISTERS_H

/* Registers of the engine shell: 32 bits, offsets from the engine's base. */

#include <stdint.h>

#define LUTRA_ENGINE_ID 0x00u             /* read: LUTRA_ENGINE_ID_VALUE */
#define LUTRA_ENGINE_ID_VALUE 0x4152544Cu /* "LTRA" */
#define LUTRA_ENGINE_VERSION 0x04u        /* read: LUTRA_ENGINE_VERSION_VALUE */
#define LUTRA_ENGINE_VERSION_VALUE 2u
#define LUTRA_ENGINE_CONTROL 0x08u /* write: bit 0 starts the command stream; an error while busy */
#define LUTRA_ENGINE_CONTROL_START 1u
#define LUTRA_ENGINE_STATUS 0x0Cu /* read: the bits below */
#define LUTRA_ENGINE_STATUS_BUSY 1u
#define LUTRA_ENGINE_STATUS_DONE 2u       /* cleared by start */
#define LUTRA_ENGINE_STATUS_ERROR 4u      /* cleared by start */
#define LUTRA_ENGINE_STREAM_ADDRESS 0x10u /* read, write: 4-byte aligned, but for the bit below */
#define LUTRA_STREAM_RESIDENT 1u          /* of a stream's address: it counts in the engine's command memory */
#define LUTRA_ENGINE_STREAM_BYTES 0x14u   /* read, write: multiple of 4 */
#define LUTRA_ENGINE_IRQ_ENABLE 0x18u     /* read, write: bit 0 */
#define LUTRA_ENGINE_IRQ_STATUS 0x1Cu     /* read; write 1 to clear: bit 0, set when a stream ends, well or not */
#define LUTRA_ENGINE_ERROR_CODE 0x20u     /* read: enum lutra_engine_error */
#define LUTRA_ENGINE_ERROR_DETAIL 0x24u   /* read: stream offset of the command at fault */
#define LUTRA_ENGINE_FAMILY 0x28u         /* read: FNV-1a of the family's name */
#define LUTRA_ENGINE_SHAPE 0x2Cu          /* read: rows | columns << 8 | lanes << 16 */
#define LUTRA_ENGINE_OPERATION 0x30u      /* read: of the last LUTRA_OPERATION; cleared by start */

/* Performance counters, 64 bits, low word first, cleared by start. Cycles. */
#define LUTRA_ENGINE_COUNTERS 0x80u
enum lutra_engine_counter {
  LUTRA_COUNT_ELAPSED = 0,
  LUTRA_COUNT_FETCH_BUSY,
  LUTRA_COUNT_FETCH_STALLED, /* a unit's command queue is full */
  LUTRA_COUNT_LOAD_BUSY,
  LUTRA_COUNT_LOAD_WAITS_COMPUTE,
  LUTRA_COUNT_LOAD_WAITS_COMMAND,
  LUTRA_COUNT_COMPUTE_BUSY,
  LUTRA_COUNT_COMPUTE_WAITS_LOAD,
  LUTRA_COUNT_COMPUTE_WAITS_STORE,
  LUTRA_COUNT_COMPUTE_WAITS_COMMAND,
  LUTRA_COUNT_STORE_BUSY,
  LUTRA_COUNT_STORE_WAITS_COMPUTE,
  LUTRA_COUNT_STORE_WAITS_COMMAND,
  LUTRA_COUNT_LOAD_WAITS_STORE,
  LUTRA_ENGINE_COUNTER_COUNT
};

enum lutra_engine_error {
  LUTRA_ERROR_NONE = 0,
  LUTRA_ERROR_OPCODE,   /* unknown opcode, flag or size */
  LUTRA_ERROR_BOUNDS,   /* a buffer access outside the buffer */
  LUTRA_ERROR_BUS,      /* a memory access was refused */
  LUTRA_ERROR_OPERAND,  /* a shape, width or shift the array cannot compute */
  LUTRA_ERROR_STREAM,   /* the stream ended without LUTRA_FINISH */
  LUTRA_ERROR_DEADLOCK, /* every unit waits for a token that will not come */
  LUTRA_ERROR_BUSY,     /* start was written while a stream ran; that stream is stopped */
  LUTRA_ERROR_UNWRITTEN /* weight memory is read, or written, above the level up to which it has been written */
};

#endif
