#include <gtest/gtest.h>

#include <array>
#include <random>

#include "models/cpu/decode.h"
#include "tests/models/cpu/machine.h"
#include "tests/models/cpu/reference_hart.h"

namespace lutra::test {
namespace {

constexpr std::uint32_t code_bytes = 512;
constexpr std::uint32_t data_offset = 0x4000;
constexpr std::uint32_t data_bytes = 8192;
constexpr std::uint32_t reach = 2048;  // of a load's offset
constexpr std::uint32_t handler = Machine::tcm_base + 0x8000;
constexpr std::uint32_t saved = Machine::tcm_base + 0x9000;
constexpr Register bases = 4;  // x8 to x11 point into data
constexpr unsigned most_steps = 400;

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }
  std::uint32_t below(std::uint32_t limit) { return word() % limit; }
  bool one_in(std::uint32_t count) { return below(count) == 0; }

 private:
  std::mt19937 engine_;
};

std::uint32_t random_bits(Random& random) {
  static constexpr std::uint32_t opcodes[] = {0x37, 0x17, 0x6F, 0x67, 0x63, 0x03, 0x23, 0x13, 0x33, 0x2F, 0x0F};
  const std::uint32_t word = random.word();
  if (!random.one_in(3)) return (word & ~0x7Fu) | opcodes[random.below(std::size(opcodes))];
  return (word & 3) == 3 ? word & 0xFFFEu : word & 0xFFFFu;
}

// Whether a program with many such instructions would soon leave its code or its data.
bool leads_astray(const models::cpu::Instruction& instruction) {
  using models::cpu::InstructionClass;
  using models::cpu::Opcode;
  const auto is_base = [](std::uint32_t index) { return index == sp || (index >= s0 && index < s0 + bases); };
  const auto kind = models::cpu::class_of(instruction.opcode);
  const bool memory =
      kind == InstructionClass::load || kind == InstructionClass::store || kind == InstructionClass::atomic;
  const bool jump = kind == InstructionClass::branch || kind == InstructionClass::jump;
  if (memory && !is_base(instruction.rs1)) return true;
  if (jump && instruction.immediate > code_bytes / 4) return true;
  const bool has_rd = kind != InstructionClass::store && kind != InstructionClass::branch;
  return instruction.opcode == Opcode::illegal || instruction.opcode == Opcode::jalr ||
         (has_rd && is_base(instruction.rd));
}

Program random_program(Random& random) {
  constexpr std::uint32_t rarely = 200;
  Program program;
  while (program.size() < code_bytes) {
    const std::uint32_t bits = random_bits(random);
    const auto instruction = models::cpu::decode(bits);
    if (leads_astray(instruction) && !random.one_in(rarely)) continue;
    if (instruction.bytes == 2) {
      program << static_cast<std::uint16_t>(bits);
    } else {
      program << bits;
    }
  }
  return program;
}

// Leaves x5 in mscratch and at saved + 20, x6 at saved, then minstret, mcause, mepc and mtval.
Program report() {
  Program program = {rv::csrw(rv::mscratch, t0), rv::lui(t0, saved >> 12), rv::sw(t1, 0, t0)};
  int offset = 4;
  for (const std::uint32_t number : {rv::minstret, rv::mcause, rv::mepc, rv::mtval, rv::mscratch}) {
    program << rv::csrr(t1, number) << rv::sw(t1, offset, t0);
    offset += 4;
  }
  return program << rv::halt();
}
constexpr std::uint32_t report_before_minstret = 3;
constexpr std::uint32_t start_up_instructions = 6;  // Machine::run

struct Setting {
  const char* name;
  std::uint32_t code, data;
  models::HartConfig config;
};

