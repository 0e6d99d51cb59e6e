#include "models/devices/console.h"

#include <utility>

#include "models/interface/memory_map.h"

namespace lutra::models {
namespace {

constexpr std::size_t text_limit = std::size_t{1} << 20;

// Bits of the 16550 (National Semiconductor PC16550D, section 8).
constexpr std::uint32_t interrupt_enable_empty = 0x02;
constexpr std::uint32_t interrupt_none = 0x01;
constexpr std::uint32_t interrupt_empty = 0x02;
constexpr std::uint32_t line_status_empty = 0x60;

}  // namespace

Console::Console(const sc_core::sc_module_name& name, std::ostream* mirror)
    : sc_module(name), socket("socket"), interrupt("interrupt"), mirror_(mirror), changed_("changed") {
  const auto byte_register = [](const char* register_name, std::uint32_t offset) {
    return Register{.name = register_name, .offset = offset, .bytes = 1};
  };
  const auto data = [this] { return divisor_selected() ? divisor_low_ : 0u; };
  socket.add({.name = "data",
              .offset = LUTRA_CONSOLE_DATA,
              .bytes = 1,
              .read = data,
              .peek = data,
              .write = [this](std::uint32_t value) { transmit(value); }});
  const auto enable = [this] { return divisor_selected() ? divisor_high_ : interrupt_enable_; };
  socket.add({.name = "interrupt_enable",
              .offset = 1,
              .bytes = 1,
              .read = enable,
              .peek = enable,
              .write = [this](std::uint32_t value) {
                (divisor_selected() ? divisor_high_ : interrupt_enable_) = value;
                changed_.notify(sc_core::SC_ZERO_TIME);
              }});
  // Written, it is the FIFO control: there is no FIFO to control.
  socket.add(
      {.name = "interrupt_identification", .offset = 2, .bytes = 1, .read = [this] { return identify_interrupt(); }});
  socket.add({.name = "line_control", .offset = 3, .bytes = 1, .write = [this](std::uint32_t value) {
                line_control_ = value;
              }});
  socket.add(byte_register("modem_control", 4));
  socket.add({.name = "line_status",
              .offset = LUTRA_CONSOLE_LINE_STATUS,
              .access = Access::read_only,
              .reset = line_status_empty,
              .bytes = 1});
  socket.add({.name = "modem_status", .offset = 6, .access = Access::read_only, .bytes = 1});
  socket.add(byte_register("scratch", 7));
  SC_HAS_PROCESS(Console);
  SC_METHOD(drive);
  sensitive << changed_;
}

void Console::transmit(std::uint32_t character) {
  if (divisor_selected()) {
    divisor_low_ = character;
    return;
  }
  const char c = static_cast<char>(character);
  if (text_.size() < text_limit) text_.push_back(c);
  if (mirror_ != nullptr) mirror_->put(c);
  became_empty_ = true;
  changed_.notify(sc_core::SC_ZERO_TIME);
}

std::uint32_t Console::identify_interrupt() {
  const bool pending = became_empty_ && (interrupt_enable_ & interrupt_enable_empty) != 0;
  if (!pending) return interrupt_none;
  became_empty_ = false;
  changed_.notify(sc_core::SC_ZERO_TIME);
  return interrupt_empty;
}

void Console::drive() { interrupt.write(became_empty_ && (interrupt_enable_ & interrupt_enable_empty) != 0); }

}  // namespace lutra::models
