// Drives the engine once: loads 64 bytes, makes (3 * x) >> 1 of each on the post-processor's lanes, stores them.
#include "accelerators/interface/commands.h"
#include "accelerators/interface/registers.h"
#include <stdio.h>

#include "software/runtime/examples/device.h"

enum { pixels = 16, channels = 4, bytes = pixels * channels };

static uint8_t input[bytes], output[bytes];
static struct lutra_requantise scale = {.multiplier = 3, .shift = 1};
static struct {
  struct lutra_transfer load_input, load_scale;
  struct lutra_tile tile;
  struct lutra_transfer store;
  struct lutra_command finish;
} stream;

static volatile uint32_t* engine(uint32_t offset) { return device_word(LUTRA_ENGINE_BASE + offset); }

static struct lutra_transfer transfer(uint8_t opcode, uint8_t tokens, uint32_t buffer, void* memory, uint32_t size) {
  struct lutra_transfer t = {.command = {opcode, tokens, sizeof t}, .buffer = buffer, .address = (uint32_t)memory};
  t.rows = t.columns = 1;
  t.element_bytes = t.row_pitch = t.column_pitch = size;
  return t;
}

static void write_stream(void) {
  stream.load_input = transfer(LUTRA_LOAD, 0, LUTRA_BUFFER_ACTIVATION, input, channels);
  stream.load_input.columns = pixels;
  stream.load_input.row_pitch = bytes;
  stream.load_scale = transfer(LUTRA_LOAD, LUTRA_SIGNAL_NEXT, LUTRA_BUFFER_PARAMETER, &scale, sizeof scale);
  stream.tile = (struct lutra_tile){
      .command = {LUTRA_TILE, LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_NEXT, sizeof stream.tile},
      .kind = LUTRA_TILE_ELEMENTWISE,
      .flags = LUTRA_TILE_CODES | LUTRA_TILE_ONE_SCALE,
      .rows = 1,
      .columns = pixels,
      .channels = channels,
      .window_height = 1,
      .window_width = 1,
      .stride_y = 1,
      .stride_x = 1,
      .dilation_y = 1,
      .dilation_x = 1,
      .input = {.width = pixels, .channels = channels, .bits = 8, .pixel_bytes = channels},
      .code_high = 255,
      .code_bits = 8,
  };
  stream.store = transfer(LUTRA_STORE, LUTRA_WAIT_PREVIOUS, LUTRA_BUFFER_OUTPUT, output, bytes);
  stream.finish = (struct lutra_command){LUTRA_FINISH, 0, sizeof stream.finish};
}

// Sleeps until the engine's interrupt; mstatus.MIE stays 0, so wfi wakes and no handler is entered.
static void sleep_until_done(void) {
  *device_word(LUTRA_PLIC_BASE + LUTRA_PLIC_PRIORITY + 4 * LUTRA_IRQ_ENGINE) = 1;
  *device_word(LUTRA_PLIC_BASE + LUTRA_PLIC_ENABLE) = 1u << LUTRA_IRQ_ENGINE;
  SET_CSR(mie, MIE_EXTERNAL);
  while ((*engine(LUTRA_ENGINE_IRQ_STATUS) & 1) == 0) __asm__ volatile("wfi");
  const uint32_t source = *device_word(LUTRA_PLIC_BASE + LUTRA_PLIC_CLAIM);
  *engine(LUTRA_ENGINE_IRQ_STATUS) = 1;
  *device_word(LUTRA_PLIC_BASE + LUTRA_PLIC_CLAIM) = source;
}

int main(void) {
  if (*engine(LUTRA_ENGINE_ID) != LUTRA_ENGINE_ID_VALUE) return 2;
  for (uint32_t i = 0; i < bytes; ++i) input[i] = (uint8_t)i;
  write_stream();
  *engine(LUTRA_ENGINE_IRQ_ENABLE) = 1;
  *engine(LUTRA_ENGINE_STREAM_ADDRESS) = (uint32_t)&stream;
  *engine(LUTRA_ENGINE_STREAM_BYTES) = sizeof stream;
  WRITE_CSR(0x7C0, 1);  // LUTRA_CSR_DCACHE: what the hart wrote must be in memory
  *engine(LUTRA_ENGINE_CONTROL) = LUTRA_ENGINE_CONTROL_START;
  sleep_until_done();
  WRITE_CSR(0x7C0, 1);  // and what the engine wrote is not in the cache
  if (*engine(LUTRA_ENGINE_STATUS) & LUTRA_ENGINE_STATUS_ERROR) {
    printf("engine error %lu\n", (unsigned long)*engine(LUTRA_ENGINE_ERROR_CODE));
    return 1;
  }
  for (uint32_t i = 0; i < bytes; ++i)
    if (output[i] != (uint8_t)(3 * i >> 1)) return 3;
  printf("the engine took %lu cycles for %d values\n",
         (unsigned long)*engine(LUTRA_ENGINE_COUNTERS + 8 * LUTRA_COUNT_ELAPSED), bytes);
  return 0;
}
