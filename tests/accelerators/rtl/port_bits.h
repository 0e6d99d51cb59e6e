#pragma once

#include <verilated.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace lutra::test {

// The bits of a port of any width, least significant first.
class PortBits {
 public:
  // The lowest `width` (up to 32) bits of `value`.
  void put(std::size_t position, int width, std::uint32_t value) {
    for (int bit = 0; bit < width; ++bit) {
      const std::size_t at = position + static_cast<std::size_t>(bit);
      if (at / 32 >= words_.size()) words_.resize(at / 32 + 1);
      const std::uint32_t mask = 1u << at % 32;
      words_[at / 32] = (value >> bit & 1u) != 0 ? words_[at / 32] | mask : words_[at / 32] & ~mask;
    }
  }
  std::uint32_t get(std::size_t position, int width) const {
    std::uint32_t value = 0;
    for (int bit = 0; bit < width; ++bit) {
      const std::size_t at = position + static_cast<std::size_t>(bit);
      if (at / 32 < words_.size()) value |= (words_[at / 32] >> at % 32 & 1u) << bit;
    }
    return value;
  }
  std::uint32_t word(std::size_t index) const { return index < words_.size() ? words_[index] : 0; }
  void set_word(std::size_t index, std::uint32_t value) {
    if (index >= words_.size()) words_.resize(index + 1);
    words_[index] = value;
  }

 private:
  std::vector<std::uint32_t> words_;
};

// `port_bits`: the port's width; a Verilator model must not see a set bit beyond it.
template <class Port>
void drive(Port& port, int port_bits, const PortBits& bits) {
  if constexpr (std::is_integral_v<Port>) {
    const std::uint64_t value = bits.word(0) | std::uint64_t{bits.word(1)} << 32;
    port = static_cast<Port>(port_bits >= 64 ? value : value & ((std::uint64_t{1} << port_bits) - 1));
  } else {
    for (int i = 0; 32 * i < port_bits; ++i) {
      const int used = port_bits - 32 * i;
      port[static_cast<std::size_t>(i)] =
          bits.word(static_cast<std::size_t>(i)) & (used >= 32 ? ~0u : (1u << used) - 1);
    }
  }
}

template <class Port>
PortBits sample(const Port& port, int port_bits) {
  PortBits bits;
  if constexpr (std::is_integral_v<Port>) {
    const std::uint64_t value = port;
    bits.set_word(0, static_cast<std::uint32_t>(value));
    bits.set_word(1, static_cast<std::uint32_t>(value >> 32));
  } else {
    for (int i = 0; 32 * i < port_bits; ++i)
      bits.set_word(static_cast<std::size_t>(i), port[static_cast<std::size_t>(i)]);
  }
  return bits;
}

}  // namespace lutra::test
