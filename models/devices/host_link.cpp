#include "models/devices/host_link.h"

#include "models/interface/memory_map.h"

namespace lutra::models {

HostLink::HostLink(const sc_core::sc_module_name& name) : sc_module(name), socket("socket") {
  socket.add({.name = "next_frame", .offset = LUTRA_HOST_NEXT_FRAME, .access = Access::read_only, .read = [this] {
                return callbacks_.next_frame && callbacks_.next_frame() ? 1u : 0u;
              }});
  socket.add({.name = "begin_op",
              .offset = LUTRA_HOST_BEGIN_OP,
              .access = Access::write_only,
              .write = [this](std::uint32_t op) {
                if (callbacks_.begin_op) callbacks_.begin_op(op);
              }});
  socket.add({.name = "frame_done",
              .offset = LUTRA_HOST_FRAME_DONE,
              .access = Access::write_only,
              .write = [this](std::uint32_t) {
                if (callbacks_.frame_done) callbacks_.frame_done();
              }});
}

}  // namespace lutra::models
