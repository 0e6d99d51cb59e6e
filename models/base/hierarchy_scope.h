#pragma once

#include <systemc>

namespace lutra::models {

// While it lives, new SystemC objects become children of `module`, whose constructor has returned.
class HierarchyScope {
 public:
  explicit HierarchyScope(sc_core::sc_module& module) { sc_core::sc_get_curr_simcontext()->hierarchy_push(&module); }
  ~HierarchyScope() { sc_core::sc_get_curr_simcontext()->hierarchy_pop(); }
  HierarchyScope(const HierarchyScope&) = delete;
  HierarchyScope& operator=(const HierarchyScope&) = delete;
};

}  // namespace lutra::models
