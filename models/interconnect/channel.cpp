#include "models/interconnect/channel.h"

#include <algorithm>

namespace lutra::models {

std::uint32_t Channel::grant(std::uint32_t initiator, std::uint64_t now) {
  const std::uint32_t slot = next_slot_;
  unfinished_[slot] = never;
  next_slot_ = slot + 1 == unfinished_.size() ? 0 : slot + 1;
  next_address_ = now + period_;
  last_ = initiator;
  return slot;
}

Channel::Request* Channel::arbitrate(std::uint64_t now) {
  if (waiting_.empty() || earliest_grant() > now) return nullptr;
  // Round robin serves whoever comes first behind the last one served; ties (one initiator twice) by age.
  const auto rank = [this](const Request* request) {
    const bool wrapped = arbitration_ == Arbitration::round_robin && request->initiator <= last_;
    return std::pair(wrapped, request->initiator);
  };
  const auto winner = std::min_element(waiting_.begin(), waiting_.end(),
                                       [&](const Request* a, const Request* b) { return rank(a) < rank(b); });
  Request* granted = *winner;
  waiting_.erase(winner);
  granted->slot = grant(granted->initiator, now);
  return granted;
}

}  // namespace lutra::models
