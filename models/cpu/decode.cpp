#include "models/cpu/decode.h"

#include "models/cpu/compressed.h"

namespace lutra::models::cpu {

namespace {

std::uint32_t sign_extend(std::uint32_t value, unsigned bits) {
  const std::uint32_t sign = 1u << (bits - 1);
  return (value ^ sign) - sign;
}

std::uint32_t i_immediate(std::uint32_t bits) { return sign_extend(bits >> 20, 12); }

std::uint32_t s_immediate(std::uint32_t bits) { return sign_extend(bits >> 25 << 5 | (bits >> 7 & 0x1F), 12); }

std::uint32_t b_immediate(std::uint32_t bits) {
  return sign_extend((bits >> 31) << 12 | (bits >> 7 & 1) << 11 | (bits >> 25 & 0x3F) << 5 | (bits >> 8 & 0xF) << 1,
                     13);
}

std::uint32_t j_immediate(std::uint32_t bits) {
  return sign_extend(
      (bits >> 31) << 20 | (bits >> 12 & 0xFF) << 12 | (bits >> 20 & 1) << 11 | (bits >> 21 & 0x3FF) << 1, 21);
}

constexpr auto illegal = Opcode::illegal;

Opcode branch(unsigned funct3) {
  constexpr Opcode table[8] = {Opcode::beq, Opcode::bne, illegal,      illegal,
                               Opcode::blt, Opcode::bge, Opcode::bltu, Opcode::bgeu};
  return table[funct3];
}

Opcode load(unsigned funct3) {
  constexpr Opcode table[8] = {Opcode::lb, Opcode::lh, Opcode::lw, illegal, Opcode::lbu, Opcode::lhu, illegal, illegal};
  return table[funct3];
}

Opcode store(unsigned funct3) {
  constexpr Opcode table[8] = {Opcode::sb, Opcode::sh, Opcode::sw, illegal, illegal, illegal, illegal, illegal};
  return table[funct3];
}

Opcode immediate_operation(unsigned funct3, unsigned funct7) {
  if (funct3 == 1) return funct7 == 0 ? Opcode::slli : illegal;
  if (funct3 == 5) return funct7 == 0 ? Opcode::srli : funct7 == 0x20 ? Opcode::srai : illegal;
  constexpr Opcode table[8] = {Opcode::addi, illegal, Opcode::slti, Opcode::sltiu,
                               Opcode::xori, illegal, Opcode::ori,  Opcode::andi};
  return table[funct3];
}

Opcode register_operation(unsigned funct3, unsigned funct7) {
  constexpr Opcode base[8] = {Opcode::add,  Opcode::sll, Opcode::slt, Opcode::sltu,
                              Opcode::xor_, Opcode::srl, Opcode::or_, Opcode::and_};
  constexpr Opcode multiply[8] = {Opcode::mul, Opcode::mulh, Opcode::mulhsu, Opcode::mulhu,
                                  Opcode::div, Opcode::divu, Opcode::rem,    Opcode::remu};
  if (funct7 == 0) return base[funct3];
  if (funct7 == 1) return multiply[funct3];
  if (funct7 == 0x20 && funct3 == 0) return Opcode::sub;
  if (funct7 == 0x20 && funct3 == 5) return Opcode::sra;
  return illegal;
}

Opcode atomic(unsigned funct5, unsigned rs2) {
  switch (funct5) {
    case 0x00:
      return Opcode::amoadd;
    case 0x01:
      return Opcode::amoswap;
    case 0x02:
      return rs2 == 0 ? Opcode::lr : illegal;
    case 0x03:
      return Opcode::sc;
    case 0x04:
      return Opcode::amoxor;
    case 0x08:
      return Opcode::amoor;
    case 0x0C:
      return Opcode::amoand;
    case 0x10:
      return Opcode::amomin;
    case 0x14:
      return Opcode::amomax;
    case 0x18:
      return Opcode::amominu;
    case 0x1C:
      return Opcode::amomaxu;
    default:
      return illegal;
  }
}

Opcode system(unsigned funct3, std::uint32_t bits) {
  constexpr Opcode csr[8] = {illegal, Opcode::csrrw,  Opcode::csrrs,  Opcode::csrrc,
                             illegal, Opcode::csrrwi, Opcode::csrrsi, Opcode::csrrci};
  if (funct3 != 0) return csr[funct3];
  switch (bits) {
    case 0x00000073:
      return Opcode::ecall;
    case 0x00100073:
      return Opcode::ebreak;
    case 0x30200073:
      return Opcode::mret;
    case 0x10500073:
      return Opcode::wfi;
    default:
      return illegal;
  }
}

Instruction decode_word(std::uint32_t bits) {
  const unsigned funct3 = bits >> 12 & 7;
  const unsigned funct7 = bits >> 25;
  Instruction result;
  result.rd = bits >> 7 & 0x1F;
  result.rs1 = bits >> 15 & 0x1F;
  result.rs2 = bits >> 20 & 0x1F;
  result.immediate = i_immediate(bits);
  switch (bits & 0x7F) {
    case 0x37:
    case 0x17:
      result.opcode = (bits & 0x7F) == 0x37 ? Opcode::lui : Opcode::auipc;
      result.immediate = bits & 0xFFFFF000u;
      break;
    case 0x6F:
      result.opcode = Opcode::jal;
      result.immediate = j_immediate(bits);
      break;
    case 0x67:
      result.opcode = funct3 == 0 ? Opcode::jalr : illegal;
      break;
    case 0x63:
      result.opcode = branch(funct3);
      result.immediate = b_immediate(bits);
      break;
    case 0x03:
      result.opcode = load(funct3);
      break;
    case 0x23:
      result.opcode = store(funct3);
      result.immediate = s_immediate(bits);
      break;
    case 0x13:
      result.opcode = immediate_operation(funct3, funct7);
      if (funct3 == 1 || funct3 == 5) result.immediate = result.rs2;
      break;
    case 0x33:
      result.opcode = register_operation(funct3, funct7);
      break;
    case 0x2F:
      result.opcode = funct3 == 2 ? atomic(funct7 >> 2, result.rs2) : illegal;
      result.immediate = 0;
      break;
    case 0x0F:
      result.opcode = funct3 == 0 ? Opcode::fence : funct3 == 1 ? Opcode::fence_i : illegal;
      break;
    case 0x73:
      result.opcode = system(funct3, bits);
      result.immediate = bits >> 20;
      break;
    default:
      break;
  }
  return result;
}

}  // namespace

Instruction decode(std::uint32_t bits) {
  const bool compressed = is_compressed(static_cast<std::uint16_t>(bits));
  Instruction result = decode_word(compressed ? expand(static_cast<std::uint16_t>(bits)) : bits);
  result.bytes = compressed ? 2 : 4;
  result.bits = compressed ? bits & 0xFFFFu : bits;
  return result;
}

InstructionClass class_of(Opcode opcode) {
  const auto within = [opcode](Opcode first, Opcode last) { return opcode >= first && opcode <= last; };
  if (within(Opcode::jal, Opcode::jalr)) return InstructionClass::jump;
  if (within(Opcode::beq, Opcode::bgeu)) return InstructionClass::branch;
  if (within(Opcode::lb, Opcode::lhu)) return InstructionClass::load;
  if (within(Opcode::sb, Opcode::sw)) return InstructionClass::store;
  if (within(Opcode::mul, Opcode::mulhu)) return InstructionClass::multiply;
  if (within(Opcode::div, Opcode::remu)) return InstructionClass::divide;
  if (within(Opcode::lr, Opcode::amomaxu)) return InstructionClass::atomic;
  if (within(Opcode::csrrw, Opcode::csrrci)) return InstructionClass::csr;
  if (opcode == Opcode::illegal || opcode >= Opcode::fence) return InstructionClass::system;
  return InstructionClass::alu;
}

bool writes_csr(Opcode opcode, std::uint8_t rs1) {
  return opcode == Opcode::csrrw || opcode == Opcode::csrrwi || rs1 != 0;
}

bool ends_block(Opcode opcode) {
  return (opcode >= Opcode::jal && opcode <= Opcode::bgeu) || opcode >= Opcode::fence_i || opcode == Opcode::illegal;
}

}  // namespace lutra::models::cpu
