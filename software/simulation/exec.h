#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>

#include "accelerators/family/engine_config.h"
#include "models/base/soc_config.h"
#include "models/soc/elf.h"
#include "models/soc/exec.h"

namespace lutra::simulation {

// models::exec_elf on a SoC with this engine, where there is one; `options.attach` is not used.
models::ExecResult exec(const models::SocConfig& soc, const std::optional<accelerators::EngineConfig>& engine,
                        const models::ElfImage& image, models::ExecOptions options, std::ostream& console);

// README.md documents the fields. `program` names the file that ran.
std::string to_json(const models::ExecResult& result, const std::string& program, const models::SocConfig& soc);

// The signature as the public architecture tests compare it: a 32-bit word a line, eight digits in lower case.
std::string signature_text(const models::ExecResult& result);

}  // namespace lutra::simulation
