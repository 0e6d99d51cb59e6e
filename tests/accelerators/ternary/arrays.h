#pragma once

#include <memory>
#include <string>

#include "accelerators/ternary/ternary.h"

namespace lutra::test {

inline accelerators::EngineConfig ternary_array(const std::string& variant = "", const std::string& skipping = "") {
  accelerators::EngineConfig config;
  config.family = "ternary";
  config.pipeline = 16;  // a register behind every step
  config.variant = variant;
  if (!skipping.empty()) config.options["zero_skipping"] = skipping;
  return config;
}

inline network::ActivationEncoding codes_of(int bits, bool is_signed = false) {
  network::ActivationEncoding encoding;
  encoding.bits = bits;
  encoding.is_signed = is_signed;
  return encoding;
}

inline network::ActivationEncoding ternary_codes() {
  network::ActivationEncoding encoding = codes_of(2, true);
  encoding.is_ternary = true;
  return encoding;
}

}  // namespace lutra::test
