#pragma once

namespace lutra {

// A visitor made of lambdas: std::visit(Overload{[](int) {}, [](double) {}}, value).
template <typename... Alternatives>
struct Overload : Alternatives... {
  using Alternatives::operator()...;
};
template <typename... Alternatives>
Overload(Alternatives...) -> Overload<Alternatives...>;  // clang++ 14 does not deduce an aggregate's arguments

}  // namespace lutra
