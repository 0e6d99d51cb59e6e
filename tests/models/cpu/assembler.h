#pragma once

#include <cstdint>
#include <vector>

// Encodings of RV32IMA and Zicsr, and programs made of them.
namespace lutra::test {

using Register = std::uint32_t;

inline constexpr Register zero = 0, ra = 1, sp = 2, t0 = 5, t1 = 6, t2 = 7, s0 = 8, s1 = 9, a0 = 10, a1 = 11, a2 = 12,
                          a3 = 13, a4 = 14, a5 = 15, a6 = 16, a7 = 17, s2 = 18, s3 = 19, t3 = 28, t4 = 29, t5 = 30,
                          t6 = 31;

class Program {
 public:
  Program() = default;
  Program(std::initializer_list<std::uint32_t> words) {
    for (const std::uint32_t word : words) *this << word;
  }

  Program& operator<<(std::uint32_t word) {
    *this << static_cast<std::uint16_t>(word);
    return *this << static_cast<std::uint16_t>(word >> 16);
  }
  Program& operator<<(std::uint16_t parcel) {
    bytes_.push_back(static_cast<std::uint8_t>(parcel));
    bytes_.push_back(static_cast<std::uint8_t>(parcel >> 8));
    return *this;
  }
  Program& operator<<(const Program& other) {
    bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
    return *this;
  }
  Program& repeat(unsigned times, std::uint32_t word) {
    while (times-- > 0) *this << word;
    return *this;
  }

  const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(bytes_.size()); }

 private:
  std::vector<std::uint8_t> bytes_;
};

