#include "models/cpu/compressed.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "models/cpu/decode.h"
#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

using models::cpu::expand;
using models::cpu::Opcode;

struct Row {
  std::string text;
  std::uint16_t parcel;
  std::uint32_t expansion;
};

// Both encodings as GNU as 2.40 gives them, of the instruction and of its uncompressed equal.
const std::vector<Row> rows = {
    {"c.addi4spn a0, sp, 4", 0x0048, 0x00410513},
    {"c.addi4spn a0, sp, 8", 0x0028, 0x00810513},
    {"c.addi4spn a0, sp, 508", 0x1be8, 0x1fc10513},
    {"c.addi4spn a0, sp, 1020", 0x1fe8, 0x3fc10513},
    {"c.addi4spn a0, sp, 64", 0x0088, 0x04010513},
    {"c.addi4spn a0, sp, 128", 0x0108, 0x08010513},
    {"c.addi4spn a0, sp, 256", 0x0208, 0x10010513},
    {"c.addi4spn a0, sp, 512", 0x0408, 0x20010513},
    {"c.addi4spn a0, sp, 16", 0x0808, 0x01010513},
    {"c.addi4spn a0, sp, 32", 0x1008, 0x02010513},
    {"c.addi4spn a5, sp, 4", 0x005c, 0x00410793},
    {"c.addi4spn s0, sp, 4", 0x0040, 0x00410413},
    {"c.lw a5, 0(s0)", 0x401c, 0x00042783},
    {"c.sw s1, 0(a4)", 0xc304, 0x00972023},
    {"c.lw a5, 4(s0)", 0x405c, 0x00442783},
    {"c.sw s1, 4(a4)", 0xc344, 0x00972223},
    {"c.lw a5, 8(s0)", 0x441c, 0x00842783},
    {"c.sw s1, 8(a4)", 0xc704, 0x00972423},
    {"c.lw a5, 16(s0)", 0x481c, 0x01042783},
    {"c.sw s1, 16(a4)", 0xcb04, 0x00972823},
    {"c.lw a5, 32(s0)", 0x501c, 0x02042783},
    {"c.sw s1, 32(a4)", 0xd304, 0x02972023},
    {"c.lw a5, 64(s0)", 0x403c, 0x04042783},
    {"c.sw s1, 64(a4)", 0xc324, 0x04972023},
    {"c.lw a5, 124(s0)", 0x5c7c, 0x07c42783},
    {"c.sw s1, 124(a4)", 0xdf64, 0x06972e23},
    {"c.nop", 0x0001, 0x00000013},
    {"c.addi t6, -32", 0x1f81, 0xfe0f8f93},
    {"c.addi t6, -1", 0x1ffd, 0xffff8f93},
    {"c.addi t6, 1", 0x0f85, 0x001f8f93},
    {"c.addi t6, 31", 0x0ffd, 0x01ff8f93},
    {"c.jal .-2048", 0x3001, 0x801ff0ef},
    {"c.j .-2048", 0xb001, 0x801ff06f},
    {"c.jal .+2046", 0x2ffd, 0x7fe000ef},
    {"c.j .+2046", 0xaffd, 0x7fe0006f},
    {"c.jal .+2", 0x2009, 0x002000ef},
    {"c.j .+2", 0xa009, 0x0020006f},
    {"c.jal .+4", 0x2011, 0x004000ef},
    {"c.j .+4", 0xa011, 0x0040006f},
    {"c.jal .+8", 0x2021, 0x008000ef},
    {"c.j .+8", 0xa021, 0x0080006f},
    {"c.jal .+16", 0x2801, 0x010000ef},
    {"c.j .+16", 0xa801, 0x0100006f},
    {"c.jal .+32", 0x2005, 0x020000ef},
    {"c.j .+32", 0xa005, 0x0200006f},
    {"c.jal .+64", 0x2081, 0x040000ef},
    {"c.j .+64", 0xa081, 0x0400006f},
    {"c.jal .+128", 0x2041, 0x080000ef},
    {"c.j .+128", 0xa041, 0x0800006f},
    {"c.jal .+256", 0x2201, 0x100000ef},
    {"c.j .+256", 0xa201, 0x1000006f},
    {"c.jal .+512", 0x2401, 0x200000ef},
    {"c.j .+512", 0xa401, 0x2000006f},
    {"c.jal .+1024", 0x2101, 0x400000ef},
    {"c.j .+1024", 0xa101, 0x4000006f},
    {"c.jal .-2", 0x3ffd, 0xfffff0ef},
    {"c.j .-2", 0xbffd, 0xfffff06f},
    {"c.li t6, -32", 0x5f81, 0xfe000f93},
    {"c.li t6, -1", 0x5ffd, 0xfff00f93},
    {"c.li t6, 0", 0x4f81, 0x00000f93},
    {"c.li t6, 31", 0x4ffd, 0x01f00f93},
    {"c.addi16sp sp, -512", 0x7101, 0xe0010113},
    {"c.addi16sp sp, 496", 0x617d, 0x1f010113},
    {"c.addi16sp sp, 16", 0x6141, 0x01010113},
    {"c.addi16sp sp, 32", 0x6105, 0x02010113},
    {"c.addi16sp sp, 64", 0x6121, 0x04010113},
    {"c.addi16sp sp, 128", 0x6109, 0x08010113},
    {"c.addi16sp sp, 256", 0x6111, 0x10010113},
    {"c.addi16sp sp, -16", 0x717d, 0xff010113},
    {"c.lui t6, 1", 0x6f85, 0x00001fb7},
    {"c.lui t6, 31", 0x6ffd, 0x0001ffb7},
    {"c.lui t6, 0xfffe0", 0x7f81, 0xfffe0fb7},
    {"c.lui t6, 0xfffff", 0x7ffd, 0xffffffb7},
    {"c.srli a3, 1", 0x8285, 0x0016d693},
    {"c.srli a3, 16", 0x82c1, 0x0106d693},
    {"c.srli a3, 31", 0x82fd, 0x01f6d693},
    {"c.srai a3, 1", 0x8685, 0x4016d693},
    {"c.srai a3, 16", 0x86c1, 0x4106d693},
    {"c.srai a3, 31", 0x86fd, 0x41f6d693},
    {"c.andi s1, -32", 0x9881, 0xfe04f493},
    {"c.andi s1, -1", 0x98fd, 0xfff4f493},
    {"c.andi s1, 0", 0x8881, 0x0004f493},
    {"c.andi s1, 31", 0x88fd, 0x01f4f493},
    {"c.sub a5, s0", 0x8f81, 0x408787b3},
    {"c.xor a5, s0", 0x8fa1, 0x0087c7b3},
    {"c.or a5, s0", 0x8fc1, 0x0087e7b3},
    {"c.and a5, s0", 0x8fe1, 0x0087f7b3},
    {"c.beqz a5, .-256", 0xd381, 0xf00780e3},
    {"c.bnez s0, .-256", 0xf001, 0xf00410e3},
    {"c.beqz a5, .+254", 0xcffd, 0x0e078f63},
    {"c.bnez s0, .+254", 0xec7d, 0x0e041f63},
    {"c.beqz a5, .+2", 0xc389, 0x00078163},
    {"c.bnez s0, .+2", 0xe009, 0x00041163},
    {"c.beqz a5, .+4", 0xc391, 0x00078263},
    {"c.bnez s0, .+4", 0xe011, 0x00041263},
    {"c.beqz a5, .+8", 0xc781, 0x00078463},
    {"c.bnez s0, .+8", 0xe401, 0x00041463},
    {"c.beqz a5, .+16", 0xcb81, 0x00078863},
    {"c.bnez s0, .+16", 0xe801, 0x00041863},
    {"c.beqz a5, .+32", 0xc385, 0x02078063},
    {"c.bnez s0, .+32", 0xe005, 0x02041063},
    {"c.beqz a5, .+64", 0xc3a1, 0x04078063},
    {"c.bnez s0, .+64", 0xe021, 0x04041063},
    {"c.beqz a5, .+128", 0xc3c1, 0x08078063},
    {"c.bnez s0, .+128", 0xe041, 0x08041063},
    {"c.beqz a5, .-2", 0xdffd, 0xfe078fe3},
    {"c.bnez s0, .-2", 0xfc7d, 0xfe041fe3},
    {"c.slli t6, 1", 0x0f86, 0x001f9f93},
    {"c.slli t6, 16", 0x0fc2, 0x010f9f93},
    {"c.slli t6, 31", 0x0ffe, 0x01ff9f93},
    {"c.lwsp t6, 0(sp)", 0x4f82, 0x00012f83},
    {"c.swsp t6, 0(sp)", 0xc07e, 0x01f12023},
    {"c.lwsp t6, 4(sp)", 0x4f92, 0x00412f83},
    {"c.swsp t6, 4(sp)", 0xc27e, 0x01f12223},
    {"c.lwsp t6, 8(sp)", 0x4fa2, 0x00812f83},
    {"c.swsp t6, 8(sp)", 0xc47e, 0x01f12423},
    {"c.lwsp t6, 16(sp)", 0x4fc2, 0x01012f83},
    {"c.swsp t6, 16(sp)", 0xc87e, 0x01f12823},
    {"c.lwsp t6, 32(sp)", 0x5f82, 0x02012f83},
    {"c.swsp t6, 32(sp)", 0xd07e, 0x03f12023},
    {"c.lwsp t6, 64(sp)", 0x4f86, 0x04012f83},
    {"c.swsp t6, 64(sp)", 0xc0fe, 0x05f12023},
    {"c.lwsp t6, 128(sp)", 0x4f8a, 0x08012f83},
    {"c.swsp t6, 128(sp)", 0xc17e, 0x09f12023},
    {"c.lwsp t6, 252(sp)", 0x5ffe, 0x0fc12f83},
    {"c.swsp t6, 252(sp)", 0xdffe, 0x0ff12e23},
    {"c.jr t6", 0x8f82, 0x000f8067},
    {"c.jalr t6", 0x9f82, 0x000f80e7},
    {"c.mv t6, a0", 0x8faa, 0x00a00fb3},
    {"c.add t6, a0", 0x9faa, 0x00af8fb3},
    {"c.ebreak", 0x9002, 0x00100073},
};

