#pragma once

#include <cstdint>
#include <systemc>

#include "models/base/registers.h"

namespace lutra::models {

// Machine timer and software interrupt of one hart in the layout of SiFive's CLINT. mtime counts clock cycles; the
// timer interrupt is high exactly while mtime >= mtimecmp. mtimecmp resets to all ones.
class Timer : public sc_core::sc_module {
 public:
  RegisterSocket socket;
  sc_core::sc_out<bool> timer_interrupt;
  sc_core::sc_out<bool> software_interrupt;

  Timer(const sc_core::sc_module_name& name, const sc_core::sc_time& clock_period);

 private:
  std::uint64_t now() const;
  void set_time(std::uint64_t value);
  void drive();

  sc_core::sc_time period_;
  std::uint64_t offset_ = 0;  // mtime minus the cycles since the start
  std::uint64_t compare_ = ~std::uint64_t{0};
  bool software_ = false;
  sc_core::sc_event changed_;
};

}  // namespace lutra::models
