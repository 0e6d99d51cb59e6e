#include "models/cpu/csr.h"

#include "models/cpu/csr_numbers.h"
#include "models/cpu/value.h"

namespace lutra::models::cpu {

namespace {

constexpr std::uint32_t misa_value =
    1u << 30 | 1u << ('I' - 'A') | 1u << ('M' - 'A') | 1u << ('A' - 'A') | 1u << ('C' - 'A');  // 32 bits
constexpr std::uint32_t mie_bit = 1u << 3;
constexpr std::uint32_t mpie_bit = 1u << 7;
constexpr std::uint32_t mpp_machine = 3u << 11;
constexpr std::uint32_t inhibit_cycle = 1u << 0;
constexpr std::uint32_t inhibit_instret = 1u << 2;
constexpr std::uint32_t interrupt_cause = 1u << 31;

constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
constexpr std::uint64_t with_low(std::uint64_t value, std::uint32_t part) { return value >> 32 << 32 | part; }
constexpr std::uint64_t with_high(std::uint64_t value, std::uint32_t part) {
  return std::uint64_t{part} << 32 | low(value);
}

bool within(std::uint32_t number, CsrNumber first, CsrNumber last) { return number >= first && number <= last; }

// Registers that read as zero and ignore what is written: no performance counters beyond the fixed three, no protected
// regions, no triggers, little-endian only. (What a write to the data cache's register does is the processor's affair.)
bool is_hard_wired_zero(std::uint32_t number) {
  return number == csr_mstatush || within(number, csr_mhpmevent_first, csr_mhpmevent_last) ||
         within(number, csr_pmpcfg_first, csr_pmpcfg_last) || within(number, csr_tselect, csr_tdata_last) ||
         within(number, csr_mhpmcounter_first, csr_mhpmcounter_last) ||
         within(number, csr_mhpmcounterh_first, csr_mhpmcounterh_last) || number == csr_dcache;
}

bool is_read_only(std::uint32_t number) { return number >> 10 == 3; }

}  // namespace

std::optional<std::uint32_t> CsrFile::read(std::uint32_t number, CounterBase before,
                                           std::uint32_t interrupt_lines) const {
  switch (number) {
    case csr_mstatus:
      return mpp_machine | (interrupts_on_ ? mie_bit : 0) | (interrupts_were_on_ ? mpie_bit : 0);
    case csr_misa:
      return misa_value;
    case csr_mie:
      return mie_;
    case csr_mtvec:
      return mtvec_;
    case csr_mcountinhibit:
      return (cycle_.stopped() ? inhibit_cycle : 0) | (instret_.stopped() ? inhibit_instret : 0);
    case csr_mscratch:
      return mscratch_;
    case csr_mepc:
      return mepc_;
    case csr_mcause:
      return mcause_;
    case csr_mtval:
      return mtval_;
    case csr_mip:
      return interrupt_lines;
    case csr_mcycle:
    case csr_cycle:
      return low(cycle_.read(before.cycles));
    case csr_mcycleh:
    case csr_cycleh:
      return high(cycle_.read(before.cycles));
    case csr_minstret:
    case csr_instret:
      return low(instret_.read(before.retired));
    case csr_minstreth:
    case csr_instreth:
      return high(instret_.read(before.retired));
    case csr_time:
      return low(before.cycles);
    case csr_timeh:
      return high(before.cycles);
    default:
      break;
  }
  if (within(number, csr_pmpaddr_first, csr_pmpaddr_last)) return pmpaddr_[number - csr_pmpaddr_first];
  if (within(number, csr_mvendorid, csr_mconfigptr) || is_hard_wired_zero(number)) return 0;
  return std::nullopt;
}

bool CsrFile::write(std::uint32_t number, std::uint32_t value, CounterBase before, CounterBase after) {
  if (is_read_only(number)) return false;
  switch (number) {
    case csr_mstatus:
      interrupts_on_ = value & mie_bit;
      interrupts_were_on_ = value & mpie_bit;
      return true;
    case csr_misa:
    case csr_mip:
      return true;
    case csr_mie:
      mie_ = value & all_interrupts;
      return true;
    case csr_mtvec:
      mtvec_ = value & ~2u;
      return true;
    case csr_mcountinhibit:
      cycle_.stop(value & inhibit_cycle, after.cycles);
      instret_.stop(value & inhibit_instret, after.retired);
      return true;
    case csr_mscratch:
      mscratch_ = value;
      return true;
    case csr_mepc:
      mepc_ = value & ~1u;
      return true;
    case csr_mcause:
      mcause_ = value;
      return true;
    case csr_mtval:
      mtval_ = value;
      return true;
    case csr_mcycle:
      cycle_.write(with_low(cycle_.read(before.cycles), value), after.cycles);
      return true;
    case csr_mcycleh:
      cycle_.write(with_high(cycle_.read(before.cycles), value), after.cycles);
      return true;
    case csr_minstret:
      instret_.write(with_low(instret_.read(before.retired), value), after.retired);
      return true;
    case csr_minstreth:
      instret_.write(with_high(instret_.read(before.retired), value), after.retired);
      return true;
    default:
      break;
  }
  if (within(number, csr_pmpaddr_first, csr_pmpaddr_last)) {
    pmpaddr_[number - csr_pmpaddr_first] = value;
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
