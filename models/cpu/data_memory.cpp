#include "models/cpu/data_memory.h"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "models/cpu/value.h"

namespace lutra::models::cpu {

static_assert(std::endian::native == std::endian::little, "the hart's memory is read and written in host order");

namespace {

// Of a load or store without wait states, the cycle in which the response comes; a bus transaction takes its place.
constexpr std::uint32_t response_cycles = 1;

std::uint32_t read_bytes(const std::uint8_t* from, std::uint32_t bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, from, bytes);
  return value;
}

bool lies_in_one_word(std::uint32_t address, std::uint32_t bytes) { return address % word_bytes + bytes <= word_bytes; }

std::uint32_t low_bytes(std::uint32_t value, std::uint32_t bytes) {
  return bytes >= word_bytes ? value : value & ((1u << 8 * bytes) - 1);
}

}  // namespace

DataMemory::DataMemory(Core& core, LocalTime& time, Bus& bus, DirectRegions& regions, const CacheConfig& config,
                       const PipelineTiming& timing)
    : core_(core),
      time_(time),
      bus_(bus),
      regions_(regions),
      cache_(config, "hart data_cache"),
      misaligned_cycles_(timing.misaligned_access) {
  core_.lines = cache_.fronts();
  core_.line_shift = cache_.line_shift();
  core_.set_mask = cache_.set_mask();
  core_.line_offset_mask = cache_.line_bytes() - 1;
}

void DataMemory::attach_tcm(std::uint32_t base, std::span<std::uint8_t> memory) {
  core_.tcm = memory.data();
  core_.tcm_base = base;
  core_.tcm_load_bytes = static_cast<std::uint32_t>(memory.size());
  limit_fast_stores();
}

void DataMemory::watch(std::uint32_t address, std::function<void(std::uint32_t)> stored) {
  watched_ = address;
  stored_ = std::move(stored);
  limit_fast_stores();
}

void DataMemory::limit_fast_stores() {
  const bool watched = watched_ && tcm_at(*watched_, 1);
  core_.tcm_store_bytes = watched ? 0 : core_.tcm_load_bytes;
}

bool DataMemory::is_watched(std::uint32_t first, std::uint32_t last) const {
  return watched_ && first <= *watched_ + (word_bytes - 1) && last >= *watched_;
}

std::uint8_t* DataMemory::tcm_at(std::uint32_t address, std::uint32_t bytes) const {
  const std::uint32_t offset = address - core_.tcm_base;
  return std::uint64_t{offset} + bytes <= core_.tcm_load_bytes ? core_.tcm + offset : nullptr;
}

std::optional<std::uint32_t> DataMemory::peek_word(std::uint32_t address) const {
  if (const std::uint8_t* tcm = tcm_at(address, word_bytes)) return read_bytes(tcm, word_bytes);
  std::array<std::uint8_t, word_bytes> bytes{};
  if (bus_.peek(address, bytes) != bytes.size()) return std::nullopt;
  return read_bytes(bytes.data(), word_bytes);
}

std::optional<std::uint32_t> DataMemory::load(std::uint32_t address, std::uint32_t bytes) {
  if (lies_in_one_word(address, bytes)) return load_part(address, bytes);
  const std::uint32_t first = word_bytes - address % word_bytes;
  const auto low = load_part(address, first);
  if (!low) return std::nullopt;
  core_.cycles += misaligned_cycles_;
  const auto high = load_part(address + first, bytes - first);
  if (!high) return std::nullopt;
  return *low | *high << 8 * first;
}

bool DataMemory::store(std::uint32_t address, std::uint32_t bytes, std::uint32_t value) {
  if (lies_in_one_word(address, bytes)) return store_part(address, bytes, value);
  const std::uint32_t first = word_bytes - address % word_bytes;
  if (!store_part(address, first, low_bytes(value, first))) return false;
  core_.cycles += misaligned_cycles_;
  return store_part(address + first, bytes - first, low_bytes(value >> 8 * first, bytes - first));
}

