#include <gtest/gtest.h>

#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

constexpr std::uint32_t lowest = 0x80000000u;
constexpr std::uint32_t minus_1 = 0xFFFFFFFFu;

using RegisterOperation = std::uint32_t (*)(Register, Register, Register);
using ImmediateOperation = std::uint32_t (*)(Register, Register, int);

std::uint32_t apply(RegisterOperation operation, std::uint32_t a, std::uint32_t b) {
  return result_of(rv::li(a1, a) << rv::li(a2, b) << operation(a0, a1, a2));
}

std::uint32_t apply_immediate(ImmediateOperation operation, std::uint32_t a, int immediate) {
  return result_of(rv::li(a1, a) << operation(a0, a1, immediate));
}

TEST(Integer, AddAndSubtractWrap) {
  EXPECT_EQ(apply(rv::add, 2, 3), 5u);
  EXPECT_EQ(apply(rv::add, minus_1, 1), 0u);
  EXPECT_EQ(apply(rv::add, 0x7FFFFFFF, 1), lowest);
  EXPECT_EQ(apply(rv::sub, 2, 3), minus_1);
  EXPECT_EQ(apply(rv::sub, lowest, 1), 0x7FFFFFFFu);
}

TEST(Integer, ShiftsTakeFiveBitsOfTheAmount) {
  EXPECT_EQ(apply(rv::sll, 1, 31), lowest);
  EXPECT_EQ(apply(rv::sll, 1, 33), 2u);
  EXPECT_EQ(apply(rv::srl, lowest, 31), 1u);
  EXPECT_EQ(apply(rv::srl, lowest, 32), lowest);
  EXPECT_EQ(apply(rv::sra, lowest, 31), minus_1);
  EXPECT_EQ(apply(rv::sra, 0x40000000, 30), 1u);
  EXPECT_EQ(apply(rv::sra, lowest, 0xFFFFFFE1), 0xC0000000u);
}

TEST(Integer, ComparisonsDistinguishSignedFromUnsigned) {
  EXPECT_EQ(apply(rv::slt, minus_1, 0), 1u);
  EXPECT_EQ(apply(rv::slt, 0, minus_1), 0u);
  EXPECT_EQ(apply(rv::slt, lowest, 0x7FFFFFFF), 1u);
  EXPECT_EQ(apply(rv::sltu, minus_1, 0), 0u);
  EXPECT_EQ(apply(rv::sltu, 0, minus_1), 1u);
  EXPECT_EQ(apply(rv::sltu, 7, 7), 0u);
}

TEST(Integer, LogicActsOnEveryBit) {
  EXPECT_EQ(apply(rv::xor_, 0xFF00FF00, 0x0FF00FF0), 0xF0F0F0F0u);
  EXPECT_EQ(apply(rv::or_, 0xFF00FF00, 0x0FF00FF0), 0xFFF0FFF0u);
  EXPECT_EQ(apply(rv::and_, 0xFF00FF00, 0x0FF00FF0), 0x0F000F00u);
}

TEST(Integer, ImmediatesAreSignExtended) {
  EXPECT_EQ(apply_immediate(rv::addi, 10, -2048), static_cast<std::uint32_t>(10 - 2048));
  EXPECT_EQ(apply_immediate(rv::addi, 10, 2047), 2057u);
  EXPECT_EQ(apply_immediate(rv::slti, minus_1, 0), 1u);
  EXPECT_EQ(apply_immediate(rv::slti, 0, -1), 0u);
  EXPECT_EQ(apply_immediate(rv::sltiu, 0, -1), 1u);  // against 0xffffffff
  EXPECT_EQ(apply_immediate(rv::sltiu, 0, 1), 1u);
  EXPECT_EQ(apply_immediate(rv::xori, 0x0F0F0F0F, -1), 0xF0F0F0F0u);
  EXPECT_EQ(apply_immediate(rv::ori, 1, -16), 0xFFFFFFF1u);
  EXPECT_EQ(apply_immediate(rv::andi, 0x12345678, -256), 0x12345600u);
}

