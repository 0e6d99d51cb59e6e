#include "models/cpu/execute.h"

namespace lutra::models::cpu {

Handler handler_of(Opcode opcode) {
  for (const auto find : {integer_handler, multiply_handler, memory_handler, control_handler})
    if (const Handler handler = find(opcode)) return handler;
  return system_handler(opcode);
}

}  // namespace lutra::models::cpu
