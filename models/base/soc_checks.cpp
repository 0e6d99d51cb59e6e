#include "models/base/soc_checks.h"

#include <fmt/format.h>

namespace lutra::models {

std::string contradiction(const SocConfig& soc) {
  const std::uint32_t burst = soc.interconnect.max_burst_bytes;
  const auto longer = [&](const char* knob, std::uint32_t bytes, const char* what) {
    return fmt::format("{} {} is more than interconnect.max_burst_bytes {}, and {} is one burst", knob, bytes, burst,
                       what);
  };
  const CacheConfig& instructions = soc.hart.instruction_cache;
  const CacheConfig& data = soc.hart.data_cache;
  if (soc.interconnect.width_bytes > burst)
    return longer("interconnect.width_bytes", soc.interconnect.width_bytes, "a beat");
  if (instructions.bytes > 0 && instructions.line_bytes > burst)
    return longer("hart.instruction_cache.line_bytes", instructions.line_bytes, "a line");
  if (data.bytes > 0 && data.line_bytes > burst) return longer("hart.data_cache.line_bytes", data.line_bytes, "a line");
  return "";
}

}  // namespace lutra::models
