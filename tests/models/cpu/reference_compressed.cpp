#include "tests/models/cpu/reference_hart.h"

namespace lutra::test {

namespace {

using Result = std::optional<ReferenceHart::Trap>;

// Bits of the value that stand, in this order from the highest, at these places of the instruction; -1 is a zero bit.
std::uint32_t gather(std::uint32_t bits, std::initializer_list<int> places) {
  std::uint32_t value = 0;
  for (const int place : places) value = value << 1 | (place < 0 ? 0 : bits >> place & 1);
  return value;
}

std::uint32_t extend(std::uint32_t value, unsigned width) {
  return value >> (width - 1) & 1 ? value | ~0u << width : value;
}

std::uint32_t imm6(std::uint32_t bits) { return extend(gather(bits, {12, 6, 5, 4, 3, 2}), 6); }

}  // namespace

Result ReferenceHart::compressed(std::uint32_t bits) {
  if (bits % 4 == 0) return quadrant_0(bits);
  return bits % 4 == 1 ? quadrant_1(bits) : quadrant_2(bits);
}

Result ReferenceHart::quadrant_0(std::uint32_t bits) {
  const unsigned low = 8 + gather(bits, {4, 3, 2});
  const std::uint32_t base = x[8 + gather(bits, {9, 8, 7})];
  const std::uint32_t offset = gather(bits, {5, 12, 11, 10, 6, -1, -1});
  switch (bits >> 13) {
    case 0: {
      const std::uint32_t step = gather(bits, {10, 9, 8, 7, 12, 11, 5, 6, -1, -1});
      if (step == 0) return illegal(bits);
      x[low] = x[2] + step;
      return std::nullopt;
    }
    case 2:
      return load(low, base + offset, 2);
    case 6:
      return store(base + offset, 4, x[low]);
    default:
      return illegal(bits);
  }
}

Result ReferenceHart::quadrant_1(std::uint32_t bits) {
  const unsigned rd = gather(bits, {11, 10, 9, 8, 7});
  const unsigned low = 8 + gather(bits, {9, 8, 7});
  const std::uint32_t jump = extend(gather(bits, {12, 8, 10, 9, 6, 7, 2, 11, 5, 4, 3, -1}), 12);
  const std::uint32_t branch = extend(gather(bits, {12, 6, 5, 2, 11, 10, 4, 3, -1}), 9);
  switch (bits >> 13) {
    case 0:
      set(rd, x[rd] + imm6(bits));
      return std::nullopt;
    case 1:
      x[1] = next_;
      next_ = pc_ + jump;
      return std::nullopt;
    case 2:
      set(rd, imm6(bits));
      return std::nullopt;
    case 3:
      if (imm6(bits) == 0) return illegal(bits);
      if (rd == 2)
        x[2] += extend(gather(bits, {12, 4, 3, 5, 2, 6, -1, -1, -1, -1}), 10);
      else
        set(rd, imm6(bits) << 12);
      return std::nullopt;
    case 5:
      next_ = pc_ + jump;
      return std::nullopt;
    case 6:
      if (x[low] == 0) next_ = pc_ + branch;
      return std::nullopt;
    case 7:
      if (x[low] != 0) next_ = pc_ + branch;
      return std::nullopt;
    default:
      break;
  }
  const unsigned amount = gather(bits, {12, 6, 5, 4, 3, 2});
  const std::uint32_t other = x[8 + gather(bits, {4, 3, 2})];
  const unsigned kind = gather(bits, {11, 10});
  if ((kind < 2 && amount > 31) || (kind == 3 && bits >> 12 & 1)) return illegal(bits);
  if (kind == 0) x[low] >>= amount;
  if (kind == 1) x[low] = static_cast<std::uint32_t>(static_cast<std::int32_t>(x[low]) >> amount);
  if (kind == 2) x[low] &= imm6(bits);
  if (kind == 3) {
    const std::uint32_t results[4] = {x[low] - other, x[low] ^ other, x[low] | other, x[low] & other};
    x[low] = results[gather(bits, {6, 5})];
  }
  return std::nullopt;
}

Result ReferenceHart::quadrant_2(std::uint32_t bits) {
  const unsigned rd = gather(bits, {11, 10, 9, 8, 7});
  const unsigned rs2 = gather(bits, {6, 5, 4, 3, 2});
  const bool bit_12 = bits >> 12 & 1;
  switch (bits >> 13) {
    case 0:
      if (bit_12) return illegal(bits);
      set(rd, x[rd] << rs2);
      return std::nullopt;
    case 2:
      if (rd == 0) return illegal(bits);
      return load(rd, x[2] + gather(bits, {3, 2, 12, 6, 5, 4, -1, -1}), 2);
    case 4:
      if (rs2 != 0) {
        set(rd, (bit_12 ? x[rd] : 0) + x[rs2]);
        return std::nullopt;
      }
      if (rd == 0) return bit_12 ? Result{Trap{3, pc_, pc_}} : illegal(bits);
      {
        const std::uint32_t target = x[rd] & ~1u;
        if (bit_12) x[1] = next_;
        next_ = target;
      }
      return std::nullopt;
    case 6:
      return store(x[2] + gather(bits, {8, 7, 12, 11, 10, 9, -1, -1}), 4, x[rs2]);
    default:
      return illegal(bits);
  }
}

}  // namespace lutra::test
