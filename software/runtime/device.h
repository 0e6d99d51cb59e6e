#pragma once

#include <stdint.h>

// Device registers and machine-mode CSRs.

namespace lutra::runtime {

inline uint32_t read_register(uint32_t address) { return *reinterpret_cast<volatile uint32_t*>(address); }
inline void write_register(uint32_t address, uint32_t value) { *reinterpret_cast<volatile uint32_t*>(address) = value; }

template <uint32_t csr>
uint32_t read_csr() {
  uint32_t value;
  asm volatile("csrr %0, %1" : "=r"(value) : "i"(csr) : "memory");
  return value;
}

template <uint32_t csr>
void write_csr(uint32_t value) {
  asm volatile("csrw %0, %1" ::"i"(csr), "r"(value) : "memory");
}

template <uint32_t csr>
void set_csr(uint32_t bits) {
  asm volatile("csrs %0, %1" ::"i"(csr), "r"(bits) : "memory");
}

template <uint32_t csr>
void clear_csr(uint32_t bits) {
  asm volatile("csrc %0, %1" ::"i"(csr), "r"(bits) : "memory");
}

// CSR numbers and bits of the RISC-V privileged architecture.
inline constexpr uint32_t mstatus = 0x300;
inline constexpr uint32_t mstatus_mie = 1u << 3;
inline constexpr uint32_t mie = 0x304;
inline constexpr uint32_t mie_external = 1u << 11;
inline constexpr uint32_t mepc = 0x341;
inline constexpr uint32_t mcause = 0x342;
inline constexpr uint32_t mtval = 0x343;
inline constexpr uint32_t mcycle = 0xB00;
inline constexpr uint32_t minstret = 0xB02;
inline constexpr uint32_t high_half = 0x80;  // mcycleh = mcycle + high_half
inline constexpr uint32_t machine_external_interrupt = 0x8000000Bu;

// Both halves of a 64-bit counter, read again when the low one overflowed in between.
template <uint32_t csr>
uint64_t read_counter() {
  uint32_t high;
  uint32_t low;
  do {
    high = read_csr<csr + high_half>();
    low = read_csr<csr>();
  } while (read_csr<csr + high_half>() != high);
  return static_cast<uint64_t>(high) << 32 | low;
}

}  // namespace lutra::runtime
