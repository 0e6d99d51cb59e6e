#pragma once

#include <cstdint>
#include <systemc>

#include "models/base/registers.h"

namespace lutra::models {

// A PLIC with one context and level-triggered sources (RISC-V PLIC specification 1.0.0). A high line makes its source
// pending until it is claimed; after completion a line that is still high makes it pending again. Priorities are 0
// (never) to 7; of equal ones the lower source is claimed first. `interrupt` is high while an enabled pending source
// has a priority over the threshold.
class InterruptController : public sc_core::sc_module {
 public:
  RegisterSocket socket;
  sc_core::sc_out<bool> interrupt;

  explicit InterruptController(const sc_core::sc_module_name& name);

  // Line of source 1 to LUTRA_PLIC_SOURCES - 1. Throws Error for another.
  sc_core::sc_signal<bool>& line(std::uint32_t source);

 private:
  std::uint32_t best() const;  // the source a claim returns, 0 for none
  std::uint32_t claim();
  void complete(std::uint32_t source);
  void drive();

  sc_core::sc_vector<sc_core::sc_signal<bool>> lines_;
  std::uint32_t priorities_[32] = {};
  std::uint32_t pending_ = 0;  // one bit per source, here and below
  std::uint32_t claimed_ = 0;
  std::uint32_t enabled_ = 0;
  std::uint32_t threshold_ = 0;
  sc_core::sc_event changed_;
};

}  // namespace lutra::models
