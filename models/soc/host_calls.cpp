#include "models/soc/host_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "software/common/error.h"

namespace lutra::models {
namespace {

// System calls of Linux on RISC-V, which newlib (libgloss) uses too.
enum HostCall : std::uint32_t {
  call_close = 57,
  call_lseek = 62,
  call_read = 63,
  call_write = 64,
  call_fstat = 80,
  call_exit = 93,
  call_exit_group = 94,
  call_brk = 214,
};

constexpr std::uint32_t minus_bad_descriptor = ~9u + 1;
constexpr std::uint32_t minus_bad_address = ~14u + 1;
constexpr std::uint32_t minus_no_such_call = ~38u + 1;

constexpr std::uint32_t call_register = 7;  // a7 behind a0
constexpr std::uint32_t block_words = 8;    // 64 bits each: number, arguments

using Block = std::array<std::uint64_t, block_words>;

std::span<std::uint8_t> bytes_of(Block& block) { return {reinterpret_cast<std::uint8_t*>(block.data()), sizeof block}; }

void require_aligned(const ElfImage& image, const char* symbol, std::optional<std::uint32_t> address) {
  if (address && *address % 4 != 0)
    throw Error(fmt::format("{}: its symbol {} is not aligned to 4 bytes", image.name, symbol));
}

}  // namespace

HostCalls::HostCalls(Soc& soc, const ElfImage& image, std::ostream& console)
    : soc_(soc), image_(image), console_(console) {
  require_aligned(image, "tohost", image.tohost);
  require_aligned(image, "fromhost", image.fromhost);
  if (image.tohost) soc.hart().watch_store(*image.tohost, [this](std::uint32_t word) { take_tohost(word); });
  soc.hart().on_environment_call([this](std::span<const std::uint32_t> arguments) { return take_ecall(arguments); });
}

void HostCalls::end(Verdict verdict) {
  verdict_ = std::move(verdict);
  soc_.stop(verdict_->exit_code);
}

// The convention of the public conformance tests (riscv-tests, env/p): 1 passes, (n << 1) | 1 fails test n, an even
// value is the address of a system call.
void HostCalls::take_tohost(std::uint32_t word) {
  if (word == 0 || verdict_) return;
  if (word == 1) return end({ExecEnd::tohost, 0, "tohost: passed"});
  if ((word & 1) == 0) return take_call_block(word);
  end({ExecEnd::tohost, static_cast<int>(word >> 1), fmt::format("tohost: test {} failed", word >> 1)});
}

void HostCalls::take_call_block(std::uint32_t address) {
  Block block;
  try {
    soc_.read_memory(address, bytes_of(block));
  } catch (const Error&) {
    return end({ExecEnd::halted, 1, fmt::format("tohost: {:#x} is neither a result nor a system call", address)});
  }
  if (!image_.fromhost)
    return end({ExecEnd::halted, 1,
                fmt::format("tohost: {:#x} asks the host for a system call, and the program has no symbol fromhost to "
                            "take the answer",
                            address)});
  std::array<std::uint32_t, block_words> words;
  std::transform(block.begin(), block.end(), words.begin(),
                 [](std::uint64_t word) { return static_cast<std::uint32_t>(word); });
  const std::uint32_t answer = serve(ExecEnd::tohost, words[0], std::span(words).subspan(1));
  if (verdict_) return;
  block[0] = static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(answer)});
  soc_.write_memory(address, bytes_of(block).first(sizeof block[0]));
  write_word(*image_.tohost, 0);
  write_word(*image_.fromhost, 1);
}

std::uint32_t HostCalls::take_ecall(std::span<const std::uint32_t> arguments) {
  return serve(ExecEnd::exit_call, arguments[call_register], arguments);
}

std::uint32_t HostCalls::serve(ExecEnd way, std::uint32_t number, std::span<const std::uint32_t> arguments) {
  switch (number) {
    case call_write:
      return write(arguments[0], arguments[1], arguments[2]);
    case call_close:
    case call_lseek:
    case call_read:
    case call_fstat:
    case call_brk:
      return minus_no_such_call;
    case call_exit:
    case call_exit_group: {
      const auto code = static_cast<std::int32_t>(arguments[0]);
      end({way, code, fmt::format("exit call: code {}", code)});
      return 0;
    }
    default:
      end({ExecEnd::halted, 1,
           fmt::format("the program at pc=0x{:08x} asks the host for system call {}, which is not served: write (64) "
                       "and exit (93) are{}",
                       soc_.hart().pc(), number,
                       way == ExecEnd::exit_call ? "; to handle an ecall in the program, set mtvec" : "")});
      return 0;
  }
}

// Returns the bytes written, or a negative error as Linux does.
std::uint32_t HostCalls::write(std::uint32_t descriptor, std::uint32_t address, std::uint32_t bytes) {
  if (descriptor != 1 && descriptor != 2) return minus_bad_descriptor;
  try {
    const std::span<const std::uint8_t> text = soc_.memory(address, bytes);
    console_.write(reinterpret_cast<const char*>(text.data()), static_cast<std::streamsize>(text.size()));
    return bytes;
  } catch (const Error&) {
    return minus_bad_address;
  }
}

void HostCalls::write_word(std::uint32_t address, std::uint32_t word) {
  soc_.write_memory(address, {reinterpret_cast<const std::uint8_t*>(&word), sizeof word});
}

}  // namespace lutra::models
