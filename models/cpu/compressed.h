#pragma once

#include <cstdint>

namespace lutra::models::cpu {

// The 32-bit instruction that a 16-bit one stands for; 0 (an illegal instruction) for reserved encodings and for those
// of extensions RV32IMAC lacks. RISC-V Unprivileged ISA 20191213, chapter 16, tables 16.5 to 16.7.
std::uint32_t expand(std::uint16_t parcel);

}  // namespace lutra::models::cpu
