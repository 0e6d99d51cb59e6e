#pragma once

#include <stdint.h>

// How a kernel reaches an address of the program image: on the hart the address itself; in a host test the copy of main
// memory that memory_base points to, whose first byte stands for LUTRA_IMAGE_ADDRESS.

#ifdef __riscv

namespace lutra::runtime {

inline uint8_t* memory(uint32_t address) { return reinterpret_cast<uint8_t*>(address); }

}  // namespace lutra::runtime

#else

#include "software/program/image.h"

namespace lutra::runtime {

extern uint8_t* memory_base;

inline uint8_t* memory(uint32_t address) { return memory_base + (address - LUTRA_IMAGE_ADDRESS); }

}  // namespace lutra::runtime

#endif

namespace lutra::runtime {

template <typename T>
const T* table(uint32_t address) {
  return reinterpret_cast<const T*>(memory(address));
}

}  // namespace lutra::runtime
