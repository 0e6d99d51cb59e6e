#include <cstdint>

#include "models/cpu/execute.h"
#include "models/cpu/value.h"

namespace lutra::models::cpu {

namespace {

constexpr Value most_negative = 1u << 31;
constexpr Value minus_one = ~0u;

std::int64_t wide(Value value) { return static_cast<std::int32_t>(value); }

Value multiply(Value a, Value b) { return a * b; }
Value multiply_high(Value a, Value b) { return high(static_cast<std::uint64_t>(wide(a) * wide(b))); }
Value multiply_high_mixed(Value a, Value b) { return high(static_cast<std::uint64_t>(wide(a)) * b); }
Value multiply_high_unsigned(Value a, Value b) { return high(std::uint64_t{a} * b); }

// RISC-V Unprivileged ISA 20191213, table 7.1: division by zero and overflow have results, not traps.
Value divide(Value a, Value b) {
  if (b == 0) return minus_one;
  if (a == most_negative && b == minus_one) return a;
  return static_cast<Value>(as_signed(a) / as_signed(b));
}
Value divide_unsigned(Value a, Value b) { return b == 0 ? minus_one : a / b; }
Value remainder(Value a, Value b) {
  if (b == 0) return a;
  if (a == most_negative && b == minus_one) return 0;
  return static_cast<Value>(as_signed(a) % as_signed(b));
}
Value remainder_unsigned(Value a, Value b) { return b == 0 ? a : a % b; }

template <auto operation>
Link* multiplication(Core& core, const Op* op) {
  core.x[op->rd] = operation(core.x[op->rs1], core.x[op->rs2]);
  return next(core, op);
}

template <auto operation>
Link* division(Core& core, const Op* op) {
  const Value divisor = core.x[op->rs2];
  if (divisor == 0) core.cycles += core.divide_by_zero_cycles;
  core.x[op->rd] = operation(core.x[op->rs1], divisor);
  return next(core, op);
}

}  // namespace

Handler multiply_handler(Opcode opcode) {
  switch (opcode) {
    case Opcode::mul:
      return multiplication<multiply>;
    case Opcode::mulh:
      return multiplication<multiply_high>;
    case Opcode::mulhsu:
      return multiplication<multiply_high_mixed>;
    case Opcode::mulhu:
      return multiplication<multiply_high_unsigned>;
    case Opcode::div:
      return division<divide>;
    case Opcode::divu:
      return division<divide_unsigned>;
    case Opcode::rem:
      return division<remainder>;
    case Opcode::remu:
      return division<remainder_unsigned>;
    default:
      return nullptr;
  }
}

}  // namespace lutra::models::cpu
