#pragma once

#include <cstdint>
#include <vector>

namespace lutra::compiler {

// What needs `bytes` bytes of a memory in steps first..last.
struct Interval {
  int first = 0;
  int last = 0;
  std::uint64_t bytes = 0;

  bool meets(const Interval& other) const { return first <= other.last && other.first <= last; }
};

// A place for each of them; those of one step do not overlap.
struct Packing {
  std::vector<std::uint64_t> offsets;
  std::uint64_t bytes = 0;  // where the highest ends
};

// The least that any packing needs: the most bytes of one step.
std::uint64_t living_bytes(const std::vector<Interval>& intervals);

// The best of several orders in which each is laid at the lowest place that is free while it lives: not always the
// least possible, which is NP-hard to find.
Packing pack(const std::vector<Interval>& intervals);

// An interval, and what its place in the memory saves.
struct Candidate {
  Interval interval;
  std::uint64_t saved = 0;
  bool must = false;  // be chosen
};

// Candidates that pack() fits into `capacity` bytes: all where all fit, none where not even those that must do; else
// beside these those that save most per byte and step, or most altogether, then whatever still fits; the better of
// both.
std::vector<bool> choose_packable(const std::vector<Candidate>& candidates, std::uint64_t capacity);

}  // namespace lutra::compiler
