#ifndef LUTRA_RUNTIME_EXAMPLES_DEVICE_H
#define LUTRA_RUNTIME_EXAMPLES_DEVICE_H

/* Device registers and machine-mode CSRs for the example programs. */

#include <stdint.h>

#include "models/interface/memory_map.h"

static inline volatile uint32_t* device_word(uint32_t address) { return (volatile uint32_t*)address; }
static inline volatile uint8_t* device_byte(uint32_t address) { return (volatile uint8_t*)address; }

#define READ_CSR(name)                                            \
  ({                                                              \
    uint32_t value_;                                              \
    __asm__ volatile("csrr %0, " #name : "=r"(value_)::"memory"); \
    value_;                                                       \
  })
#define WRITE_CSR(name, value) __asm__ volatile("csrw " #name ", %0" ::"r"(value) : "memory")
#define SET_CSR(name, bits) __asm__ volatile("csrs " #name ", %0" ::"r"(bits) : "memory")

/* Bits of mie and mstatus, and codes of mcause. RISC-V privileged architecture. */
#define MIE_TIMER (1u << 7)
#define MIE_EXTERNAL (1u << 11)
#define MSTATUS_MIE (1u << 3)
#define CAUSE_STORE_FAULT 7u
#define CAUSE_TIMER_INTERRUPT 0x80000007u

#endif
