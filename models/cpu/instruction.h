#pragma once

#include <cstdint>

namespace lutra::models::cpu {

// RV32IMA, Zicsr and Zifencei; compressed instructions are expanded to these.
enum class Opcode : std::uint8_t {
  illegal,
  lui,
  auipc,
  jal,
  jalr,
  beq,
  bne,
  blt,
  bge,
  bltu,
  bgeu,
  lb,
  lh,
  lw,
  lbu,
  lhu,
  sb,
  sh,
  sw,
  addi,
  slti,
  sltiu,
  xori,
  ori,
  andi,
  slli,
  srli,
  srai,
  add,
  sub,
  sll,
  slt,
  sltu,
  xor_,
  srl,
  sra,
  or_,
  and_,
  mul,
  mulh,
  mulhsu,
  mulhu,
  div,
  divu,
  rem,
  remu,
  lr,
  sc,
  amoswap,
  amoadd,
  amoxor,
  amoand,
  amoor,
  amomin,
  amomax,
  amominu,
  amomaxu,
  fence,
  fence_i,
  csrrw,
  csrrs,
  csrrc,
  csrrwi,
  csrrsi,
  csrrci,
  ecall,
  ebreak,
  mret,
  wfi,
};

// The classes in which executed instructions are counted.
enum class InstructionClass : std::uint8_t {
  alu,
  multiply,
  divide,
  load,
  store,
  branch,
  jump,
  csr,
  atomic,
  system,
};
inline constexpr unsigned instruction_classes = 10;

struct Instruction {
  Opcode opcode = Opcode::illegal;
  std::uint8_t rd = 0;
  std::uint8_t rs1 = 0;  // of csrrwi, csrrsi and csrrci: the 5-bit immediate
  std::uint8_t rs2 = 0;
  std::uint8_t bytes = 4;       // 2 or 4
  std::uint32_t immediate = 0;  // sign-extended; shift amount; CSR number; of lui and auipc: in its final place
  std::uint32_t bits = 0;       // as fetched, `bytes` of them
};

}  // namespace lutra::models::cpu