TEST(Compressed, ExpandsEveryForm) {
  for (const Row& row : rows) EXPECT_EQ(expand(row.parcel), row.expansion) << row.text;
}

TEST(Compressed, RefusesReservedEncodingsAndForeignExtensions) {
  const std::vector<std::pair<std::uint16_t, std::string>> refused = {
      {0x0000, "all zeros"},
      {0x0004, "c.addi4spn without an immediate"},
      {0x2000, "c.fld"},
      {0x6000, "c.flw"},
      {0x8000, "quadrant 0, funct3 4"},
      {0xA000, "c.fsd"},
      {0xE000, "c.fsw"},
      {0x6101, "c.addi16sp by 0"},
      {0x6081, "c.lui with 0"},
      {0x9001, "c.srli by 32"},
      {0x9401, "c.srai by 32"},
      {0x9C01, "c.subw"},
      {0x9C21, "c.addw"},
      {0x9C41, "quadrant 1, reserved"},
      {0x9C61, "quadrant 1, reserved"},
      {0x1082, "c.slli by 32"},
      {0x2002, "c.fldsp"},
      {0x4002, "c.lwsp to x0"},
      {0x6002, "c.flwsp"},
      {0x8002, "c.jr x0"},
      {0xA002, "c.fsdsp"},
      {0xE002, "c.fswsp"},
  };
  for (const auto& [parcel, what] : refused) EXPECT_EQ(expand(parcel), 0u) << what;
}

