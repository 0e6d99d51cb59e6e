#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lutra::models {

// Zeroed bytes that cost host memory only where they are touched. Throws Error when the host cannot map them.
class Storage {
 public:
  explicit Storage(std::size_t bytes);
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  std::size_t size() const { return bytes_; }
  std::uint8_t* data() { return data_; }
  std::span<std::uint8_t> span() { return {data_, bytes_}; }

 private:
  std::size_t bytes_;
  std::uint8_t* data_;
};

}  // namespace lutra::models
