#include "tests/models/cpu/reference_hart.h"

namespace lutra::test {

namespace {

using Result = std::optional<ReferenceHart::Trap>;

std::uint32_t bits_of(std::uint32_t word, unsigned high, unsigned low) {
  return static_cast<std::uint32_t>((std::uint64_t{word} >> low) & ((std::uint64_t{1} << (high - low + 1)) - 1));
}

std::int64_t signed_bits(std::uint32_t value, unsigned width) {
  const std::int64_t wide = value;
  return wide >= (std::int64_t{1} << (width - 1)) ? wide - (std::int64_t{1} << width) : wide;
}

std::uint32_t cut(std::int64_t value) { return static_cast<std::uint32_t>(value); }

std::int64_t as_signed(std::uint32_t value) { return signed_bits(value, 32); }

}  // namespace

std::optional<std::uint32_t> ReferenceHart::fetch(std::uint32_t address, unsigned bytes) const {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    const std::uint8_t* byte = memory_(address + i);
    if (!byte) return std::nullopt;
    value |= std::uint32_t{*byte} << 8 * i;
  }
  return value;
}

Result ReferenceHart::step() {
  const auto low = fetch(pc_, 2);
  if (!low) return Trap{1, pc_, pc_};
  Result trap;
  if (*low % 4 == 3) {
    const auto high = fetch(pc_ + 2, 2);
    if (!high) return Trap{1, pc_, pc_ + 2};
    next_ = pc_ + 4;
    trap = word_instruction(*high << 16 | *low);
  } else {
    next_ = pc_ + 2;
    trap = compressed(*low);
  }
  if (!trap) pc_ = next_;
  return trap;
}

Result ReferenceHart::load(unsigned rd, std::uint32_t address, unsigned funct3) {
  const unsigned bytes = 1u << funct3 % 4;
  const auto value = fetch(address, bytes);
  if (!value) return Trap{5, pc_, address};
  set(rd, funct3 < 4 ? cut(signed_bits(*value, 8 * bytes)) : *value);
  return std::nullopt;
}

Result ReferenceHart::store(std::uint32_t address, unsigned bytes, std::uint32_t value) {
  if (!fetch(address, bytes)) return Trap{7, pc_, address};
  for (unsigned i = 0; i < bytes; ++i) *memory_(address + i) = static_cast<std::uint8_t>(value >> 8 * i);
  return std::nullopt;
}

Result ReferenceHart::word_instruction(std::uint32_t bits) {
  const unsigned rd = bits_of(bits, 11, 7);
  const unsigned funct3 = bits_of(bits, 14, 12);
  const std::uint32_t a = x[bits_of(bits, 19, 15)];
  const std::uint32_t b = x[bits_of(bits, 24, 20)];
  switch (bits_of(bits, 6, 0)) {
    case 0b0110111:
      set(rd, bits & 0xFFFFF000u);
      return std::nullopt;
    case 0b0010111:
      set(rd, pc_ + (bits & 0xFFFFF000u));
      return std::nullopt;
    case 0b1101111: {
      const std::uint32_t offset = bits_of(bits, 31, 31) << 20 | bits_of(bits, 19, 12) << 12 |
                                   bits_of(bits, 20, 20) << 11 | bits_of(bits, 30, 21) << 1;
      set(rd, next_);
      next_ = pc_ + cut(signed_bits(offset, 21));
      return std::nullopt;
    }
    case 0b1100111: {
      if (funct3 != 0) return illegal(bits);
      const std::uint32_t target = a + cut(signed_bits(bits_of(bits, 31, 20), 12));
      set(rd, next_);
      next_ = target - target % 2;
      return std::nullopt;
    }
    case 0b1100011: {
      if (funct3 == 2 || funct3 == 3) return illegal(bits);
      const std::uint32_t offset = bits_of(bits, 31, 31) << 12 | bits_of(bits, 7, 7) << 11 |
                                   bits_of(bits, 30, 25) << 5 | bits_of(bits, 11, 8) << 1;
      const bool holds = funct3 < 2 ? a == b : funct3 < 6 ? as_signed(a) < as_signed(b) : a < b;
      if (holds != (funct3 % 2 == 1)) next_ = pc_ + cut(signed_bits(offset, 13));
      return std::nullopt;
    }
    case 0b0000011:
      if (funct3 == 3 || funct3 > 5) return illegal(bits);
      return load(rd, a + cut(signed_bits(bits_of(bits, 31, 20), 12)), funct3);
    case 0b0100011: {
      if (funct3 > 2) return illegal(bits);
      const std::uint32_t offset = bits_of(bits, 31, 25) << 5 | bits_of(bits, 11, 7);
      return store(a + cut(signed_bits(offset, 12)), 1u << funct3, b);
    }
    case 0b0010011:
      return immediate_operation(bits);
    case 0b0110011:
      return operation(bits);
    case 0b0101111:
      return atomic(bits);
    case 0b0001111:
      return funct3 <= 1 ? Result{} : illegal(bits);
    case 0b1110011:
      if (bits == 0x00000073) return Trap{11, pc_, 0};
      if (bits == 0x00100073) return Trap{3, pc_, pc_};
      return illegal(bits);
    default:
      return illegal(bits);
  }
}