TEST(Compressed, HintsAreInstructionsWithoutEffect) {
  for (const int parcel : {0x0005,     // c.nop 1
                           0x0081,     // c.addi ra, 0
                           0x4005,     // c.li x0, 1
                           0x6005,     // c.lui x0, 1
                           0x8006,     // c.mv x0, ra
                           0x9006,     // c.add x0, ra
                           0x0006,     // c.slli x0, 1
                           0x0082,     // c.slli ra, 0
                           0x8001,     // c.srli s0, 0
                           0x8401}) {  // c.srai s0, 0
    const auto hint = static_cast<std::uint16_t>(parcel);
    const auto instruction = models::cpu::decode(hint);
    EXPECT_NE(instruction.opcode, Opcode::illegal) << std::hex << hint;
    EXPECT_EQ(instruction.bytes, 2);
    Machine machine;
    Program program = rv::li(ra, 77) << rv::li(s0, 88);
    machine.run(program << hint << rv::halt());
    EXPECT_FALSE(machine.trapped()) << std::hex << hint;
    EXPECT_EQ(machine.x(ra), 77u) << std::hex << hint;
    EXPECT_EQ(machine.x(s0), 88u) << std::hex << hint;
    EXPECT_EQ(machine.x(zero), 0u) << std::hex << hint;
  }
}

TEST(Compressed, LinksBehindItself) {
  Machine machine;
  Program program;
  program << std::uint16_t{0x2011};  // c.jal .+4
  program << std::uint16_t{0x0001} << rv::halt();
  machine.run(program);
  EXPECT_EQ(machine.x(ra), Machine::tcm_base + 2);
}

TEST(Compressed, ALongInstructionMayLieAcrossWordsAndLines) {
  for (const std::uint32_t base : {Machine::tcm_base, Machine::direct_base, Machine::device_base}) {
    Machine machine;
    Program program;
    program << std::uint16_t{0x0505};  // c.addi a0, 1
    for (int i = 0; i < 20; ++i) program << rv::addi(a0, a0, 2);
    machine.run(program << rv::halt(), base);
    EXPECT_EQ(machine.x(a0), 41u) << std::hex << base;
  }
}

TEST(Compressed, AnInstructionHalfBeyondMemoryFaultsAtItsSecondHalf) {
  Machine machine;
  const std::uint32_t last = Machine::direct_base + FakeBus::bytes - 2;
  machine.place(Machine::tcm_base + 0x100,
                {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mepc), rv::csrr(a2, rv::mtval), rv::halt()});
  *machine.at(last) = 0x13;  // the low half of an addi
  machine.run(rv::li(t0, Machine::tcm_base + 0x100)
              << rv::csrw(rv::mtvec, t0) << rv::li(t0, last) << rv::jalr(zero, t0, 0));
  EXPECT_EQ(machine.x(a0), 1u);
  EXPECT_EQ(machine.x(a1), last);
  EXPECT_EQ(machine.x(a2), last + 2);
}

}  // namespace
}  // namespace lutra::test
