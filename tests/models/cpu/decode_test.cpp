#include "models/cpu/decode.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lutra::test {
namespace {

using models::cpu::decode;
using models::cpu::Instruction;
using models::cpu::InstructionClass;
using models::cpu::Opcode;

constexpr int any = -999'999;

struct Row {
  std::string text;
  std::uint32_t bits;
  Opcode opcode;
  int rd, rs1, rs2, immediate;
};

// Encodings as GNU as 2.40 gives them.
const std::vector<Row> rows = {
    {"lui t6, 0xfffff", 0xffffffb7, Opcode::lui, 31, any, any, -4096},
    {"auipc a0, 1", 0x00001517, Opcode::auipc, 10, any, any, 4096},
    {"jal t6, .-1048576", 0x80000fef, Opcode::jal, 31, any, any, -1048576},
    {"jal ra, .+1048574", 0x7ffff0ef, Opcode::jal, 1, any, any, 1048574},
    {"jal zero, .+2050", 0x0030006f, Opcode::jal, 0, any, any, 2050},
    {"jalr t6, -2048(a0)", 0x80050fe7, Opcode::jalr, 31, 10, any, -2048},
    {"jalr zero, 2047(ra)", 0x7ff08067, Opcode::jalr, 0, 1, any, 2047},
    {"beq a0, t6, .-4096", 0x81f50063, Opcode::beq, any, 10, 31, -4096},
    {"beq t6, a0, .+4094", 0x7eaf8fe3, Opcode::beq, any, 31, 10, 4094},
    {"bne a0, t6, .-4096", 0x81f51063, Opcode::bne, any, 10, 31, -4096},
    {"bne t6, a0, .+4094", 0x7eaf9fe3, Opcode::bne, any, 31, 10, 4094},
    {"blt a0, t6, .-4096", 0x81f54063, Opcode::blt, any, 10, 31, -4096},
    {"blt t6, a0, .+4094", 0x7eafcfe3, Opcode::blt, any, 31, 10, 4094},
    {"bge a0, t6, .-4096", 0x81f55063, Opcode::bge, any, 10, 31, -4096},
    {"bge t6, a0, .+4094", 0x7eafdfe3, Opcode::bge, any, 31, 10, 4094},
    {"bltu a0, t6, .-4096", 0x81f56063, Opcode::bltu, any, 10, 31, -4096},
    {"bltu t6, a0, .+4094", 0x7eafefe3, Opcode::bltu, any, 31, 10, 4094},
    {"bgeu a0, t6, .-4096", 0x81f57063, Opcode::bgeu, any, 10, 31, -4096},
    {"bgeu t6, a0, .+4094", 0x7eafffe3, Opcode::bgeu, any, 31, 10, 4094},
    {"lb t6, -2048(a0)", 0x80050f83, Opcode::lb, 31, 10, any, -2048},
    {"lb a0, 2047(t6)", 0x7fff8503, Opcode::lb, 10, 31, any, 2047},
    {"lh t6, -2048(a0)", 0x80051f83, Opcode::lh, 31, 10, any, -2048},
    {"lh a0, 2047(t6)", 0x7fff9503, Opcode::lh, 10, 31, any, 2047},
    {"lw t6, -2048(a0)", 0x80052f83, Opcode::lw, 31, 10, any, -2048},
    {"lw a0, 2047(t6)", 0x7fffa503, Opcode::lw, 10, 31, any, 2047},
    {"lbu t6, -2048(a0)", 0x80054f83, Opcode::lbu, 31, 10, any, -2048},
    {"lbu a0, 2047(t6)", 0x7fffc503, Opcode::lbu, 10, 31, any, 2047},
    {"lhu t6, -2048(a0)", 0x80055f83, Opcode::lhu, 31, 10, any, -2048},
    {"lhu a0, 2047(t6)", 0x7fffd503, Opcode::lhu, 10, 31, any, 2047},
    {"sb t6, -2048(a0)", 0x81f50023, Opcode::sb, any, 10, 31, -2048},
    {"sb a0, 2047(t6)", 0x7eaf8fa3, Opcode::sb, any, 31, 10, 2047},
    {"sh t6, -2048(a0)", 0x81f51023, Opcode::sh, any, 10, 31, -2048},
    {"sh a0, 2047(t6)", 0x7eaf9fa3, Opcode::sh, any, 31, 10, 2047},
    {"sw t6, -2048(a0)", 0x81f52023, Opcode::sw, any, 10, 31, -2048},
    {"sw a0, 2047(t6)", 0x7eafafa3, Opcode::sw, any, 31, 10, 2047},
    {"addi t6, a0, -2048", 0x80050f93, Opcode::addi, 31, 10, any, -2048},
    {"addi a0, t6, 2047", 0x7fff8513, Opcode::addi, 10, 31, any, 2047},
    {"slti t6, a0, -2048", 0x80052f93, Opcode::slti, 31, 10, any, -2048},
    {"slti a0, t6, 2047", 0x7fffa513, Opcode::slti, 10, 31, any, 2047},
    {"sltiu t6, a0, -2048", 0x80053f93, Opcode::sltiu, 31, 10, any, -2048},
    {"sltiu a0, t6, 2047", 0x7fffb513, Opcode::sltiu, 10, 31, any, 2047},
    {"xori t6, a0, -2048", 0x80054f93, Opcode::xori, 31, 10, any, -2048},
    {"xori a0, t6, 2047", 0x7fffc513, Opcode::xori, 10, 31, any, 2047},
    {"ori t6, a0, -2048", 0x80056f93, Opcode::ori, 31, 10, any, -2048},
    {"ori a0, t6, 2047", 0x7fffe513, Opcode::ori, 10, 31, any, 2047},
    {"andi t6, a0, -2048", 0x80057f93, Opcode::andi, 31, 10, any, -2048},
    {"andi a0, t6, 2047", 0x7ffff513, Opcode::andi, 10, 31, any, 2047},
    {"slli t6, a0, 31", 0x01f51f93, Opcode::slli, 31, 10, any, 31},
    {"slli a0, t6, 1", 0x001f9513, Opcode::slli, 10, 31, any, 1},
    {"srli t6, a0, 31", 0x01f55f93, Opcode::srli, 31, 10, any, 31},
    {"srli a0, t6, 1", 0x001fd513, Opcode::srli, 10, 31, any, 1},
    {"srai t6, a0, 31", 0x41f55f93, Opcode::srai, 31, 10, any, 31},
    {"srai a0, t6, 1", 0x401fd513, Opcode::srai, 10, 31, any, 1},
    {"add t6, a0, s11", 0x01b50fb3, Opcode::add, 31, 10, 27, any},
    {"sub t6, a0, s11", 0x41b50fb3, Opcode::sub, 31, 10, 27, any},
    {"sll t6, a0, s11", 0x01b51fb3, Opcode::sll, 31, 10, 27, any},
    {"slt t6, a0, s11", 0x01b52fb3, Opcode::slt, 31, 10, 27, any},
    {"sltu t6, a0, s11", 0x01b53fb3, Opcode::sltu, 31, 10, 27, any},
    {"xor t6, a0, s11", 0x01b54fb3, Opcode::xor_, 31, 10, 27, any},
    {"srl t6, a0, s11", 0x01b55fb3, Opcode::srl, 31, 10, 27, any},
    {"sra t6, a0, s11", 0x41b55fb3, Opcode::sra, 31, 10, 27, any},
    {"or t6, a0, s11", 0x01b56fb3, Opcode::or_, 31, 10, 27, any},
    {"and t6, a0, s11", 0x01b57fb3, Opcode::and_, 31, 10, 27, any},
    {"mul t6, a0, s11", 0x03b50fb3, Opcode::mul, 31, 10, 27, any},
    {"mulh t6, a0, s11", 0x03b51fb3, Opcode::mulh, 31, 10, 27, any},
    {"mulhsu t6, a0, s11", 0x03b52fb3, Opcode::mulhsu, 31, 10, 27, any},
    {"mulhu t6, a0, s11", 0x03b53fb3, Opcode::mulhu, 31, 10, 27, any},
    {"div t6, a0, s11", 0x03b54fb3, Opcode::div, 31, 10, 27, any},
    {"divu t6, a0, s11", 0x03b55fb3, Opcode::divu, 31, 10, 27, any},
    {"rem t6, a0, s11", 0x03b56fb3, Opcode::rem, 31, 10, 27, any},
    {"remu t6, a0, s11", 0x03b57fb3, Opcode::remu, 31, 10, 27, any},
    {"lr.w t6, (a0)", 0x10052faf, Opcode::lr, 31, 10, any, 0},
    {"lr.w.aqrl a0, (t6)", 0x160fa52f, Opcode::lr, 10, 31, any, 0},
    {"sc.w t6, s11, (a0)", 0x19b52faf, Opcode::sc, 31, 10, 27, 0},
    {"sc.w.aqrl a0, t6, (s11)", 0x1ffda52f, Opcode::sc, 10, 27, 31, 0},
    {"amoswap.w t6, s11, (a0)", 0x09b52faf, Opcode::amoswap, 31, 10, 27, 0},
    {"amoswap.w.aqrl a0, t6, (s11)", 0x0ffda52f, Opcode::amoswap, 10, 27, 31, 0},
    {"amoadd.w t6, s11, (a0)", 0x01b52faf, Opcode::amoadd, 31, 10, 27, 0},
    {"amoadd.w.aqrl a0, t6, (s11)", 0x07fda52f, Opcode::amoadd, 10, 27, 31, 0},
    {"amoxor.w t6, s11, (a0)", 0x21b52faf, Opcode::amoxor, 31, 10, 27, 0},
    {"amoxor.w.aqrl a0, t6, (s11)", 0x27fda52f, Opcode::amoxor, 10, 27, 31, 0},
    {"amoand.w t6, s11, (a0)", 0x61b52faf, Opcode::amoand, 31, 10, 27, 0},
    {"amoand.w.aqrl a0, t6, (s11)", 0x67fda52f, Opcode::amoand, 10, 27, 31, 0},
    {"amoor.w t6, s11, (a0)", 0x41b52faf, Opcode::amoor, 31, 10, 27, 0},
    {"amoor.w.aqrl a0, t6, (s11)", 0x47fda52f, Opcode::amoor, 10, 27, 31, 0},
    {"amomin.w t6, s11, (a0)", 0x81b52faf, Opcode::amomin, 31, 10, 27, 0},
    {"amomin.w.aqrl a0, t6, (s11)", 0x87fda52f, Opcode::amomin, 10, 27, 31, 0},
    {"amomax.w t6, s11, (a0)", 0xa1b52faf, Opcode::amomax, 31, 10, 27, 0},
    {"amomax.w.aqrl a0, t6, (s11)", 0xa7fda52f, Opcode::amomax, 10, 27, 31, 0},
    {"amominu.w t6, s11, (a0)", 0xc1b52faf, Opcode::amominu, 31, 10, 27, 0},
    {"amominu.w.aqrl a0, t6, (s11)", 0xc7fda52f, Opcode::amominu, 10, 27, 31, 0},
    {"amomaxu.w t6, s11, (a0)", 0xe1b52faf, Opcode::amomaxu, 31, 10, 27, 0},
    {"amomaxu.w.aqrl a0, t6, (s11)", 0xe7fda52f, Opcode::amomaxu, 10, 27, 31, 0},
    {"fence iorw, iorw", 0x0ff0000f, Opcode::fence, any, any, any, any},
    {"fence.i", 0x0000100f, Opcode::fence_i, any, any, any, any},
    {"csrrw t6, 0xfff, a0", 0xfff51ff3, Opcode::csrrw, 31, 10, any, 4095},
    {"csrrs t6, 0xfff, a0", 0xfff52ff3, Opcode::csrrs, 31, 10, any, 4095},
    {"csrrc t6, 0xfff, a0", 0xfff53ff3, Opcode::csrrc, 31, 10, any, 4095},
    {"csrrwi t6, 0x300, 31", 0x300fdff3, Opcode::csrrwi, 31, 31, any, 768},
    {"csrrsi t6, 0x300, 31", 0x300feff3, Opcode::csrrsi, 31, 31, any, 768},
    {"csrrci t6, 0x300, 31", 0x300ffff3, Opcode::csrrci, 31, 31, any, 768},
    {"ecall", 0x00000073, Opcode::ecall, any, any, any, any},
    {"ebreak", 0x00100073, Opcode::ebreak, any, any, any, any},
    {"mret", 0x30200073, Opcode::mret, any, any, any, any},
    {"wfi", 0x10500073, Opcode::wfi, any, any, any, any},
};

void expect_field(int expected, std::uint32_t actual, const std::string& what) {
  if (expected == any) return;
  EXPECT_EQ(static_cast<int>(actual), expected) << what;
}

TEST(Decode, TakesEveryInstructionApart) {
  for (const Row& row : rows) {
    const Instruction instruction = decode(row.bits);
    EXPECT_EQ(instruction.opcode, row.opcode) << row.text;
    EXPECT_EQ(instruction.bytes, 4) << row.text;
    EXPECT_EQ(instruction.bits, row.bits) << row.text;
    expect_field(row.rd, instruction.rd, row.text + " rd");
    expect_field(row.rs1, instruction.rs1, row.text + " rs1");
    expect_field(row.rs2, instruction.rs2, row.text + " rs2");
    expect_field(row.immediate, instruction.immediate, row.text + " immediate");
  }
}

TEST(Decode, RefusesWhatTheHartLacks) {
  const std::vector<std::pair<std::uint32_t, std::string>> refused = {
      {0xFFFFFFFF, "all ones"},
      {0x00002063, "branch with funct3 2"},
      {0x00003063, "branch with funct3 3"},
      {0x00003003, "ld"},
      {0x00006003, "lwu"},
      {0x00007003, "load with funct3 7"},
      {0x00003023, "sd"},
      {0x00001067, "jalr with funct3 1"},
      {0x02001013, "slli by 32"},
      {0x02005013, "srli by 32"},
      {0x42005013, "srai by 32"},
      {0x40001013, "slli with funct7 0x20"},
      {0x40001033, "sll with funct7 0x20"},
      {0x40007033, "and with funct7 0x20, which is andn"},
      {0x04000033, "register operation with funct7 2"},
      {0x0000001B, "addiw"},
      {0x0000003B, "addw"},
      {0x00000007, "floating-point load"},
      {0x00000027, "floating-point store"},
      {0x00000053, "fadd.s"},
      {0x00000043, "fmadd.s"},
      {0x00000057, "vector"},
      {0x1010202F, "lr with rs2"},
      {0x0000302F, "amoadd.d"},
      {0x2800202F, "amo with funct5 5"},
      {0x0000200F, "cbo"},
      {0x10200073, "sret"},
      {0x00200073, "uret"},
      {0x7B200073, "dret"},
      {0x12000073, "sfence.vma"},
      {0x000000F3, "ecall with rd"},
      {0x00008073, "ecall with rs1"},
      {0x00004073, "system with funct3 4"},
      {0x0000007F, "80-bit encoding"},
      {0x0000001F, "48-bit encoding"},
  };
  for (const auto& [bits, what] : refused) EXPECT_EQ(decode(bits).opcode, Opcode::illegal) << what;
}

TEST(Decode, FenceIgnoresReservedFields) {
  EXPECT_EQ(decode(0x8330000F).opcode, Opcode::fence) << "fence.tso";
  EXPECT_EQ(decode(0x0100000F).opcode, Opcode::fence) << "pause";
  EXPECT_EQ(decode(0x0FF5858F).opcode, Opcode::fence) << "with rd and rs1";
  EXPECT_EQ(decode(0x1235908F).opcode, Opcode::fence_i) << "with rd, rs1 and an immediate";
}

TEST(Decode, GivesEveryInstructionItsClass) {
  using models::cpu::class_of;
  EXPECT_EQ(class_of(Opcode::lui), InstructionClass::alu);
  EXPECT_EQ(class_of(Opcode::addi), InstructionClass::alu);
  EXPECT_EQ(class_of(Opcode::and_), InstructionClass::alu);
  EXPECT_EQ(class_of(Opcode::mul), InstructionClass::multiply);
  EXPECT_EQ(class_of(Opcode::mulhu), InstructionClass::multiply);
  EXPECT_EQ(class_of(Opcode::div), InstructionClass::divide);
  EXPECT_EQ(class_of(Opcode::remu), InstructionClass::divide);
  EXPECT_EQ(class_of(Opcode::lb), InstructionClass::load);
  EXPECT_EQ(class_of(Opcode::lhu), InstructionClass::load);
  EXPECT_EQ(class_of(Opcode::sw), InstructionClass::store);
  EXPECT_EQ(class_of(Opcode::bgeu), InstructionClass::branch);
  EXPECT_EQ(class_of(Opcode::jalr), InstructionClass::jump);
  EXPECT_EQ(class_of(Opcode::csrrci), InstructionClass::csr);
  EXPECT_EQ(class_of(Opcode::lr), InstructionClass::atomic);
  EXPECT_EQ(class_of(Opcode::amomaxu), InstructionClass::atomic);
  EXPECT_EQ(class_of(Opcode::fence), InstructionClass::system);
  EXPECT_EQ(class_of(Opcode::wfi), InstructionClass::system);
  EXPECT_EQ(class_of(Opcode::illegal), InstructionClass::system);
}

}  // namespace
}  // namespace lutra::test