Result ReferenceHart::immediate_operation(std::uint32_t bits) {
  const unsigned rd = bits_of(bits, 11, 7);
  const std::uint32_t a = x[bits_of(bits, 19, 15)];
  const std::uint32_t immediate = cut(signed_bits(bits_of(bits, 31, 20), 12));
  const unsigned amount = bits_of(bits, 24, 20);
  const unsigned upper = bits_of(bits, 31, 25);
  switch (bits_of(bits, 14, 12)) {
    case 0:
      set(rd, a + immediate);
      return std::nullopt;
    case 1:
      if (upper != 0) return illegal(bits);
      set(rd, a << amount);
      return std::nullopt;
    case 2:
      set(rd, as_signed(a) < as_signed(immediate) ? 1 : 0);
      return std::nullopt;
    case 3:
      set(rd, a < immediate ? 1 : 0);
      return std::nullopt;
    case 4:
      set(rd, a ^ immediate);
      return std::nullopt;
    case 5:
      if (upper != 0 && upper != 0b0100000) return illegal(bits);
      set(rd, upper == 0 ? a >> amount : cut(as_signed(a) >> amount));
      return std::nullopt;
    case 6:
      set(rd, a | immediate);
      return std::nullopt;
    default:
      set(rd, a & immediate);
      return std::nullopt;
  }
}

Result ReferenceHart::operation(std::uint32_t bits) {
  const unsigned rd = bits_of(bits, 11, 7);
  const std::uint32_t a = x[bits_of(bits, 19, 15)];
  const std::uint32_t b = x[bits_of(bits, 24, 20)];
  const unsigned amount = b % 32;
  const std::uint32_t all_ones = 0xFFFFFFFFu;
  switch (bits_of(bits, 31, 25) << 4 | bits_of(bits, 14, 12)) {
    case 0x000:
      set(rd, a + b);
      break;
    case 0x200:
      set(rd, a - b);
      break;
    case 0x001:
      set(rd, a << amount);
      break;
    case 0x002:
      set(rd, as_signed(a) < as_signed(b) ? 1 : 0);
      break;
    case 0x003:
      set(rd, a < b ? 1 : 0);
      break;
    case 0x004:
      set(rd, a ^ b);
      break;
    case 0x005:
      set(rd, a >> amount);
      break;
    case 0x205:
      set(rd, cut(as_signed(a) >> amount));
      break;
    case 0x006:
      set(rd, a | b);
      break;
    case 0x007:
      set(rd, a & b);
      break;
    case 0x010:
      set(rd, static_cast<std::uint32_t>(std::uint64_t{a} * b));
      break;
    case 0x011:
      set(rd, cut((as_signed(a) * as_signed(b)) >> 32));
      break;
    case 0x012:
      set(rd, cut((as_signed(a) * std::int64_t{b}) >> 32));
      break;
    case 0x013:
      set(rd, static_cast<std::uint32_t>((std::uint64_t{a} * b) >> 32));
      break;
    case 0x014:  // in 64 bits the overflow of div is none
      set(rd, b == 0 ? all_ones : cut(as_signed(a) / as_signed(b)));
      break;
    case 0x015:
      set(rd, b == 0 ? all_ones : a / b);
      break;
    case 0x016:
      set(rd, b == 0 ? a : cut(as_signed(a) % as_signed(b)));
      break;
    case 0x017:
      set(rd, b == 0 ? a : a % b);
      break;
    default:
      return illegal(bits);
  }
  return std::nullopt;
}

Result ReferenceHart::atomic(std::uint32_t bits) {
  const unsigned rd = bits_of(bits, 11, 7);
  const unsigned what = bits_of(bits, 31, 27);
  const unsigned source = bits_of(bits, 24, 20);
  const std::uint32_t address = x[bits_of(bits, 19, 15)];
  const std::uint32_t b = x[source];
  const bool is_lr = what == 2;
  const bool known = what < 4 || what == 4 || what == 8 || what == 12 || (what >= 16 && what % 4 == 0);
  if (bits_of(bits, 14, 12) != 2 || !known || (is_lr && source != 0)) return illegal(bits);
  if (address % 4 != 0) return Trap{is_lr ? 4u : 6u, pc_, address};
  if (what == 3) {
    const bool succeeds = reserved_ == address && fetch(address, 4) == reserved_word_;
    reserved_.reset();
    if (succeeds)
      if (const Result trap = store(address, 4, b)) return trap;
    set(rd, succeeds ? 0 : 1);
    return std::nullopt;
  }
  const auto old = fetch(address, 4);
  if (!old) return Trap{is_lr ? 5u : 7u, pc_, address};
  std::uint32_t result = b;
  const bool less = what < 24 ? as_signed(*old) < as_signed(b) : *old < b;
  switch (what) {
    case 0:
      result = *old + b;
      break;
    case 4:
      result = *old ^ b;
      break;
    case 8:
      result = *old | b;
      break;
    case 12:
      result = *old & b;
      break;
    case 16:
    case 24:
      result = less ? *old : b;
      break;
    case 20:
    case 28:
      result = less ? b : *old;
      break;
    default:
      break;
  }
  if (is_lr) {
    reserved_ = address;
    reserved_word_ = *old;
  } else {
    store(address, 4, result);
  }
  set(rd, *old);
  return std::nullopt;
}

}  // namespace lutra::test
