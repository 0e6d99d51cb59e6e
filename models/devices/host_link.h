#pragma once

#include <cstdint>
#include <functional>
#include <systemc>

#include "models/base/registers.h"

namespace lutra::models {

// What the host does when software uses the host link; an absent callback does nothing, and an absent next_frame means
// that there are no frames.
struct HostCallbacks {
  std::function<bool()> next_frame;  // puts the next frame into memory; false when there are no more
  std::function<void(std::uint32_t)> begin_op;
  std::function<void()> frame_done;
};

// The host's side of the experiment (LUTRA_HOST_* in memory_map.h).
class HostLink : public sc_core::sc_module {
 public:
  RegisterSocket socket;

  explicit HostLink(const sc_core::sc_module_name& name);

  void connect(HostCallbacks callbacks) { callbacks_ = std::move(callbacks); }

 private:
  HostCallbacks callbacks_;
};

}  // namespace lutra::models
