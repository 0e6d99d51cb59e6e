#pragma once

#include <stdexcept>
#include <string>

namespace lutra {

// Bad input. The message names the input (file and place), the offending value, and the way out; the CLI prints it as
// it stands and exits with a non-zero code.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace lutra