namespace rv {

// Formats. Immediates and offsets are in bytes, signed.
inline std::uint32_t r_type(std::uint32_t funct7, std::uint32_t funct3, std::uint32_t opcode, Register rd, Register rs1,
                            Register rs2) {
  return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}
inline std::uint32_t i_type(std::uint32_t funct3, std::uint32_t opcode, Register rd, Register rs1, int immediate) {
  return static_cast<std::uint32_t>(immediate) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}
inline std::uint32_t s_type(std::uint32_t funct3, Register rs2, int offset, Register rs1) {
  const auto bits = static_cast<std::uint32_t>(offset);
  return (bits >> 5 & 0x7F) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (bits & 0x1F) << 7 | 0x23;
}
inline std::uint32_t b_type(std::uint32_t funct3, Register rs1, Register rs2, int offset) {
  const auto bits = static_cast<std::uint32_t>(offset);
  return (bits >> 12 & 1) << 31 | (bits >> 5 & 0x3F) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 |
         (bits >> 1 & 0xF) << 8 | (bits >> 11 & 1) << 7 | 0x63;
}

inline std::uint32_t lui(Register rd, std::uint32_t upper) { return upper << 12 | rd << 7 | 0x37; }
inline std::uint32_t auipc(Register rd, std::uint32_t upper) { return upper << 12 | rd << 7 | 0x17; }
inline std::uint32_t jal(Register rd, int offset) {
  const auto bits = static_cast<std::uint32_t>(offset);
  return (bits >> 20 & 1) << 31 | (bits >> 1 & 0x3FF) << 21 | (bits >> 11 & 1) << 20 | (bits >> 12 & 0xFF) << 12 |
         rd << 7 | 0x6F;
}
inline std::uint32_t jalr(Register rd, Register rs1, int offset) { return i_type(0, 0x67, rd, rs1, offset); }

inline std::uint32_t beq(Register a, Register b, int offset) { return b_type(0, a, b, offset); }
inline std::uint32_t bne(Register a, Register b, int offset) { return b_type(1, a, b, offset); }
inline std::uint32_t blt(Register a, Register b, int offset) { return b_type(4, a, b, offset); }
inline std::uint32_t bge(Register a, Register b, int offset) { return b_type(5, a, b, offset); }
inline std::uint32_t bltu(Register a, Register b, int offset) { return b_type(6, a, b, offset); }
inline std::uint32_t bgeu(Register a, Register b, int offset) { return b_type(7, a, b, offset); }

inline std::uint32_t lb(Register rd, int offset, Register base) { return i_type(0, 0x03, rd, base, offset); }
inline std::uint32_t lh(Register rd, int offset, Register base) { return i_type(1, 0x03, rd, base, offset); }
inline std::uint32_t lw(Register rd, int offset, Register base) { return i_type(2, 0x03, rd, base, offset); }
inline std::uint32_t lbu(Register rd, int offset, Register base) { return i_type(4, 0x03, rd, base, offset); }
inline std::uint32_t lhu(Register rd, int offset, Register base) { return i_type(5, 0x03, rd, base, offset); }
inline std::uint32_t sb(Register rs, int offset, Register base) { return s_type(0, rs, offset, base); }
inline std::uint32_t sh(Register rs, int offset, Register base) { return s_type(1, rs, offset, base); }
inline std::uint32_t sw(Register rs, int offset, Register base) { return s_type(2, rs, offset, base); }

inline std::uint32_t addi(Register rd, Register rs, int value) { return i_type(0, 0x13, rd, rs, value); }
inline std::uint32_t slti(Register rd, Register rs, int value) { return i_type(2, 0x13, rd, rs, value); }
inline std::uint32_t sltiu(Register rd, Register rs, int value) { return i_type(3, 0x13, rd, rs, value); }
inline std::uint32_t xori(Register rd, Register rs, int value) { return i_type(4, 0x13, rd, rs, value); }
inline std::uint32_t ori(Register rd, Register rs, int value) { return i_type(6, 0x13, rd, rs, value); }
inline std::uint32_t andi(Register rd, Register rs, int value) { return i_type(7, 0x13, rd, rs, value); }
inline std::uint32_t slli(Register rd, Register rs, int by) { return i_type(1, 0x13, rd, rs, by); }
inline std::uint32_t srli(Register rd, Register rs, int by) { return i_type(5, 0x13, rd, rs, by); }
inline std::uint32_t srai(Register rd, Register rs, int by) { return i_type(5, 0x13, rd, rs, 0x400 | by); }

inline std::uint32_t add(Register rd, Register a, Register b) { return r_type(0, 0, 0x33, rd, a, b); }
inline std::uint32_t sub(Register rd, Register a, Register b) { return r_type(0x20, 0, 0x33, rd, a, b); }
inline std::uint32_t sll(Register rd, Register a, Register b) { return r_type(0, 1, 0x33, rd, a, b); }
inline std::uint32_t slt(Register rd, Register a, Register b) { return r_type(0, 2, 0x33, rd, a, b); }
inline std::uint32_t sltu(Register rd, Register a, Register b) { return r_type(0, 3, 0x33, rd, a, b); }
inline std::uint32_t xor_(Register rd, Register a, Register b) { return r_type(0, 4, 0x33, rd, a, b); }
inline std::uint32_t srl(Register rd, Register a, Register b) { return r_type(0, 5, 0x33, rd, a, b); }
inline std::uint32_t sra(Register rd, Register a, Register b) { return r_type(0x20, 5, 0x33, rd, a, b); }
inline std::uint32_t or_(Register rd, Register a, Register b) { return r_type(0, 6, 0x33, rd, a, b); }
inline std::uint32_t and_(Register rd, Register a, Register b) { return r_type(0, 7, 0x33, rd, a, b); }

inline std::uint32_t mul(Register rd, Register a, Register b) { return r_type(1, 0, 0x33, rd, a, b); }
inline std::uint32_t mulh(Register rd, Register a, Register b) { return r_type(1, 1, 0x33, rd, a, b); }
inline std::uint32_t mulhsu(Register rd, Register a, Register b) { return r_type(1, 2, 0x33, rd, a, b); }
inline std::uint32_t mulhu(Register rd, Register a, Register b) { return r_type(1, 3, 0x33, rd, a, b); }
inline std::uint32_t div(Register rd, Register a, Register b) { return r_type(1, 4, 0x33, rd, a, b); }
inline std::uint32_t divu(Register rd, Register a, Register b) { return r_type(1, 5, 0x33, rd, a, b); }
inline std::uint32_t rem(Register rd, Register a, Register b) { return r_type(1, 6, 0x33, rd, a, b); }
inline std::uint32_t remu(Register rd, Register a, Register b) { return r_type(1, 7, 0x33, rd, a, b); }

inline std::uint32_t atomic(std::uint32_t funct5, Register rd, Register rs2, Register address) {
  return r_type(funct5 << 2, 2, 0x2F, rd, address, rs2);
}
inline std::uint32_t lr(Register rd, Register address) { return atomic(0x02, rd, 0, address); }
inline std::uint32_t sc(Register rd, Register rs, Register address) { return atomic(0x03, rd, rs, address); }
inline std::uint32_t amoswap(Register rd, Register rs, Register address) { return atomic(0x01, rd, rs, address); }
inline std::uint32_t amoadd(Register rd, Register rs, Register address) { return atomic(0x00, rd, rs, address); }
inline std::uint32_t amoxor(Register rd, Register rs, Register address) { return atomic(0x04, rd, rs, address); }
inline std::uint32_t amoand(Register rd, Register rs, Register address) { return atomic(0x0C, rd, rs, address); }
inline std::uint32_t amoor(Register rd, Register rs, Register address) { return atomic(0x08, rd, rs, address); }
inline std::uint32_t amomin(Register rd, Register rs, Register address) { return atomic(0x10, rd, rs, address); }
inline std::uint32_t amomax(Register rd, Register rs, Register address) { return atomic(0x14, rd, rs, address); }
inline std::uint32_t amominu(Register rd, Register rs, Register address) { return atomic(0x18, rd, rs, address); }
inline std::uint32_t amomaxu(Register rd, Register rs, Register address) { return atomic(0x1C, rd, rs, address); }

inline std::uint32_t csr(std::uint32_t funct3, Register rd, std::uint32_t number, std::uint32_t operand) {
  return i_type(funct3, 0x73, rd, operand, static_cast<int>(number));
}
inline std::uint32_t csrrw(Register rd, std::uint32_t number, Register rs) { return csr(1, rd, number, rs); }
inline std::uint32_t csrrs(Register rd, std::uint32_t number, Register rs) { return csr(2, rd, number, rs); }
inline std::uint32_t csrrc(Register rd, std::uint32_t number, Register rs) { return csr(3, rd, number, rs); }
inline std::uint32_t csrrwi(Register rd, std::uint32_t number, unsigned value) { return csr(5, rd, number, value); }
inline std::uint32_t csrrsi(Register rd, std::uint32_t number, unsigned value) { return csr(6, rd, number, value); }
inline std::uint32_t csrrci(Register rd, std::uint32_t number, unsigned value) { return csr(7, rd, number, value); }
inline std::uint32_t csrr(Register rd, std::uint32_t number) { return csrrs(rd, number, zero); }
inline std::uint32_t csrw(std::uint32_t number, Register rs) { return csrrw(zero, number, rs); }

inline constexpr std::uint32_t fence = 0x0FF0000F, fence_i = 0x0000100F, ecall = 0x00000073, ebreak = 0x00100073,
                               mret = 0x30200073, wfi = 0x10500073, nop = 0x00000013;

inline constexpr std::uint32_t mstatus = 0x300, misa = 0x301, mie = 0x304, mtvec = 0x305, mcountinhibit = 0x320,
                               mscratch = 0x340, mepc = 0x341, mcause = 0x342, mtval = 0x343, mip = 0x344,
                               mcycle = 0xB00, minstret = 0xB02, mcycleh = 0xB80, minstreth = 0xB82, cycle = 0xC00,
                               time = 0xC01, instret = 0xC02, dcache = 0x7C0;

// Two instructions, whatever the value.
inline Program li(Register rd, std::uint32_t value) {
  const std::uint32_t upper = (value + 0x800) >> 12;
  return {lui(rd, upper & 0xFFFFF), addi(rd, rd, static_cast<int>(value << 20) >> 20)};
}

// With interrupts disabled the hart stops here.
inline std::uint32_t halt() { return jal(zero, 0); }

}  // namespace rv

}  // namespace lutra::test
