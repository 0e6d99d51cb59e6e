#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "models/cpu/processor.h"
#include "tests/models/cpu/assembler.h"

namespace lutra::test {

// One transaction as a FakeBus saw it.
struct Seen {
  std::uint64_t cycle = 0;  // when it began
  char what = 'r';          // r or w
  std::uint32_t address = 0;
  std::size_t bytes = 0;

  bool operator==(const Seen&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.cycle << ' ' << seen.what << ' ' << std::hex << "0x" << seen.address << std::dec << ' '
             << seen.bytes;
}

// A bus in plain C++: memories with and without direct access, a fixed time per transaction, errors elsewhere.
class FakeBus final : public models::cpu::Bus {
 public:
  static constexpr std::uint32_t direct_base = 0x80000000u;     // grants direct access: cacheable
  static constexpr std::uint32_t device_base = 0x40000000u;     // does not
  static constexpr std::uint32_t read_only_base = 0x90000000u;  // direct access for reading alone
  static constexpr std::uint32_t bytes = 1u << 16;

  std::uint64_t transaction_cycles = 10;
  std::uint32_t lines = 0;  // interrupts
  std::vector<Seen> seen;
  std::map<std::uint64_t, std::uint32_t> raise_at;  // interrupts to come, by cycle

  std::vector<std::uint8_t>& memory(std::uint32_t base) {
    return base == device_base ? device_ : base == direct_base ? direct_ : read_only_;
  }

  std::uint64_t now() const override { return now_; }
  void wait_until(std::uint64_t cycle) override {
    now_ = std::max(now_, cycle);
    while (!raise_at.empty() && raise_at.begin()->first <= now_) {
      risen_.push_back(*raise_at.begin());
      lines |= risen_.back().second;
      raise_at.erase(raise_at.begin());
    }
  }

  bool read(std::uint32_t address, std::span<std::uint8_t> data) override { return transfer('r', address, data); }
  bool write(std::uint32_t address, std::span<std::uint8_t> data) override { return transfer('w', address, data); }

  std::size_t peek(std::uint32_t address, std::span<std::uint8_t> data) override {
    const std::uint8_t* from = find(address, data.size());
    if (!from) return 0;
    std::copy_n(from, data.size(), data.begin());
    return data.size();
  }

  std::optional<models::cpu::DirectMemory> direct_memory(std::uint32_t address) override {
    for (const std::uint32_t base : {direct_base, read_only_base})
      if (address - base < bytes)
        return models::cpu::DirectMemory{base, base + (bytes - 1), memory(base).data(), base == direct_base};
    return std::nullopt;
  }

  std::uint32_t interrupt_lines() const override { return lines; }
  std::uint32_t interrupt_lines_before(std::uint64_t cycle) const override {
    std::uint32_t before = lines;
    for (const auto& [risen, line] : risen_)
      if (risen >= cycle) before &= ~line;
    return before;
  }
  std::uint64_t next_event() const override { return raise_at.empty() ? UINT64_MAX : raise_at.begin()->first; }
  void wait_for_interrupt(std::uint32_t wanted) override {
    while (!(lines & wanted) && !raise_at.empty()) wait_until(raise_at.begin()->first);
  }

 private:
  std::uint8_t* find(std::uint32_t address, std::size_t size) {
    for (const std::uint32_t base : {direct_base, device_base, read_only_base})
      if (std::uint64_t{address - base} + size <= bytes) return memory(base).data() + (address - base);
    return nullptr;
  }

  bool transfer(char what, std::uint32_t address, std::span<std::uint8_t> data) {
    seen.push_back({now_, what, address, data.size()});
    wait_until(now_ + transaction_cycles);
    std::uint8_t* place = find(address, data.size());
    if (!place || (what == 'w' && address - read_only_base < bytes)) return false;
    if (what == 'r') std::copy_n(place, data.size(), data.begin());
    if (what == 'w') std::copy(data.begin(), data.end(), place);
    return true;
  }

  std::uint64_t now_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> risen_;
  std::vector<std::uint8_t> direct_ = std::vector<std::uint8_t>(bytes);
  std::vector<std::uint8_t> device_ = std::vector<std::uint8_t>(bytes);
  std::vector<std::uint8_t> read_only_ = std::vector<std::uint8_t>(bytes);
};

inline models::HartConfig small_caches() {
  models::HartConfig config;
  config.instruction_cache = {.bytes = 256, .ways = 2, .line_bytes = 32};
  config.data_cache = {.bytes = 256, .ways = 2, .line_bytes = 32};
  return config;
}

inline models::HartConfig no_caches() {
  models::HartConfig config;
  config.instruction_cache.bytes = 0;
  config.data_cache.bytes = 0;
  return config;
}

// A processor on a FakeBus with 64 KiB of tightly coupled memory. Programs start at `entry` and end by halting.
class Machine {
 public:
  static constexpr std::uint32_t tcm_base = 0x20000000u;
  static constexpr std::uint32_t tcm_bytes = 1u << 16;
  static constexpr std::uint32_t direct_base = FakeBus::direct_base;
  static constexpr std::uint32_t device_base = FakeBus::device_base;
  static constexpr std::uint32_t hole = 0x50000000u;  // nothing answers here

  explicit Machine(const models::HartConfig& config = small_caches()) : processor(config, bus) {
    processor.memory().attach_tcm(tcm_base, tcm_);
    processor.set_max_instructions(1'000'000);
    processor.set_reset_vector(tcm_base);
  }

  std::uint8_t* at(std::uint32_t address) {
    return address - tcm_base < tcm_bytes ? tcm_.data() + (address - tcm_base)
                                          : bus.memory(address & 0xFFFF0000u).data() + (address & 0xFFFFu);
  }
  std::uint32_t word(std::uint32_t address) {
    std::uint32_t value;
    std::memcpy(&value, at(address), sizeof value);
    return value;
  }
  void set_word(std::uint32_t address, std::uint32_t value) { std::memcpy(at(address), &value, sizeof value); }

  void place(std::uint32_t address, const Program& program) {
    std::copy(program.bytes().begin(), program.bytes().end(), at(address));
  }

  // Runs the program from `entry`; a trap goes to a handler that halts unless the program sets mtvec.
  Machine& run(const Program& program, std::uint32_t entry = tcm_base) {
    place(handler, {rv::halt()});
    Program start = rv::li(t6, handler);
    start << rv::csrw(rv::mtvec, t6) << rv::li(t6, entry) << rv::jalr(zero, t6, 0);
    place(start_up, start);
    place(entry, program);
    processor.set_reset_vector(start_up);
    processor.run();
    return *this;
  }

  std::uint32_t x(Register index) const { return processor.core().x[index]; }
  bool trapped() const { return processor.stop().pc == handler; }

  FakeBus bus;
  models::cpu::Processor processor;

 private:
  static constexpr std::uint32_t start_up = tcm_base + 0xFF00;
  static constexpr std::uint32_t handler = tcm_base + 0xFFF0;

  std::vector<std::uint8_t> tcm_ = std::vector<std::uint8_t>(tcm_bytes);
};

// The registers after the program.
inline std::uint32_t result_of(Program program, Register result = a0) {
  Machine machine;
  program << rv::halt();
  return machine.run(program).x(result);
}

}  // namespace lutra::test
