#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/interface/commands.h"

namespace lutra::compiler {

// The bytes of a stream: commands one after another, each told by what it changes (LUTRA_CHANGES) where that is
// shorter. Whether a word changes must not depend on where data lie in main memory, which is known only once all
// streams have a size: a transfer's address always counts as changed.
class CommandEncoder {
 public:
  void write(const lutra_transfer& transfer);
  void write(const lutra_tile& tile);
  void write(const lutra_operation& operation);

  // Closed by LUTRA_FINISH.
  std::vector<std::uint8_t> finish();

 private:
  // `place` of the last command like it; the word `always` counts as changed, 0: none.
  template <typename Command>
  void write_at(unsigned place, std::size_t always, const Command& command);

  template <std::size_t Words>
  bool write_changes(const std::array<std::uint32_t, Words>& whole, std::span<const std::uint32_t> last, unsigned place,
                     std::size_t always);

  std::array<std::vector<std::uint32_t>, LUTRA_CHANGES> last_;  // by buffer << 4 | opcode; empty: none so far
  std::vector<std::uint8_t> bytes_;
};

}  // namespace lutra::compiler
