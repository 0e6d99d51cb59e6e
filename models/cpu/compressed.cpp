#include "models/cpu/compressed.h"

namespace lutra::models::cpu {

namespace {

constexpr std::uint32_t reserved = 0;
constexpr std::uint32_t ra = 1;
constexpr std::uint32_t sp = 2;

// 32-bit formats.
std::uint32_t i_type(std::uint32_t opcode, std::uint32_t funct3, std::uint32_t rd, std::uint32_t rs1,
                     std::uint32_t immediate) {
  return immediate << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

std::uint32_t r_type(std::uint32_t funct7, std::uint32_t funct3, std::uint32_t rd, std::uint32_t rs1,
                     std::uint32_t rs2) {
  return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x33;
}

std::uint32_t store_word(std::uint32_t rs1, std::uint32_t rs2, std::uint32_t offset) {
  return (offset >> 5) << 25 | rs2 << 20 | rs1 << 15 | 2u << 12 | (offset & 0x1F) << 7 | 0x23;
}

std::uint32_t load_word(std::uint32_t rd, std::uint32_t rs1, std::uint32_t offset) {
  return i_type(0x03, 2, rd, rs1, offset);
}

std::uint32_t addi(std::uint32_t rd, std::uint32_t rs1, std::uint32_t immediate) {
  return i_type(0x13, 0, rd, rs1, immediate);
}

std::uint32_t jump_and_link(std::uint32_t rd, std::uint32_t offset) {
  return (offset >> 20 & 1) << 31 | (offset >> 1 & 0x3FF) << 21 | (offset >> 11 & 1) << 20 |
         (offset >> 12 & 0xFF) << 12 | rd << 7 | 0x6F;
}

std::uint32_t jump_register(std::uint32_t rd, std::uint32_t rs1) { return i_type(0x67, 0, rd, rs1, 0); }

std::uint32_t branch_on_zero(std::uint32_t funct3, std::uint32_t rs1, std::uint32_t offset) {
  return (offset >> 12 & 1) << 31 | (offset >> 5 & 0x3F) << 25 | rs1 << 15 | funct3 << 12 | (offset >> 1 & 0xF) << 8 |
         (offset >> 11 & 1) << 7 | 0x63;
}

// One compressed instruction, field by field.
struct Parcel {
  std::uint32_t bits;

  std::uint32_t field(unsigned high, unsigned low) const { return bits >> low & ((1u << (high - low + 1)) - 1); }
  std::uint32_t bit(unsigned index, unsigned place) const { return (bits >> index & 1) << place; }
  std::uint32_t sign(unsigned place) const { return (bits >> 12 & 1) ? ~0u << place : 0; }

  std::uint32_t rd() const { return field(11, 7); }
  std::uint32_t rs2() const { return field(6, 2); }
  std::uint32_t low_rd() const { return 8 + field(4, 2); }
  std::uint32_t low_rs1() const { return 8 + field(9, 7); }

  std::uint32_t immediate() const { return sign(5) | field(6, 2); }  // bits 12, 6:2; sign-extended
  std::uint32_t shift() const { return field(12, 12) << 5 | field(6, 2); }
  std::uint32_t word_offset() const { return field(12, 10) << 3 | bit(6, 2) | bit(5, 6); }
  std::uint32_t jump_offset() const {
    return sign(11) | bit(11, 4) | field(10, 9) << 8 | bit(8, 10) | bit(7, 6) | bit(6, 7) | field(5, 3) << 1 |
           bit(2, 5);
  }
  std::uint32_t branch_offset() const {
    return sign(8) | field(11, 10) << 3 | field(6, 5) << 6 | field(4, 3) << 1 | bit(2, 5);
  }
};

std::uint32_t expand_quadrant_0(Parcel c) {
  switch (c.field(15, 13)) {
    case 0: {  // c.addi4spn
      const std::uint32_t immediate = c.field(12, 11) << 4 | c.field(10, 7) << 6 | c.bit(6, 2) | c.bit(5, 3);
      return immediate == 0 ? reserved : addi(c.low_rd(), sp, immediate);
    }
    case 2:
      return load_word(c.low_rd(), c.low_rs1(), c.word_offset());
    case 6:
      return store_word(c.low_rs1(), c.low_rd(), c.word_offset());
    default:  // floating point, or reserved
      return reserved;
  }
}

std::uint32_t expand_arithmetic(Parcel c) {
  const std::uint32_t rd = c.low_rs1();
  switch (c.field(11, 10)) {
    case 0:  // c.srli
      return c.shift() > 31 ? reserved : i_type(0x13, 5, rd, rd, c.shift());
    case 1:  // c.srai
      return c.shift() > 31 ? reserved : i_type(0x13, 5, rd, rd, 0x400 | c.shift());
    case 2:  // c.andi
      return i_type(0x13, 7, rd, rd, c.immediate());
    default:
      break;
  }
  if (c.field(12, 12)) return reserved;  // RV64
  const std::uint32_t rs2 = c.low_rd();
  switch (c.field(6, 5)) {
    case 0:
      return r_type(0x20, 0, rd, rd, rs2);  // c.sub
    case 1:
      return r_type(0, 4, rd, rd, rs2);  // c.xor
    case 2:
      return r_type(0, 6, rd, rd, rs2);  // c.or
    default:
      return r_type(0, 7, rd, rd, rs2);  // c.and
  }
}

std::uint32_t expand_quadrant_1(Parcel c) {
  switch (c.field(15, 13)) {
    case 0:  // c.addi, c.nop
      return addi(c.rd(), c.rd(), c.immediate());
    case 1:
      return jump_and_link(ra, c.jump_offset());
    case 2:  // c.li
      return addi(c.rd(), 0, c.immediate());
    case 3: {
      if (c.immediate() == 0) return reserved;
      if (c.rd() != sp) return c.immediate() << 12 | c.rd() << 7 | 0x37;  // c.lui
      const std::uint32_t step = c.sign(9) | c.bit(6, 4) | c.bit(5, 6) | c.field(4, 3) << 7 | c.bit(2, 5);
      return addi(sp, sp, step);  // c.addi16sp
    }
    case 4:
      return expand_arithmetic(c);
    case 5:
      return jump_and_link(0, c.jump_offset());
    case 6:  // c.beqz
      return branch_on_zero(0, c.low_rs1(), c.branch_offset());
    default:  // c.bnez
      return branch_on_zero(1, c.low_rs1(), c.branch_offset());
  }
}

std::uint32_t expand_quadrant_2(Parcel c) {
  switch (c.field(15, 13)) {
    case 0:  // c.slli
      return c.shift() > 31 ? reserved : i_type(0x13, 1, c.rd(), c.rd(), c.shift());
    case 2: {  // c.lwsp
      const std::uint32_t offset = c.field(3, 2) << 6 | c.bit(12, 5) | c.field(6, 4) << 2;
      return c.rd() == 0 ? reserved : load_word(c.rd(), sp, offset);
    }
    case 4:
      if (c.field(12, 12) == 0) {
        if (c.rs2() != 0) return r_type(0, 0, c.rd(), 0, c.rs2());  // c.mv
        return c.rd() == 0 ? reserved : jump_register(0, c.rd());   // c.jr
      }
      if (c.rs2() != 0) return r_type(0, 0, c.rd(), c.rd(), c.rs2());  // c.add
      return c.rd() == 0 ? 0x00100073u : jump_register(ra, c.rd());    // c.ebreak, c.jalr
    case 6:                                                            // c.swsp
      return store_word(sp, c.rs2(), c.field(8, 7) << 6 | c.field(12, 9) << 2);
    default:  // floating point
      return reserved;
  }
}

}  // namespace

std::uint32_t expand(std::uint16_t parcel) {
  switch (parcel & 3) {
    case 0:
      return expand_quadrant_0({parcel});
    case 1:
      return expand_quadrant_1({parcel});
    case 2:
      return expand_quadrant_2({parcel});
    default:
      return reserved;
  }
}

}  // namespace lutra::models::cpu
