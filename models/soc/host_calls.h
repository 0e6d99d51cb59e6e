#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string>

#include "models/soc/elf.h"
#include "models/soc/exec_result.h"
#include "models/soc/soc.h"

namespace lutra::models {

// What a program asks its host for without a device: through the symbol `tohost` as the public conformance tests and
// benchmarks do (riscv-tests), and by ecall while mtvec is 0, as programs of newlib do. Both know the calls write (64,
// to descriptor 1 or 2) and exit (93, 94). The calls for files and heap that newlib's start makes (close, lseek, read,
// fstat, brk) are answered with -ENOSYS; any other ends the run and is named. No call takes time.
class HostCalls {
 public:
  struct Verdict {
    ExecEnd end;
    int exit_code;
    std::string message;
  };

  // Watches the hart of `soc`. Everything must outlive the run. Throws Error for a misaligned symbol.
  HostCalls(Soc& soc, const ElfImage& image, std::ostream& console);
  HostCalls(const HostCalls&) = delete;
  HostCalls& operator=(const HostCalls&) = delete;

  // How the program ended in one of these ways, where it has.
  const std::optional<Verdict>& verdict() const { return verdict_; }

 private:
  void take_tohost(std::uint32_t word);
  void take_call_block(std::uint32_t address);
  std::uint32_t take_ecall(std::span<const std::uint32_t> arguments);
  std::uint32_t serve(ExecEnd way, std::uint32_t number, std::span<const std::uint32_t> arguments);
  std::uint32_t write(std::uint32_t descriptor, std::uint32_t address, std::uint32_t bytes);
  void end(Verdict verdict);
  void write_word(std::uint32_t address, std::uint32_t word);

  Soc& soc_;
  const ElfImage& image_;
  std::ostream& console_;
  std::optional<Verdict> verdict_;
};

}  // namespace lutra::models