std::optional<std::uint32_t> DataMemory::load_part(std::uint32_t address, std::uint32_t bytes) {
  if (const std::uint8_t* tcm = tcm_at(address, bytes)) {
    ++core_.tcm_reads;
    return read_bytes(tcm, bytes);
  }
  const std::uint32_t line = cache_.line_of(address);
  switch (bring_to_front(line, false)) {
    case Path::cached:
      return read_bytes(cache_.front(line).data + (address - line), bytes);
    case Path::bus: {
      std::array<std::uint8_t, word_bytes> data{};
      if (!on_bus(address, [&] { return bus_.read(address, std::span(data).first(bytes)); })) return std::nullopt;
      return read_bytes(data.data(), bytes);
    }
    case Path::fault:
      break;
  }
  return std::nullopt;
}

bool DataMemory::store_part(std::uint32_t address, std::uint32_t bytes, std::uint32_t value) {
  if (!store_unwatched(address, bytes, value)) return false;
  if (is_watched(address, address + (bytes - 1))) {
    const auto word = peek_word(*watched_);
    time_.synchronise();
    if (word) stored_(*word);
  }
  return true;
}

bool DataMemory::store_unwatched(std::uint32_t address, std::uint32_t bytes, std::uint32_t value) {
  if (std::uint8_t* tcm = tcm_at(address, bytes)) {
    ++core_.tcm_writes;
    std::memcpy(tcm, &value, bytes);
    return true;
  }
  const std::uint32_t line = cache_.line_of(address);
  switch (bring_to_front(line, true)) {
    case Path::cached: {
      CacheLine& front = cache_.front(line);
      front.dirty = true;
      if (!is_watched(line, line + (cache_.line_bytes() - 1))) front.store_address = line;
      std::memcpy(front.data + (address - line), &value, bytes);
      return true;
    }
    case Path::bus: {
      std::array<std::uint8_t, word_bytes> data{};
      std::memcpy(data.data(), &value, data.size());
      return on_bus(address, [&] { return bus_.write(address, std::span(data).first(bytes)); });
    }
    case Path::fault:
      break;
  }
  return false;
}

const DirectMemory* DataMemory::region_of_line(std::uint32_t line) const {
  return regions_.find(line, line + (cache_.line_bytes() - 1));
}

DataMemory::Path DataMemory::bring_to_front(std::uint32_t line, bool for_store) {
  if (!cache_.exists()) return Path::bus;
  const DirectMemory* region = region_of_line(line);
  if (!region || (for_store && !region->writable)) return Path::bus;
  if (cache_.touch(line)) {
    ++core_.data_cache_hits;
    return Path::cached;
  }
  if (!fill(line)) return Path::fault;
  const CacheLine victim = cache_.victim(line);
  if (victim.valid() && victim.dirty && !write_back(victim.address)) return Path::fault;
  region = region_of_line(line);
  if (!region) return Path::bus;  // withdrawn while the line was on its way
  cache_.insert(line).data = region->data + (line - region->first);
  return Path::cached;
}

bool DataMemory::fill(std::uint32_t line) {
  ++misses_;
  std::array<std::uint8_t, most_line_bytes> data;
  const Stall stall(time_, Activity::data_stall);
  fault_address_ = line;
  return bus_.read(line, std::span(data).first(cache_.line_bytes()));
}

bool DataMemory::write_back(std::uint32_t line) {
  ++write_backs_;
  const Stall stall(time_, Activity::data_stall);
  const DirectMemory* region = region_of_line(line);
  if (!region) return true;  // withdrawn, and the tags with it
  std::array<std::uint8_t, most_line_bytes> data;
  std::memcpy(data.data(), region->data + (line - region->first), cache_.line_bytes());
  fault_address_ = line;
  return bus_.write(line, std::span(data).first(cache_.line_bytes()));
}

template <class Transaction>
bool DataMemory::on_bus(std::uint32_t address, Transaction transaction) {
  core_.pending += response_cycles;
  const Stall stall(time_, Activity::device_stall);
  core_.pending -= response_cycles;
  fault_address_ = address;
  return transaction();
}

bool DataMemory::clean() {
  for (const std::uint32_t line : cache_.dirty_lines())
    if (!write_back(line)) return false;
  cache_.clear();
  return true;
}

}  // namespace lutra::models::cpu
