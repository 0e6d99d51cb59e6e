#pragma once

#include <functional>
#include <string>

#include "software/common/error.h"

namespace lutra::test {

// The message of the Error an action throws; "no error" when it throws none.
inline std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace lutra::test
