#pragma once

#include <systemc>
#include <utility>

namespace lutra::models {

// An Error with what a model has thrown, or with what SystemC found; std::bad_alloc where memory is exhausted.
[[noreturn]] void rethrow(const sc_core::sc_report& report);

// What `work` yields; what SystemC reports meanwhile is thrown as above.
template <typename Work>
decltype(auto) reports_as_errors(Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const sc_core::sc_report& report) {
    rethrow(report);
  }
}

}  // namespace lutra::models
