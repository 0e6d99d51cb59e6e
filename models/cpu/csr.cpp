#include "models/cpu/csr.h"

#include "models/interface/memory_map.h"

namespace lutra::models::cpu {

namespace {

// Numbers: RISC-V Privileged ISA 20211203, tables 2.2 to 2.5.
enum Number : std::uint32_t {
  mstatus = 0x300,
  misa = 0x301,
  mie = 0x304,
  mtvec = 0x305,
  mstatush = 0x310,
  mcountinhibit = 0x320,
  mhpmevent_first = 0x323,
  mhpmevent_last = 0x33F,
  mscratch = 0x340,
  mepc = 0x341,
  mcause = 0x342,
  mtval = 0x343,
  mip = 0x344,
  pmpcfg_first = 0x3A0,
  pmpcfg_last = 0x3A3,
  pmpaddr_first = 0x3B0,
  pmpaddr_last = 0x3BF,
  tselect = 0x7A0,
  tdata_last = 0x7A3,
  dcache = LUTRA_CSR_DCACHE,
  mcycle = 0xB00,
  minstret = 0xB02,
  mhpmcounter_first = 0xB03,
  mhpmcounter_last = 0xB1F,
  mcycleh = 0xB80,
  minstreth = 0xB82,
  mhpmcounterh_first = 0xB83,
  mhpmcounterh_last = 0xB9F,
  cycle = 0xC00,
  time = 0xC01,
  instret = 0xC02,
  cycleh = 0xC80,
  timeh = 0xC81,
  instreth = 0xC82,
  mvendorid = 0xF11,
  mconfigptr = 0xF15,
};

constexpr std::uint32_t misa_value = 1u << 30 | 1u << ('I' - 'A') | 1u << ('M' - 'A') | 1u << ('A' - 'A') |
                                     1u << ('C' - 'A');  // 32 bits
constexpr std::uint32_t mie_bit = 1u << 3;
constexpr std::uint32_t mpie_bit = 1u << 7;
constexpr std::uint32_t mpp_machine = 3u << 11;
constexpr std::uint32_t inhibit_cycle = 1u << 0;
constexpr std::uint32_t inhibit_instret = 1u << 2;
constexpr std::uint32_t interrupt_cause = 1u << 31;

constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
constexpr std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }
constexpr std::uint64_t with_low(std::uint64_t value, std::uint32_t part) { return value >> 32 << 32 | part; }
constexpr std::uint64_t with_high(std::uint64_t value, std::uint32_t part) {
  return std::uint64_t{part} << 32 | low(value);
}

bool within(std::uint32_t number, Number first, Number last) { return number >= first && number <= last; }

// Registers that read as zero and ignore what is written: no performance counters beyond the fixed three, no protected
// regions, no triggers, little-endian only.
bool is_hard_wired_zero(std::uint32_t number) {
  return number == mstatush || within(number, mhpmevent_first, mhpmevent_last) ||
         within(number, pmpcfg_first, pmpcfg_last) || within(number, tselect, tdata_last) ||
         within(number, mhpmcounter_first, mhpmcounter_last) ||
         within(number, mhpmcounterh_first, mhpmcounterh_last) || number == dcache;
}

bool is_read_only(std::uint32_t number) { return number >> 10 == 3; }

}  // namespace

