#pragma once

#include "models/cpu/core.h"
#include "models/cpu/instruction.h"

namespace lutra::models::cpu {

// The handler of every opcode.
Handler handler_of(Opcode opcode);

// Null for the opcodes of other files.
Handler integer_handler(Opcode opcode);
Handler multiply_handler(Opcode opcode);
Handler memory_handler(Opcode opcode);
Handler control_handler(Opcode opcode);
Handler system_handler(Opcode opcode);

// Operations that belong to no instruction.
Link* fall_through(Core& core, const Op* op);  // the end of a block that was cut short
Link* leave_block(Core& core, const Op* op);   // in the place of `op`, which is not executed
Link* jump_to_self(Core& core, const Op* op);
Link* fetch_fault(Core& core, const Op* op);  // immediate: the address that cannot be fetched

// Every handler but those that leave the block ends with this. Compiled to a jump where the compiler optimises;
// elsewhere the calls nest as deep as a block is long.
inline Link* next(Core& core, const Op* op) { return op[1].run(core, op + 1); }

}  // namespace lutra::models::cpu
