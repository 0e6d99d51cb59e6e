#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>

#include "accelerators/engine/ledger.h"
#include "accelerators/family/engine_config.h"
#include "software/prediction/command_stream.h"
#include "software/prediction/main_memory.h"

namespace lutra::prediction {

// One run of a command stream by the engine: which unit works when (accelerators/engine/README.md, "What happens
// when"), without what is computed. For streams of the compiler, in which no command fails.
class EngineReplay {
 public:
  EngineReplay(const accelerators::EngineConfig& config, MainMemory& memory, Scheduler& scheduler);

  // Runs to the end of the stream, which lies at `address` (as the engine's register takes it).
  void run(std::uint32_t address, std::span<const Work> stream);

 private:
  struct Lane {
    explicit Lane(Scheduler& scheduler) : changed(scheduler) {}
    std::deque<const Work*> queue;
    Signal changed;
  };

  struct Port {  // accelerators/engine/burst_port.h
    std::uint64_t next_issue = 0;
    std::deque<std::uint64_t> completions;
  };

  struct Asked {              // how far a stream has been asked for
    std::uint64_t next = 0;   // address
    std::uint64_t left = 0;   // bytes
    std::uint64_t block = 0;  // no burst crosses a multiple of it

    std::uint32_t take();  // the next burst's bytes
  };

  Process fetch(std::uint32_t address, std::span<const Work> stream);
  Process unit(accelerators::Unit unit, std::size_t count);

  bool full(const Port& port) const;
  // When the port can issue its next burst.
  std::uint64_t room(const Port& port) const;
  void issued(Port& port, std::uint64_t completion);

  Lane& lane(accelerators::Unit unit) { return lanes_[static_cast<std::size_t>(unit)]; }
  int& tokens(accelerators::Unit from, accelerators::Unit to) {
    return tokens_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }

  const accelerators::EngineConfig& config_;
  MainMemory& memory_;
  Scheduler& scheduler_;
  std::uint64_t period_;
  Signal queue_space_;
  std::array<Lane, accelerators::unit_count> lanes_;
  std::array<std::array<int, accelerators::unit_count>, accelerators::unit_count> tokens_{};
};

}  // namespace lutra::prediction