std::optional<std::uint32_t> CsrFile::read(std::uint32_t number, CounterBase before,
                                           std::uint32_t interrupt_lines) const {
  switch (number) {
    case mstatus:
      return mpp_machine | (interrupts_on_ ? mie_bit : 0) | (interrupts_were_on_ ? mpie_bit : 0);
    case misa:
      return misa_value;
    case mie:
      return mie_;
    case mtvec:
      return mtvec_;
    case mcountinhibit:
      return (cycle_.stopped() ? inhibit_cycle : 0) | (instret_.stopped() ? inhibit_instret : 0);
    case mscratch:
      return mscratch_;
    case mepc:
      return mepc_;
    case mcause:
      return mcause_;
    case mtval:
      return mtval_;
    case mip:
      return interrupt_lines;
    case mcycle:
    case cycle:
      return low(cycle_.read(before.cycles));
    case mcycleh:
    case cycleh:
      return high(cycle_.read(before.cycles));
    case minstret:
    case instret:
      return low(instret_.read(before.retired));
    case minstreth:
    case instreth:
      return high(instret_.read(before.retired));
    case time:
      return low(before.cycles);
    case timeh:
      return high(before.cycles);
    default:
      break;
  }
  if (within(number, pmpaddr_first, pmpaddr_last)) return pmpaddr_[number - pmpaddr_first];
  if (within(number, mvendorid, mconfigptr) || is_hard_wired_zero(number)) return 0;
  return std::nullopt;
}

bool CsrFile::write(std::uint32_t number, std::uint32_t value, CounterBase after) {
  if (is_read_only(number)) return false;
  switch (number) {
    case mstatus:
      interrupts_on_ = value & mie_bit;
      interrupts_were_on_ = value & mpie_bit;
      return true;
    case misa:
    case mip:
      return true;
    case mie:
      mie_ = value & all_interrupts;
      return true;
    case mtvec:
      mtvec_ = value & ~2u;
      return true;
    case mcountinhibit:
      cycle_.stop(value & inhibit_cycle, after.cycles);
      instret_.stop(value & inhibit_instret, after.retired);
      return true;
    case mscratch:
      mscratch_ = value;
      return true;
    case mepc:
      mepc_ = value & ~1u;
      return true;
    case mcause:
      mcause_ = value;
      return true;
    case mtval:
      mtval_ = value;
      return true;
    case mcycle:
      cycle_.write(with_low(cycle_.read(after.cycles), value), after.cycles);
      return true;
    case mcycleh:
      cycle_.write(with_high(cycle_.read(after.cycles), value), after.cycles);
      return true;
    case minstret:
      instret_.write(with_low(instret_.read(after.retired), value), after.retired);
      return true;
    case minstreth:
      instret_.write(with_high(instret_.read(after.retired), value), after.retired);
      return true;
    default:
      break;
  }
  if (within(number, pmpaddr_first, pmpaddr_last)) {
    pmpaddr_[number - pmpaddr_first] = value;
    return true;
  }
  return is_hard_wired_zero(number);
}

std::uint32_t CsrFile::enter(std::uint32_t cause, std::uint32_t pc, std::uint32_t value) {
  mepc_ = pc;
  mcause_ = cause;
  mtval_ = value;
  interrupts_were_on_ = interrupts_on_;
  interrupts_on_ = false;
  return mtvec_ & ~3u;
}

std::uint32_t CsrFile::enter_exception(Cause cause, std::uint32_t pc, std::uint32_t value) {
  return enter(static_cast<std::uint32_t>(cause), pc, value);
}

std::uint32_t CsrFile::enter_interrupt(Interrupt interrupt, std::uint32_t pc) {
  const auto code = static_cast<std::uint32_t>(interrupt);
  const std::uint32_t base = enter(interrupt_cause | code, pc, 0);
  const bool vectored = mtvec_ & 1;
  return vectored ? base + 4 * code : base;
}

std::uint32_t CsrFile::leave_trap() {
  interrupts_on_ = interrupts_were_on_;
  interrupts_were_on_ = true;
  return mepc_;
}

std::optional<Interrupt> CsrFile::pending(std::uint32_t interrupt_lines) const {
  if (!interrupts_on_) return std::nullopt;
  for (const Interrupt interrupt : {Interrupt::external, Interrupt::software, Interrupt::timer})
    if (interrupt_lines & mie_ & bit_of(interrupt)) return interrupt;
  return std::nullopt;
}

}  // namespace lutra::models::cpu
