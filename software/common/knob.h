#pragma once

#include <initializer_list>

namespace lutra {

// What a declared knob accepts.

// A whole number from low to high.
struct KnobRange {
  int low;
  int high;
  bool power_of_two = false;
};

// One of these words.
struct KnobWords {
  std::initializer_list<const char*> words;
};

// Any value of the field's type; its reader knows what else holds.
struct KnobAny {};

}  // namespace lutra
