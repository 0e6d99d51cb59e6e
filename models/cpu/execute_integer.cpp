#include <cstdint>

#include "models/cpu/execute.h"
#include "models/cpu/value.h"

namespace lutra::models::cpu {

namespace {

constexpr Value shift_mask = 31;

template <auto operation>
Link* register_register(Core& core, const Op* op) {
  core.x[op->rd] = operation(core.x[op->rs1], core.x[op->rs2]);
  return next(core, op);
}

template <auto operation>
Link* register_immediate(Core& core, const Op* op) {
  core.x[op->rd] = operation(core.x[op->rs1], op->immediate);
  return next(core, op);
}

Link* load_constant(Core& core, const Op* op) {
  core.x[op->rd] = op->immediate;
  return next(core, op);
}

Value add(Value a, Value b) { return a + b; }
Value subtract(Value a, Value b) { return a - b; }
Value shift_left(Value a, Value b) { return a << (b & shift_mask); }
Value shift_right(Value a, Value b) { return a >> (b & shift_mask); }
Value shift_right_signed(Value a, Value b) { return static_cast<Value>(as_signed(a) >> (b & shift_mask)); }
Value less(Value a, Value b) { return as_signed(a) < as_signed(b); }
Value less_unsigned(Value a, Value b) { return a < b; }
Value exclusive_or(Value a, Value b) { return a ^ b; }
Value inclusive_or(Value a, Value b) { return a | b; }
Value conjunction(Value a, Value b) { return a & b; }

}  // namespace

Handler integer_handler(Opcode opcode) {
  switch (opcode) {
    case Opcode::lui:
    case Opcode::auipc:
      return load_constant;
    case Opcode::addi:
      return register_immediate<add>;
    case Opcode::slti:
      return register_immediate<less>;
    case Opcode::sltiu:
      return register_immediate<less_unsigned>;
    case Opcode::xori:
      return register_immediate<exclusive_or>;
    case Opcode::ori:
      return register_immediate<inclusive_or>;
    case Opcode::andi:
      return register_immediate<conjunction>;
    case Opcode::slli:
      return register_immediate<shift_left>;
    case Opcode::srli:
      return register_immediate<shift_right>;
    case Opcode::srai:
      return register_immediate<shift_right_signed>;
    case Opcode::add:
      return register_register<add>;
    case Opcode::sub:
      return register_register<subtract>;
    case Opcode::sll:
      return register_register<shift_left>;
    case Opcode::slt:
      return register_register<less>;
    case Opcode::sltu:
      return register_register<less_unsigned>;
    case Opcode::xor_:
      return register_register<exclusive_or>;
    case Opcode::srl:
      return register_register<shift_right>;
    case Opcode::sra:
      return register_register<shift_right_signed>;
    case Opcode::or_:
      return register_register<inclusive_or>;
    case Opcode::and_:
      return register_register<conjunction>;
    default:
      return nullptr;
  }
}

}  // namespace lutra::models::cpu