TEST(Integer, ImmediatesShift) {
  EXPECT_EQ(apply_immediate(rv::slli, 3, 30), 0xC0000000u);
  EXPECT_EQ(apply_immediate(rv::srli, lowest, 4), 0x08000000u);
  EXPECT_EQ(apply_immediate(rv::srai, lowest, 4), 0xF8000000u);
  EXPECT_EQ(apply_immediate(rv::srai, 5, 0), 5u);
}

TEST(Integer, UpperImmediatesFillTheUpperBits) {
  EXPECT_EQ(result_of({rv::lui(a0, 0xFFFFF)}), 0xFFFFF000u);
  EXPECT_EQ(result_of({rv::nop, rv::auipc(a0, 0)}), Machine::tcm_base + 4);
  EXPECT_EQ(result_of({rv::auipc(a0, 0xFFFFF)}), Machine::tcm_base - 0x1000);
}

TEST(Integer, RegisterZeroStaysZero) {
  const Program program = rv::li(a1, 7) << rv::add(zero, a1, a1) << rv::lui(zero, 5) << rv::addi(zero, zero, 1)
                                        << rv::mul(zero, a1, a1) << rv::add(a0, zero, zero);
  EXPECT_EQ(result_of(program), 0u);
}

TEST(Integer, ARegisterMayBeSourceAndDestination) { EXPECT_EQ(result_of(rv::li(a0, 21) << rv::add(a0, a0, a0)), 42u); }

TEST(Integer, FenceDoesNothing) { EXPECT_EQ(result_of({rv::addi(a0, zero, 3), rv::fence, rv::addi(a0, a0, 1)}), 4u); }

TEST(Multiply, GivesLowAndHighHalves) {
  EXPECT_EQ(apply(rv::mul, 0x10001, 0x10001), 0x00020001u);
  EXPECT_EQ(apply(rv::mul, minus_1, minus_1), 1u);
  EXPECT_EQ(apply(rv::mulh, minus_1, minus_1), 0u);
  EXPECT_EQ(apply(rv::mulh, lowest, lowest), 0x40000000u);
  EXPECT_EQ(apply(rv::mulh, lowest, 0x7FFFFFFF), 0xC0000000u);
  EXPECT_EQ(apply(rv::mulhu, minus_1, minus_1), 0xFFFFFFFEu);
  EXPECT_EQ(apply(rv::mulhsu, minus_1, minus_1), minus_1);
  EXPECT_EQ(apply(rv::mulhsu, lowest, minus_1), lowest);
  EXPECT_EQ(apply(rv::mulhsu, 0x7FFFFFFF, minus_1), 0x7FFFFFFEu);
}

TEST(Divide, RoundsTowardsZero) {
  const auto minus = [](int value) { return static_cast<std::uint32_t>(-value); };
  EXPECT_EQ(apply(rv::div, 20, minus(6)), minus(3));
  EXPECT_EQ(apply(rv::div, minus(20), 6), minus(3));
  EXPECT_EQ(apply(rv::div, minus(20), minus(6)), 3u);
  EXPECT_EQ(apply(rv::rem, 20, minus(6)), 2u);
  EXPECT_EQ(apply(rv::rem, minus(20), 6), minus(2));
  EXPECT_EQ(apply(rv::divu, minus(20), 6), 715827879u);
  EXPECT_EQ(apply(rv::remu, minus(20), 6), 2u);
}

TEST(Divide, ByZeroGivesAllOnesAndTheDividend) {
  EXPECT_EQ(apply(rv::div, 5, 0), minus_1);
  EXPECT_EQ(apply(rv::divu, 5, 0), minus_1);
  EXPECT_EQ(apply(rv::rem, 5, 0), 5u);
  EXPECT_EQ(apply(rv::remu, 5, 0), 5u);
}

TEST(Divide, OverflowGivesTheDividendAndZero) {
  EXPECT_EQ(apply(rv::div, lowest, minus_1), lowest);
  EXPECT_EQ(apply(rv::rem, lowest, minus_1), 0u);
  EXPECT_EQ(apply(rv::divu, lowest, minus_1), 0u);
  EXPECT_EQ(apply(rv::remu, lowest, minus_1), lowest);
}

}  // namespace
}  // namespace lutra::test
