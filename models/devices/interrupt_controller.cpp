#include "models/devices/interrupt_controller.h"

#include <fmt/format.h>

#include "models/interface/memory_map.h"
#include "software/common/error.h"

namespace lutra::models {
namespace {

constexpr std::uint32_t priority_bits = 7;

std::uint32_t bit(std::uint32_t source) { return 1u << source; }

}  // namespace

InterruptController::InterruptController(const sc_core::sc_module_name& name)
    : sc_module(name),
      socket("socket"),
      interrupt("interrupt"),
      lines_("line", LUTRA_PLIC_SOURCES),
      changed_("changed") {
  static_assert(LUTRA_PLIC_SOURCES == sizeof(priorities_) / sizeof(priorities_[0]));
  const auto changing = [this](std::uint32_t& target) {
    return [this, &target](std::uint32_t value) {
      target = value;
      changed_.notify(sc_core::SC_ZERO_TIME);
    };
  };
  for (std::uint32_t source = 1; source < LUTRA_PLIC_SOURCES; ++source) {
    socket.add({.name = fmt::format("priority{}", source),
                .offset = LUTRA_PLIC_PRIORITY + 4 * source,
                .writable = priority_bits,
                .write = changing(priorities_[source])});
  }
  const auto pending = [this] { return pending_; };
  socket.add(
      {.name = "pending", .offset = LUTRA_PLIC_PENDING, .access = Access::read_only, .read = pending, .peek = pending});
  socket.add({.name = "enable", .offset = LUTRA_PLIC_ENABLE, .writable = ~1u, .write = changing(enabled_)});
  socket.add(
      {.name = "threshold", .offset = LUTRA_PLIC_THRESHOLD, .writable = priority_bits, .write = changing(threshold_)});
  socket.add({.name = "claim",
              .offset = LUTRA_PLIC_CLAIM,
              .read = [this] { return claim(); },
              .peek = [this] { return best(); },
              .write = [this](std::uint32_t source) { complete(source); }});
  SC_HAS_PROCESS(InterruptController);
  SC_METHOD(drive);
  sensitive << changed_;
  for (std::size_t i = 0; i < lines_.size(); ++i) sensitive << lines_[i];
}

sc_core::sc_signal<bool>& InterruptController::line(std::uint32_t source) {
  if (source == 0 || source >= LUTRA_PLIC_SOURCES) {
    throw Error(fmt::format("interrupt source {} does not exist: 1 to {}", source, LUTRA_PLIC_SOURCES - 1));
  }
  return lines_[source];
}

std::uint32_t InterruptController::best() const {
  std::uint32_t found = 0;
  for (std::uint32_t source = 1; source < LUTRA_PLIC_SOURCES; ++source) {
    const bool candidate = (pending_ & enabled_ & bit(source)) != 0 && priorities_[source] > 0;
    if (candidate && (found == 0 || priorities_[source] > priorities_[found])) found = source;
  }
  return found;
}

std::uint32_t InterruptController::claim() {
  const std::uint32_t source = best();
  if (source != 0) {
    pending_ &= ~bit(source);
    claimed_ |= bit(source);
    changed_.notify(sc_core::SC_ZERO_TIME);
  }
  return source;
}

// The specification ignores the completion of a source that is not enabled for the context.
void InterruptController::complete(std::uint32_t source) {
  if (source >= LUTRA_PLIC_SOURCES || (enabled_ & bit(source)) == 0) return;
  claimed_ &= ~bit(source);
  changed_.notify(sc_core::SC_ZERO_TIME);
}

void InterruptController::drive() {
  for (std::uint32_t source = 1; source < LUTRA_PLIC_SOURCES; ++source) {
    if (lines_[source].read() && (claimed_ & bit(source)) == 0) pending_ |= bit(source);
  }
  const std::uint32_t source = best();
  interrupt.write(source != 0 && priorities_[source] > threshold_);
}

}  // namespace lutra::models
