#include "models/cpu/timing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "models/cpu/csr_numbers.h"
#include "models/cpu/decode.h"
#include "software/common/embedded.h"
#include "software/common/error.h"
#include "software/common/nearest.h"
#include "software/common/yaml.h"

namespace lutra::models::cpu {

namespace {

constexpr std::string_view folder = "models/cpu/timing/";
constexpr std::string_view extension = ".yaml";
constexpr std::int64_t most_cycles = 1000;

struct Row {
  std::string_view name;
  std::uint32_t PipelineTiming::*field;
};

constexpr std::array rows = {
    Row{"alu", &PipelineTiming::alu},
    Row{"csr", &PipelineTiming::csr},
    Row{"csr_write", &PipelineTiming::csr_write},
    Row{"load", &PipelineTiming::load},
    Row{"store", &PipelineTiming::store},
    Row{"misaligned_access", &PipelineTiming::misaligned_access},
    Row{"multiply", &PipelineTiming::multiply},
    Row{"multiply_high", &PipelineTiming::multiply_high},
    Row{"divide", &PipelineTiming::divide},
    Row{"divide_by_zero", &PipelineTiming::divide_by_zero},
    Row{"branch_not_taken", &PipelineTiming::branch_not_taken},
    Row{"branch_taken", &PipelineTiming::branch_taken},
    Row{"jump", &PipelineTiming::jump},
    Row{"split_target", &PipelineTiming::split_target},
    Row{"fence", &PipelineTiming::fence},
    Row{"fence_i", &PipelineTiming::fence_i},
    Row{"load_reserved", &PipelineTiming::load_reserved},
    Row{"store_conditional", &PipelineTiming::store_conditional},
    Row{"atomic_operation", &PipelineTiming::atomic_operation},
    Row{"environment", &PipelineTiming::environment},
    Row{"mret", &PipelineTiming::mret},
    Row{"wfi", &PipelineTiming::wfi},
    Row{"wake", &PipelineTiming::wake},
    Row{"wake_to_interrupt", &PipelineTiming::wake_to_interrupt},
    Row{"trap_entry", &PipelineTiming::trap_entry},
    Row{"interrupt_entry", &PipelineTiming::interrupt_entry},
};

std::vector<std::string> row_names() {
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(row.name);
  return names;
}

std::vector<std::string> model_names() {
  std::vector<std::string> names = list_embedded(folder);
  for (std::string& name : names) name = name.substr(folder.size(), name.size() - folder.size() - extension.size());
  return names;
}

}  // namespace

std::uint32_t PipelineTiming::csr_access(std::uint32_t number, bool writes) const {
  return writes && number != csr_mscratch && number != csr_mepc ? csr_write : csr;
}

std::uint32_t PipelineTiming::cycles_of(const Instruction& instruction) const {
  switch (instruction.opcode) {
    case Opcode::mul:
      return multiply;
    case Opcode::lr:
      return load_reserved;
    case Opcode::sc:
      return store_conditional;
    case Opcode::fence:
      return fence;
    case Opcode::fence_i:
      return fence_i;
    case Opcode::mret:
      return mret;
    case Opcode::wfi:
      return wfi;
    default:
      break;
  }
  switch (class_of(instruction.opcode)) {
    case InstructionClass::alu:
      return alu;
    case InstructionClass::multiply:
      return multiply_high;
    case InstructionClass::divide:
      return divide;
    case InstructionClass::load:
      return load;
    case InstructionClass::store:
      return store;
    case InstructionClass::branch:
      return branch_not_taken;
    case InstructionClass::jump:
      return jump;
    case InstructionClass::csr:
      return csr_access(instruction.immediate, writes_csr(instruction.opcode, instruction.rs1));
    case InstructionClass::atomic:
      return atomic_operation;
    case InstructionClass::system:
      return environment;
  }
  return environment;
}

PipelineTiming load_timing(std::string_view name) {
  const std::string path = fmt::format("{}{}{}", folder, name, extension);
  const auto text = find_embedded(path);
  if (!text)
    throw Error(fmt::format("hart timing \"{}\": unknown pipeline model; the models are: {}", name,
                            fmt::join(model_names(), ", ")));
  return parse_timing(*text, path);
}

PipelineTiming parse_timing(std::string_view text, const std::string& file) {
  const YamlDocument document = parse_yaml(text, file);
  const YamlMapping root = YamlReader(document).mapping({"description", "cycles"});
  root.at("description").text();
  const YamlReader cycles = root.at("cycles");
  PipelineTiming timing;
  std::array<bool, rows.size()> seen{};
  for (const auto& [name, value] : cycles.entries()) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&wanted = name](const Row& r) { return r.name == wanted; });
    if (row == rows.end()) {
      const std::string close = nearest(name, row_names());
      value.fail(close.empty() ? fmt::format("unknown row; the rows are: {}", fmt::join(row_names(), ", "))
                               : fmt::format("unknown row; did you mean {}?", close));
    }
    const YamlMapping entry = value.mapping({"cycles", "source"});
    entry.at("source").text();
    timing.*(row->field) = static_cast<std::uint32_t>(entry.at("cycles").integer(1, most_cycles));
    seen[static_cast<std::size_t>(row - rows.begin())] = true;
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!seen[i]) cycles.fail(fmt::format("the row {} is missing", rows[i].name));
  return timing;
}

}  // namespace lutra::models::cpu
