#include <cstdint>

#include "models/cpu/execute.h"
#include "models/cpu/processor.h"
#include "models/cpu/value.h"

namespace lutra::models::cpu {

namespace {

template <auto condition>
Link* branch(Core& core, const Op* op) {
  Block& block = *core.block;
  if (condition(core.x[op->rs1], core.x[op->rs2])) {
    core.pc = op->immediate;
    core.cycles += block.taken_cycles;
    return &block.taken;
  }
  core.pc = block.end;
  return &block.next;
}

Link* jump(Core& core, const Op* op) {
  Block& block = *core.block;
  core.x[op->rd] = block.end;
  core.pc = op->immediate;
  return &block.taken;
}

Link* jump_register(Core& core, const Op* op) {
  Block& block = *core.block;
  const Value target = (core.x[op->rs1] + op->immediate) & ~1u;
  core.x[op->rd] = block.end;
  core.pc = target;
  if (!block.taken || block.taken->pc != target) block.taken = &core.processor->blocks().find(target);
  core.cycles += block.taken->jumped_to_cycles;
  return &block.taken;
}

bool is_equal(Value a, Value b) { return a == b; }
bool is_unequal(Value a, Value b) { return a != b; }
bool is_less(Value a, Value b) { return as_signed(a) < as_signed(b); }
bool is_not_less(Value a, Value b) { return as_signed(a) >= as_signed(b); }
bool is_less_unsigned(Value a, Value b) { return a < b; }
bool is_not_less_unsigned(Value a, Value b) { return a >= b; }

}  // namespace

Link* fall_through(Core& core, const Op*) {
  Block& block = *core.block;
  core.pc = block.end;
  return &block.next;
}

Link* leave_block(Core& core, const Op* op) {
  core.processor->leave_block(op);
  return nullptr;
}

Link* jump_to_self(Core& core, const Op* op) {
  core.x[op->rd] = core.block->end;
  core.pc = op->immediate;
  core.processor->note_endless_loop(op->immediate);
  return &core.block->taken;
}

Link* fetch_fault(Core& core, const Op* op) {
  return core.processor->trap(op, Cause::instruction_access_fault, op->immediate);
}

Handler control_handler(Opcode opcode) {
  switch (opcode) {
    case Opcode::jal:
      return jump;
    case Opcode::jalr:
      return jump_register;
    case Opcode::beq:
      return branch<is_equal>;
    case Opcode::bne:
      return branch<is_unequal>;
    case Opcode::blt:
      return branch<is_less>;
    case Opcode::bge:
      return branch<is_not_less>;
    case Opcode::bltu:
      return branch<is_less_unsigned>;
    case Opcode::bgeu:
      return branch<is_not_less_unsigned>;
    default:
      return nullptr;
  }
}

}  // namespace lutra::models::cpu