// Runs one random program on the hart and on the reference. False: it left what the property is about, which is
// programs that end in a trap, use no privileged instruction and write nothing into themselves.
bool agree(const Setting& setting, std::uint32_t seed) {
  Random random(seed);
  Program set_up = rv::li(t0, handler) << rv::csrw(rv::mtvec, t0);
  std::array<std::uint32_t, 32> registers{};
  const std::uint32_t middle = setting.data + data_offset;
  for (Register i = 1; i < 32; ++i) {
    registers[i] = random.one_in(3) ? random.below(64) : random.word();
    if (i == sp || (i >= s0 && i < s0 + bases)) registers[i] = middle + random.below(reach / 4) * 4;
    if (i == a0) registers[i] += random.below(4);
    set_up << rv::li(i, registers[i]);
  }
  const std::uint32_t start = setting.code + set_up.size();
  Program whole = set_up << random_program(random);
  std::array<std::uint8_t, data_bytes> data{};
  for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>(random.word());

  Machine image(setting.config);  // the reference's memory; its processor never runs
  Machine machine(setting.config);
  for (Machine* each : {&image, &machine}) {
    each->place(handler, report());
    each->place(setting.code, whole);
    std::copy(data.begin(), data.end(), each->at(middle - reach));
  }
  const auto byte = [&](std::uint32_t address) -> std::uint8_t* {
    const bool mapped = address - Machine::tcm_base < Machine::tcm_bytes ||
                        address - Machine::direct_base < FakeBus::bytes ||
                        address - Machine::device_base < FakeBus::bytes;
    return mapped ? image.at(address) : nullptr;
  };
  ReferenceHart reference(byte, start);
  reference.x = registers;
  std::optional<ReferenceHart::Trap> trap;
  std::uint32_t steps = 0;
  for (; !trap; ++steps) {
    const bool readable = byte(reference.pc()) && byte(reference.pc() + 3);
    const std::uint32_t bits = readable ? image.word(reference.pc()) : 0;
    const bool privileged = (bits & 0x7F) == 0x73 && bits != rv::ecall && bits != rv::ebreak;
    if (privileged || steps == most_steps) return false;
    trap = reference.step();
  }
  if (!std::equal(whole.bytes().begin(), whole.bytes().end(), image.at(setting.code))) return false;

  machine.run(whole, setting.code);
  EXPECT_EQ(machine.processor.stop().reason, models::HartStopReason::halted);
  for (Register i = 1; i < 32; ++i) {
    const std::uint32_t value = i == t0 ? machine.word(saved + 20) : i == t1 ? machine.word(saved) : machine.x(i);
    EXPECT_EQ(value, reference.x[i]) << "x" << i;
  }
  const std::uint32_t set_up_instructions = (start - setting.code) / 4;
  EXPECT_EQ(machine.word(saved + 4), start_up_instructions + set_up_instructions + (steps - 1) + report_before_minstret)
      << "instructions retired";
  EXPECT_EQ(machine.word(saved + 8), trap->cause);
  EXPECT_EQ(machine.word(saved + 12), trap->pc);
  EXPECT_EQ(machine.word(saved + 16), trap->value);
  EXPECT_TRUE(std::equal(image.at(middle - reach), image.at(middle - reach) + data_bytes, machine.at(middle - reach)))
      << "data";
  return true;
}

TEST(Random, ProgramsEndAsOnThePlainInterpreter) {
  const Setting settings[] = {
      {"tcm, data cached", Machine::tcm_base, Machine::direct_base, small_caches()},
      {"cached, data in tcm", Machine::direct_base, Machine::tcm_base, small_caches()},
      {"cached, data cached", Machine::direct_base, Machine::direct_base, small_caches()},
      {"uncached, data on a device", Machine::direct_base, Machine::device_base, no_caches()},
      {"code on a device", Machine::device_base, Machine::direct_base, small_caches()},
  };
  constexpr unsigned programs = 150;
  unsigned compared = 0;
  for (const Setting& setting : settings) {
    for (std::uint32_t seed = 1; seed <= programs; ++seed) {
      SCOPED_TRACE(testing::Message() << setting.name << ", seed " << seed);
      compared += agree(setting, seed);
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(compared, std::size(settings) * programs / 2) << "too many programs were left out";
}

TEST(Random, EveryCompressedEncodingIsLegalWhereItIsOnThePlainInterpreter) {
  for (std::uint32_t parcel = 0; parcel <= 0xFFFF; ++parcel) {
    if ((parcel & 3) == 3) continue;
    std::array<std::uint8_t, 4> bytes = {static_cast<std::uint8_t>(parcel), static_cast<std::uint8_t>(parcel >> 8)};
    ReferenceHart reference([&](std::uint32_t address) { return &bytes[address % 4]; }, 0);
    const auto trap = reference.step();
    const bool legal = !trap || trap->cause != 2;
    ASSERT_EQ(models::cpu::decode(parcel).opcode != models::cpu::Opcode::illegal, legal) << std::hex << parcel;
  }
}

}  // namespace
}  // namespace lutra::test
