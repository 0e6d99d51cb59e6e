#include "models/soc/exec_result.h"

namespace lutra::models {

const char* name_of(ExecEnd end) {
  switch (end) {
    case ExecEnd::exit_device:
      return "exit_device";
    case ExecEnd::tohost:
      return "tohost";
    case ExecEnd::exit_call:
      return "exit_call";
    case ExecEnd::instruction_limit:
      return "instruction_limit";
    case ExecEnd::halted:
      return "halted";
    case ExecEnd::starved:
      return "starved";
    case ExecEnd::interrupted:
      return "interrupted";
  }
  return "";
}

bool is_own_end(ExecEnd end) {
  return end == ExecEnd::exit_device || end == ExecEnd::tohost || end == ExecEnd::exit_call;
}

}  // namespace lutra::models
