#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <systemc>

#include "models/base/registers.h"

namespace lutra::models {

// The transmit half of a 16550: characters leave at once, nothing is ever received. Line settings are stored and have
// no effect. The interrupt is that of the empty transmitter (IER bit 1).
class Console : public sc_core::sc_module {
 public:
  RegisterSocket socket;
  sc_core::sc_out<bool> interrupt;

  // What is written also goes to `mirror`, where given, as it comes.
  explicit Console(const sc_core::sc_module_name& name, std::ostream* mirror = nullptr);

  // The first 2^20 characters.
  const std::string& text() const { return text_; }

 private:
  bool divisor_selected() const { return (line_control_ & 0x80) != 0; }
  void transmit(std::uint32_t character);
  std::uint32_t identify_interrupt();
  void drive();

  std::ostream* mirror_;
  std::string text_;
  std::uint32_t line_control_ = 0;
  std::uint32_t divisor_low_ = 0;
  std::uint32_t divisor_high_ = 0;
  std::uint32_t interrupt_enable_ = 0;
  bool became_empty_ = true;  // since the interrupt was last identified
  sc_core::sc_event changed_;
};

}  // namespace lutra::models
