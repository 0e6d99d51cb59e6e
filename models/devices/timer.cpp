#include "models/devices/timer.h"

#include <limits>
#include <string>

#include "models/interface/memory_map.h"

namespace lutra::models {
namespace {

std::uint64_t replace_half(std::uint64_t whole, bool high, std::uint32_t half) {
  return high ? (whole & 0xFFFFFFFFu) | (std::uint64_t{half} << 32) : (whole & ~std::uint64_t{0xFFFFFFFFu}) | half;
}

std::uint32_t half_of(std::uint64_t whole, bool high) { return static_cast<std::uint32_t>(whole >> (high ? 32 : 0)); }

}  // namespace

Timer::Timer(const sc_core::sc_module_name& name, const sc_core::sc_time& clock_period)
    : sc_module(name),
      socket("socket"),
      timer_interrupt("timer_interrupt"),
      software_interrupt("software_interrupt"),
      period_(clock_period),
      changed_("changed") {
  socket.add({.name = "msip", .offset = LUTRA_TIMER_MSIP, .writable = 1, .write = [this](std::uint32_t value) {
                software_ = value != 0;
                changed_.notify(sc_core::SC_ZERO_TIME);
              }});
  for (const bool high : {false, true}) {
    const std::string half = high ? "_high" : "_low";
    const auto compare = [this, high] { return half_of(compare_, high); };
    socket.add({.name = "mtimecmp" + half,
                .offset = LUTRA_TIMER_MTIMECMP + (high ? 4u : 0u),
                .read = compare,
                .peek = compare,
                .write = [this, high](std::uint32_t value) {
                  compare_ = replace_half(compare_, high, value);
                  changed_.notify(sc_core::SC_ZERO_TIME);
                }});
    const auto time = [this, high] { return half_of(now(), high); };
    socket.add({.name = "mtime" + half,
                .offset = LUTRA_TIMER_MTIME + (high ? 4u : 0u),
                .read = time,
                .peek = time,
                .write = [this, high](std::uint32_t value) { set_time(replace_half(now(), high, value)); }});
  }
  SC_HAS_PROCESS(Timer);
  SC_METHOD(drive);
  sensitive << changed_;
}

std::uint64_t Timer::now() const { return sc_core::sc_time_stamp().value() / period_.value() + offset_; }

void Timer::set_time(std::uint64_t value) {
  offset_ += value - now();
  changed_.notify(sc_core::SC_ZERO_TIME);
}

void Timer::drive() {
  software_interrupt.write(software_);
  const std::uint64_t time = now();
  timer_interrupt.write(time >= compare_);
  if (time >= compare_) return;
  const std::uint64_t cycles = compare_ - time;
  const std::uint64_t into_cycle = sc_core::sc_time_stamp().value() % period_.value();
  const std::uint64_t reachable =
      (std::numeric_limits<std::uint64_t>::max() - sc_core::sc_time_stamp().value()) / period_.value();
  if (cycles < reachable) changed_.notify(sc_core::sc_time::from_value(cycles * period_.value() - into_cycle));
}

}  // namespace lutra::models
