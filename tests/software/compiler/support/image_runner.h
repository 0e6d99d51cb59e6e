#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "accelerators/family/family.h"
#include "software/compiler/compiler.h"
#include "software/program/image.h"
#include "tests/software/compiler/support/commands.h"

namespace lutra::test {

lutra_image header_of(std::span<const std::uint8_t> image);
std::vector<lutra_op> ops_of(std::span<const std::uint8_t> image);
// `bytes` bytes of the image from `address` on.
std::span<const std::uint8_t> bytes_of(std::span<const std::uint8_t> image, std::uint32_t address, std::uint32_t bytes);
// Of an operation that begins one.
std::span<const std::uint8_t> stream_of(std::span<const std::uint8_t> image, const lutra_op& op);

// As for_each_command, for the commands of one operation in the stream that computes it.
template <typename Visit>
void for_each_command_of(std::span<const std::uint8_t> image, std::size_t op, Visit visit) {
  const std::vector<lutra_op> ops = ops_of(image);
  std::size_t current = op;
  while (ops[current].commands == 0) --current;
  struct Filter {
    std::size_t op;
    std::size_t& current;
    Visit& visit;
    void operator()(const lutra_command&) const {}
    void operator()(const lutra_operation& begun) const { current = begun.operation; }
    void operator()(const lutra_transfer& transfer) const {
      if (current == op) visit(transfer);
    }
    void operator()(const lutra_tile& tile) const {
      if (current == op) visit(tile);
    }
  };
  const auto stream = stream_of(image, ops[current]);
  for_each_command(stream, Filter{op, current, visit});
}

// Runs one frame of a program, engine operations through the command interpreter and the others through the hart's
// kernels, and holds every edge against the reference executor. Empty when all are equal; else names the first that is
// not. `family` may be null when no operation is on the engine.
std::string difference_from_reference(const compiler::Program& program, const network::QuantisedNetwork& network,
                                      std::span<const std::uint8_t> pixels, const compiler::CompileOptions& options,
                                      const accelerators::EngineConfig& engine, const accelerators::Family* family);

}  // namespace lutra::test
