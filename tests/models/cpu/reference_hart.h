#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace lutra::test {

// A second, deliberately plain RV32IMAC: one instruction at a time, straight from its bits, no decoded form, no time.
// The oracle of the property tests. Written from the ISA manual, sharing nothing with the hart.
class ReferenceHart {
 public:
  struct Trap {
    std::uint32_t cause = 0;
    std::uint32_t pc = 0;
    std::uint32_t value = 0;
  };

  // One byte of memory, or null where nothing answers.
  using Memory = std::function<std::uint8_t*(std::uint32_t address)>;

  ReferenceHart(Memory memory, std::uint32_t pc) : pc_(pc), memory_(std::move(memory)) {}

  // None: the instruction retired.
  std::optional<Trap> step();

  std::array<std::uint32_t, 32> x{};
  std::uint32_t pc() const { return pc_; }

 private:
  std::optional<std::uint32_t> fetch(std::uint32_t address, unsigned bytes) const;
  std::optional<Trap> word_instruction(std::uint32_t bits);
  std::optional<Trap> compressed(std::uint32_t bits);
  std::optional<Trap> quadrant_0(std::uint32_t bits);
  std::optional<Trap> quadrant_1(std::uint32_t bits);
  std::optional<Trap> quadrant_2(std::uint32_t bits);
  std::optional<Trap> load(unsigned rd, std::uint32_t address, unsigned funct3);
  std::optional<Trap> store(std::uint32_t address, unsigned bytes, std::uint32_t value);
  std::optional<Trap> operation(std::uint32_t bits);
  std::optional<Trap> immediate_operation(std::uint32_t bits);
  std::optional<Trap> atomic(std::uint32_t bits);
  std::optional<Trap> illegal(std::uint32_t bits) const { return Trap{2, pc_, bits}; }
  void set(unsigned rd, std::uint32_t value) {
    if (rd != 0) x[rd] = value;
  }

  std::uint32_t pc_;
  std::uint32_t next_ = 0;
  Memory memory_;
  std::optional<std::uint32_t> reserved_;
  std::uint32_t reserved_word_ = 0;  // a reservation lasts as long as its word is unchanged
};

}  // namespace lutra::test
