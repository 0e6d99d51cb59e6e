#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lutra::models {

// A statically linked ELF32 little-endian RISC-V executable, as far as running it needs.
struct ElfSegment {
  std::uint32_t address = 0;          // physical
  std::uint32_t memory_bytes = 0;     // what the file does not fill is zero
  std::vector<std::uint8_t> content;  // at most memory_bytes
};

struct ElfImage {
  std::string name;  // for messages
  std::uint32_t entry = 0;
  std::vector<ElfSegment> segments;
  // Addresses of these symbols, where there are such.
  std::optional<std::uint32_t> tohost;
  std::optional<std::uint32_t> fromhost;
  std::optional<std::uint32_t> begin_signature;
  std::optional<std::uint32_t> end_signature;
};

// Throws Error naming the file and what is wrong with it. Files of more than 256 MiB, and segments that take more than
// the file has, are refused.
ElfImage parse_elf(std::span<const std::uint8_t> file, const std::string& name);
ElfImage read_elf(const std::filesystem::path& path);

}  // namespace lutra::models
