#include "software/common/unfinished.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>

#include "software/common/error.h"

namespace lutra {

namespace {

enum State { free_slot, claimed, in_use };

struct Slot {
  std::atomic<int> state = free_slot;
  std::array<char, 4096> path{};
};

std::array<Slot, 16> slots;

}  // namespace

std::filesystem::path writable_place(const std::filesystem::path& path) {
  constexpr int most_links = 40;
  std::error_code failure;
  std::filesystem::path place = path;
  for (int i = 0; i < most_links && std::filesystem::is_symlink(place, failure); ++i)
    place = place.parent_path() / std::filesystem::read_symlink(place, failure);
  const std::filesystem::file_status found = std::filesystem::status(place, failure);
  if (std::filesystem::is_other(found))
    throw Error(fmt::format("{}: is no regular file, and would be replaced by one; name a file", path.string()));
  return place;
}

Unfinished::Unfinished(const std::filesystem::path& temporary) : slot_(slots.size()) {
  const std::string path = temporary.string();
  if (path.size() >= slots[0].path.size()) return;
  for (slot_ = 0; slot_ < slots.size(); ++slot_) {
    Slot& slot = slots[slot_];
    int expected = free_slot;
    if (!slot.state.compare_exchange_strong(expected, claimed)) continue;
    std::memcpy(slot.path.data(), path.c_str(), path.size() + 1);
    slot.state = in_use;
    return;
  }
}

Unfinished::~Unfinished() {
  if (slot_ < slots.size()) slots[slot_].state = free_slot;
}

void remove_unfinished() noexcept {
  for (const Slot& slot : slots)
    if (slot.state == in_use) ::unlink(slot.path.data());
}

}  // namespace lutra
