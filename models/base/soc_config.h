#pragma once

#include <cstdint>
#include <string>

namespace lutra::models {

// A tag-only cache: timing from tags, data always in memory. Write-back, write-allocate, least recently used.
struct CacheConfig {
  std::uint32_t bytes = 16384;  // 0: no cache
  std::uint32_t ways = 2;
  std::uint32_t line_bytes = 32;
};

struct HartConfig {
  std::string timing = "ibex";  // a pipeline timing model, `models/cpu/timing/<name>.yaml`
  CacheConfig instruction_cache;
  CacheConfig data_cache;
  std::uint32_t quantum_instructions = 1000;  // how far the hart may run ahead on its own memories
};

enum class Arbitration {
  round_robin,
  fixed,  // the order initiators are attached in
};

struct InterconnectConfig {
  std::uint32_t width_bytes = 8;     // per cycle and direction
  std::uint32_t latency_cycles = 2;  // request path, and again response path
  std::uint32_t max_burst_bytes = 256;
  std::uint32_t port_depth = 8;  // bursts a target port takes, per direction, before the oldest has ended
  Arbitration arbitration = Arbitration::round_robin;
};

struct SramConfig {
  std::uint32_t bytes = 64u << 10;
  std::uint32_t latency_cycles = 1;
};

struct MainMemoryConfig {
  std::string kind = "lpddr4";  // `models/dram/timing/<kind>.yaml`, or "sram"
  std::uint32_t bytes = 64u << 20;
  bool bank_xor = true;             // DramTiming::bank_xor; static RAM has no banks
  std::uint32_t refresh_phase = 0;  // DramTiming::refresh_phase
};

struct SocConfig {
  double clock_mhz = 200.0;  // 0, "auto", until the scenario is read
  HartConfig hart;
  std::uint32_t tcm_bytes = 128u << 10;
  InterconnectConfig interconnect;
  SramConfig sram;
  MainMemoryConfig main_memory;
};

}  // namespace lutra::models
