#include "models/cpu/instruction_memory.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "models/cpu/value.h"

namespace lutra::models::cpu {

namespace {

constexpr std::uint32_t parcel_bytes = 2;

std::uint16_t read_parcel(const std::uint8_t* from) {
  std::uint16_t parcel;
  std::memcpy(&parcel, from, sizeof parcel);
  return parcel;
}

}  // namespace

InstructionMemory::InstructionMemory(Core& core, LocalTime& time, Bus& bus, DirectRegions& regions,
                                     const CacheConfig& config)
    : core_(core), time_(time), bus_(bus), regions_(regions), cache_(config, "hart instruction_cache") {}

const std::uint8_t* InstructionMemory::tcm_at(std::uint32_t address) const {
  const std::uint32_t offset = address - core_.tcm_base;
  return std::uint64_t{offset} + parcel_bytes <= core_.tcm_load_bytes ? core_.tcm + offset : nullptr;
}

FetchPath InstructionMemory::path(std::uint32_t address) const {
  if (tcm_at(address)) return FetchPath::tcm;
  const std::uint32_t line = cache_.line_of(address);
  if (cache_.exists() && regions_.find(line, line + (cache_.line_bytes() - 1))) return FetchPath::cache;
  return FetchPath::bus;
}

std::optional<std::uint16_t> InstructionMemory::parcel(std::uint32_t address) const {
  if (const std::uint8_t* tcm = tcm_at(address)) return read_parcel(tcm);
  if (const DirectMemory* region = regions_.find(address, address + (parcel_bytes - 1)))
    return read_parcel(region->data + (address - region->first));
  std::array<std::uint8_t, parcel_bytes> data{};
  if (bus_.peek(address, data) != data.size()) return std::nullopt;
  return read_parcel(data.data());
}

bool InstructionMemory::transfer(std::uint32_t address, std::uint32_t bytes) {
  std::array<std::uint8_t, most_line_bytes> data;
  const Stall stall(time_, Activity::instruction_fetch_stall);
  return bus_.read(address, std::span(data).first(bytes));
}

bool InstructionMemory::fetch_lines(std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t line = first;; line += cache_.line_bytes()) {
    if (cache_.front(line).address == line || cache_.touch(line)) {
      ++hits_;
    } else {
      ++misses_;
      fault_address_ = line;
      if (!transfer(line, cache_.line_bytes())) return false;
      cache_.insert(line);
    }
    if (line == last) return true;
  }
}

bool InstructionMemory::fetch_words(const Block& block) {
  const std::uint32_t last = (block.end - 1) & ~(word_bytes - 1);
  for (std::uint32_t word = block.pc & ~(word_bytes - 1);; word += word_bytes) {
    if (word != last_word_ && !tcm_at(word)) {
      fault_address_ = std::max(word, block.pc);
      last_word_.reset();
      if (!transfer(word, word_bytes)) return false;
      last_word_ = word;
    }
    if (word == last) return true;
  }
}

void InstructionMemory::forget_all() {
  cache_.clear();
  last_word_.reset();
}

}  // namespace lutra::models::cpu
