#pragma once

#include <fmt/format.h>

#include <compare>
#include <concepts>

namespace lutra::network {

// The number of a thing in a list, or -1 for none. Numbers of different things do not mix: each kind has a tag.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  template <std::integral Number>
  constexpr Id(Number number) : number_(static_cast<int>(number)) {}

  template <std::integral Number>
  constexpr explicit operator Number() const {
    return static_cast<Number>(number_);
  }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;

 private:
  int number_ = -1;
};

}  // namespace lutra::network

template <typename Tag>
struct fmt::formatter<lutra::network::Id<Tag>> : fmt::formatter<int> {
  template <typename Context>
  auto format(const lutra::network::Id<Tag>& id, Context& context) const {
    return fmt::formatter<int>::format(static_cast<int>(id), context);
  }
};
