#include "models/cpu/execute.h"
#include "models/cpu/processor.h"

namespace lutra::models::cpu {

namespace {

Link* trap_illegal(Core& core, const Op* op) {
  return core.processor->trap(op, Cause::illegal_instruction, core.info(op).bits);
}

Link* environment_call(Core& core, const Op* op) { return core.processor->call_environment(op); }

Link* breakpoint(Core& core, const Op* op) { return core.processor->trap(op, Cause::breakpoint, core.info(op).pc); }

// Orders nothing that is not in order already: the hart completes each access before the next.
Link* fence(Core& core, const Op* op) { return next(core, op); }

Link* fence_instructions(Core& core, const Op*) {
  core.pc = core.block->end;
  core.cycles += core.processor->blocks().jumped_to_cycles(core.pc);
  core.processor->forget_instructions();
  return nullptr;
}

Link* csr_access(Core& core, const Op* op) { return core.processor->access_csr(op); }

Link* return_from_trap(Core& core, const Op*) {
  core.processor->return_from_trap();
  return nullptr;
}

Link* wait_for_interrupt(Core& core, const Op* op) {
  core.pc = core.block->end;
  core.processor->wait_for_interrupt(op);
  return &core.block->next;
}

}  // namespace

Handler system_handler(Opcode opcode) {
  switch (opcode) {
    case Opcode::ecall:
      return environment_call;
    case Opcode::ebreak:
      return breakpoint;
    case Opcode::fence:
      return fence;
    case Opcode::fence_i:
      return fence_instructions;
    case Opcode::csrrw:
    case Opcode::csrrs:
    case Opcode::csrrc:
    case Opcode::csrrwi:
    case Opcode::csrrsi:
    case Opcode::csrrci:
      return csr_access;
    case Opcode::mret:
      return return_from_trap;
    case Opcode::wfi:
      return wait_for_interrupt;
    default:
      return trap_illegal;
  }
}

}  // namespace lutra::models::cpu
