#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "software/common/parse_whole.h"

namespace lutra::test {

// The positive number that an environment variable holds, or `otherwise` where it is not set: for runs that take longer
// than those of every day. Throws where it is something else.
template <class Number>
Number number_from(const char* variable, Number otherwise) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return otherwise;
  Number number{};
  if (!parse_whole(text, number) || !(number > 0))
    throw std::invalid_argument(std::string(variable) + "=" + text + ": give a number above 0");
  return number;
}

}  // namespace lutra::test
