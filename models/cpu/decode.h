#pragma once

#include <cstdint>

#include "models/cpu/instruction.h"

namespace lutra::models::cpu {

// Whether the instruction whose low half is `parcel` is two bytes long.
constexpr bool is_compressed(std::uint16_t parcel) { return (parcel & 3) != 3; }

// The instruction in `bits` (a compressed one in its low half); opcode `illegal` where RV32IMAC_Zicsr_Zifencei in
// machine mode has none. Encodings: RISC-V Unprivileged ISA 20191213, chapters 2, 3, 7, 8, 9, 16; Privileged ISA
// 20211203, 3.3.
Instruction decode(std::uint32_t bits);

InstructionClass class_of(Opcode opcode);

// Of a CSR access whose first source, or immediate, is `rs1`.
bool writes_csr(Opcode opcode, std::uint8_t rs1);

// Whether control may go elsewhere than to the next instruction, or the instruction may change what comes next.
bool ends_block(Opcode opcode);

}  // namespace lutra::models::cpu
