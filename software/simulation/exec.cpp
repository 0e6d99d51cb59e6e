#include "software/simulation/exec.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "software/simulation/attach_engine.h"

namespace lutra::simulation {

namespace {

constexpr int exec_schema_version = 1;

std::string hexadecimal(std::uint32_t word) { return fmt::format("0x{:08x}", word); }

}  // namespace

models::ExecResult exec(const models::SocConfig& soc, const std::optional<accelerators::EngineConfig>& engine,
                        const models::ElfImage& image, models::ExecOptions options, std::ostream& console) {
  if (engine) options.attach = [&](models::Soc& built) { return std::shared_ptr(attach_engine(built, *engine)); };
  return models::exec_elf(soc, image, options, console);
}

std::string to_json(const models::ExecResult& result, const std::string& program, const models::SocConfig& soc) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["exec_schema_version"] = exec_schema_version;
  json["program"] = program;
  json["end"] = models::name_of(result.end);
  json["exit_code"] = result.exit_code;
  json["message"] = result.message;
  json["clock_mhz"] = soc.clock_mhz;
  json["cycles"] = result.cycles;
  json["instructions"] = result.instructions;
  json["pc"] = hexadecimal(result.pc);
  for (std::size_t i = 0; i < result.registers.size(); ++i)
    json["registers"][fmt::format("x{}", i)] = hexadecimal(result.registers[i]);
  for (std::size_t i = 0; i < result.counters.size(); ++i)
    json["counters"][result.counters[i].component][result.counters[i].event] = result.counts[i];
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string signature_text(const models::ExecResult& result) {
  std::string text;
  for (const std::uint32_t word : result.signature) text += fmt::format("{:08x}\n", word);
  return text;
}

}  // namespace lutra::simulation
