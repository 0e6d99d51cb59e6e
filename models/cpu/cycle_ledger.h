#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace lutra::models::cpu {

enum class Activity : std::uint8_t { execute, instruction_fetch_stall, data_stall, device_stall, wait_for_interrupt };
inline constexpr std::size_t activities = 5;

// Every cycle belongs to one activity.
class CycleLedger {
 public:
  void switch_to(Activity activity, std::uint64_t now) {
    spent_[static_cast<std::size_t>(current_)] += now - since_;
    since_ = now;
    current_ = activity;
  }

  std::uint64_t spent(Activity activity, std::uint64_t now) const {
    return spent_[static_cast<std::size_t>(activity)] + (activity == current_ ? now - since_ : 0);
  }

 private:
  std::array<std::uint64_t, activities> spent_{};
  Activity current_ = Activity::execute;
  std::uint64_t since_ = 0;
};

}  // namespace lutra::models::cpu
