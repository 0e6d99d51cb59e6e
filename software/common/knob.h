#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

namespace lutra {

// What a declared knob accepts. A configuration declares its knobs in one list,
//   for_each_knob(config, visit)     visit(name, field, accepted, about) for each
// which serves scenarios, results, range checks and the key tables of scenarios/README.md.

// A whole number from `low` to `high`, or `also` where that is not 0. With power_of_two, 0 counts as one.
struct KnobRange {
  std::int64_t low;
  std::int64_t high;
  bool power_of_two = false;
  std::int64_t also = 0;
};

// A number from `low` to `high`, or the word `zero` for 0 where that is not empty.
struct KnobReal {
  double low;
  double high;
  const char* zero = "";
};

// One of the values of an enumeration; these words name all of them, in their order.
struct KnobWords {
  std::initializer_list<const char*> words;

  template <typename Choice>
  const char* of(Choice value) const {
    return words.begin()[static_cast<std::size_t>(value)];
  }
};

// The stem of a table in the folder, or the word `also` where that is not empty.
struct KnobTable {
  const char* folder;
  const char* also = "";
};

struct KnobFlag {};

// Any value of the field's type; whoever takes it knows what else holds. `values` says it to people.
struct KnobAny {
  const char* values;
};

// A configuration within this one, with a list of its own.
struct KnobGroup {};

// For lists that take const and mutable configurations alike.
template <typename Type, typename Config>
concept ConfigOf = std::same_as<std::remove_const_t<Type>, Config>;

}  // namespace lutra
