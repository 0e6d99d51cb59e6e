#pragma once

#include <cstdint>

#include "models/interface/memory_map.h"

namespace lutra::models::cpu {

// Numbers: RISC-V Privileged ISA 20211203, tables 2.2 to 2.5.
enum CsrNumber : std::uint32_t {
  csr_mstatus = 0x300,
  csr_misa = 0x301,
  csr_mie = 0x304,
  csr_mtvec = 0x305,
  csr_mstatush = 0x310,
  csr_mcountinhibit = 0x320,
  csr_mhpmevent_first = 0x323,
  csr_mhpmevent_last = 0x33F,
  csr_mscratch = 0x340,
  csr_mepc = 0x341,
  csr_mcause = 0x342,
  csr_mtval = 0x343,
  csr_mip = 0x344,
  csr_pmpcfg_first = 0x3A0,
  csr_pmpcfg_last = 0x3A3,
  csr_pmpaddr_first = 0x3B0,
  csr_pmpaddr_last = 0x3BF,
  csr_tselect = 0x7A0,
  csr_tdata_last = 0x7A3,
  csr_dcache = LUTRA_CSR_DCACHE,
  csr_mcycle = 0xB00,
  csr_minstret = 0xB02,
  csr_mhpmcounter_first = 0xB03,
  csr_mhpmcounter_last = 0xB1F,
  csr_mcycleh = 0xB80,
  csr_minstreth = 0xB82,
  csr_mhpmcounterh_first = 0xB83,
  csr_mhpmcounterh_last = 0xB9F,
  csr_cycle = 0xC00,
  csr_time = 0xC01,
  csr_instret = 0xC02,
  csr_cycleh = 0xC80,
  csr_timeh = 0xC81,
  csr_instreth = 0xC82,
  csr_mvendorid = 0xF11,
  csr_mconfigptr = 0xF15,
};

}  // namespace lutra::models::cpu
