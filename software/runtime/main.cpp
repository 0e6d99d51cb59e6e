// The inference software: for every frame the host delivers, runs the image's operations in order, on the engine or
// with the hart's own kernels, and leaves logits and profile in memory.

#include "models/interface/memory_map.h"
#include "software/program/image.h"
#include "software/program/workspace.h"
#include "software/runtime/console.h"
#include "software/runtime/device.h"
#include "software/runtime/engine_driver.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/memory.h"

namespace lutra::runtime {
namespace {

__attribute__((section(".work"), aligned(16))) uint8_t work[LUTRA_HART_WORK_BYTES];

struct Counters {
  uint64_t cycles = read_counter<mcycle>();
  uint64_t instructions = read_counter<minstret>();
};

// The data cache does not see what the engine and the host write, nor they what it holds.
void synchronise_data_cache() { write_csr<LUTRA_CSR_DCACHE>(1); }

[[noreturn]] void refuse_image(const char* what, uint32_t value) {
  print("runtime: the program image's ");
  print(what);
  print(" is wrong: ");
  print_hex(value);
  print("\n");
  exit_fail(failed_image);
}

void check_image(const lutra_image& image) {
  if (image.magic != LUTRA_IMAGE_MAGIC) refuse_image("magic number", image.magic);
  if (image.version != LUTRA_IMAGE_VERSION) refuse_image("version", image.version);
  if (image.header_bytes != sizeof(lutra_image)) refuse_image("header size", image.header_bytes);
  if (image.op_bytes != sizeof(lutra_op)) refuse_image("operation size", image.op_bytes);
  const uint32_t left = image.image_bytes - (image.ops - LUTRA_IMAGE_ADDRESS);
  if (image.ops < LUTRA_IMAGE_ADDRESS || image.ops % alignof(lutra_op) != 0 || left > image.image_bytes ||
      image.op_count > left / sizeof(lutra_op))
    refuse_image("operation table", image.ops);
  const auto* ops = table<lutra_op>(image.ops);
  for (uint32_t i = 0; i < image.op_count; i += ops[i].operations)
    if (ops[i].operations == 0 || ops[i].operations > image.op_count - i) refuse_image("number of operations", i);
}

void run_on_hart(const lutra_op& op, uint32_t index, uint32_t frame) {
  if (work_bytes(op) <= sizeof(work) && compute(op, frame, work)) return;
  print("runtime: the hart cannot compute operation ");
  print_hex(index);
  print("\n");
  exit_fail(failed_operation);
}

void store(lutra_profile& profile, const Counters& begin) {
  const Counters end;
  profile.cycles = end.cycles - begin.cycles;
  profile.instructions = end.instructions - begin.instructions;
}

void run_frame(const lutra_image& image) {
  const auto* ops = table<lutra_op>(image.ops);
  auto* profile = reinterpret_cast<lutra_profile*>(memory(image.profile));
  const Counters frame_begin;
  synchronise_data_cache();
  bool hart_wrote = false;
  for (uint32_t i = 0; i < image.op_count; i += ops[i].operations) {
    write_register(LUTRA_HOST_BASE + LUTRA_HOST_BEGIN_OP, i);
    const Counters begin;
    const lutra_op& op = ops[i];
    if (op.commands != 0) {
      if (hart_wrote) synchronise_data_cache();
      hart_wrote = false;
      run_commands(op.commands, op.command_bytes, i);
    } else {
      run_on_hart(op, i, image.frame);
      hart_wrote = true;
    }
    store(profile[i], begin);
  }
  write_register(LUTRA_HOST_BASE + LUTRA_HOST_BEGIN_OP, LUTRA_HOST_NO_OP);
  store(profile[image.op_count], frame_begin);
  synchronise_data_cache();
}

bool uses_engine(const lutra_image& image) {
  const auto* ops = table<lutra_op>(image.ops);
  for (uint32_t i = 0; i < image.op_count; ++i)
    if (ops[i].commands != 0) return true;
  return false;
}

[[noreturn]] void run() {
  const auto& image = *table<lutra_image>(LUTRA_IMAGE_ADDRESS);
  check_image(image);
  if (uses_engine(image)) open_engine();
  bool started = image.startup == 0;
  while (read_register(LUTRA_HOST_BASE + LUTRA_HOST_NEXT_FRAME) != 0) {
    if (!started) run_commands(image.startup, image.startup_bytes, LUTRA_HOST_NO_OP);
    started = true;
    run_frame(image);
    write_register(LUTRA_HOST_BASE + LUTRA_HOST_FRAME_DONE, 1);
  }
  exit_pass();
}

}  // namespace
}  // namespace lutra::runtime

int main() { lutra::runtime::run(); }
