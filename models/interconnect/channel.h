#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "models/base/soc_config.h"

namespace lutra::models {

// One direction (read or write) of one target port: an address channel that accepts a request per cycle while fewer
// than `depth` of its bursts are unfinished, and a data channel that carries a beat per cycle. Times are absolute, in
// picoseconds. Plain C++: the interconnect asks, and waits.
class Channel {
 public:
  struct Request {
    std::uint32_t initiator = 0;
    std::uint32_t slot = 0;  // set when granted
    void* owner = nullptr;
  };

  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  Channel(Arbitration arbitration, std::uint32_t depth, std::uint64_t period)
      : arbitration_(arbitration), period_(period), unfinished_(depth, 0) {}

  // The earliest time a request can be granted; `never` while that depends on a burst whose end is not yet known.
  std::uint64_t earliest_grant() const {
    const std::uint64_t oldest = unfinished_[next_slot_];
    return oldest > next_address_ ? oldest : next_address_;
  }
  bool waiting() const { return !waiting_.empty(); }

  // Grants a request that need not wait; returns its slot.
  std::uint32_t grant(std::uint32_t initiator, std::uint64_t now);

  void enqueue(Request* request) { waiting_.push_back(request); }

  // The request that wins at `now`, granted and removed from the queue; null when none can be granted.
  Request* arbitrate(std::uint64_t now);

  // The burst in this slot ends at `end`.
  void finish(std::uint32_t slot, std::uint64_t end) { unfinished_[slot] = end; }

  std::uint64_t data_free() const { return data_free_; }
  void occupy_data(std::uint64_t until) { data_free_ = until; }

 private:
  Arbitration arbitration_;
  std::uint64_t period_;
  std::uint64_t next_address_ = 0;
  std::uint64_t data_free_ = 0;
  std::vector<std::uint64_t> unfinished_;  // ring: when the burst in each slot ends
  std::uint32_t next_slot_ = 0;
  std::uint32_t last_ = std::numeric_limits<std::uint32_t>::max();  // the initiator granted last; at first, nobody
  std::vector<Request*> waiting_;
};

}  // namespace lutra::models
