#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "software/network/data/own_data.h"

namespace lutra::network {

inline constexpr std::size_t largest_array_bytes = std::size_t{1} << 29;

// Numbers of one type, lowest byte first, the last extent varying fastest.
struct Array {
  std::string place;  // the file, for messages
  NumberType type = NumberType::uint8;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;

  std::size_t size() const;
  double at(std::size_t index) const;  // whole numbers beyond 2^53 are rounded
};

std::size_t bytes_of(NumberType type);
const char* name_of(NumberType type);
bool is_whole(NumberType type);
std::string to_string(const std::vector<std::int64_t>& extents);  // "1000x1x49x10"

// Throws Error naming the place unless the array holds as many bytes as its shape and type say, whatever they are.
void check_size(const Array& array);

// Turns the bytes of every number round. Takes an array whose size is checked.
void swap_bytes(Array& array);

}  // namespace lutra::network
