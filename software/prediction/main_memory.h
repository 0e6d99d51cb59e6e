#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/base/soc_config.h"
#include "models/base/statistics.h"
#include "models/dram/port.h"
#include "models/interconnect/channel.h"
#include "software/prediction/processes.h"

namespace lutra::prediction {

// Main memory behind the interconnect: the time of bursts, not their data. As models/interconnect/README.md and
// models/dram/README.md have it; nothing else is on the way.
class MainMemory {
 public:
  static constexpr std::size_t initiators = 4;  // the order of their priority: the hart, fetch, load, store

  MainMemory(const models::SocConfig& soc, Scheduler& scheduler);

  std::uint64_t period() const { return period_; }

  // co_await: until the bus takes a burst of this initiator; yields its slot, for carry().
  auto grant(std::uint32_t initiator, bool read) {
    struct Wait {
      MainMemory& memory;
      models::Channel& channel;
      models::Channel::Request request;
      std::coroutine_handle<> process = {};

      bool await_ready() {
        if (!memory.scheduler_.quiet() || channel.waiting() || channel.earliest_grant() > memory.scheduler_.now())
          return false;
        request.slot = channel.grant(request.initiator, memory.scheduler_.now());
        return true;
      }
      void await_suspend(std::coroutine_handle<> waiting) {
        process = waiting;
        request.owner = &process;
        channel.enqueue(&request);
      }
      std::uint32_t await_resume() const { return request.slot; }
    };
    return Wait{*this, read ? read_ : write_, {.initiator = initiator}};
  }

  // Moves a burst that was granted just now; returns when it is complete at the initiator.
  std::uint64_t carry(std::uint32_t initiator, bool read, std::uint32_t slot, std::uint64_t address,
                      std::uint32_t bytes);

  // A read while nobody else uses the bus; returns when it is complete.
  std::uint64_t access(std::uint32_t initiator, std::uint64_t address, std::uint32_t bytes) {
    return carry(initiator, true, read_.grant(initiator, scheduler_.now()), address, bytes);
  }

  // For Scheduler::run.
  std::uint64_t settle();

  // Counts under the names of the simulation from now on: bytes over the interconnect and what main memory does. The
  // statistics must not be asked after the end of this object.
  void count(models::Statistics& statistics);

 private:
  struct Link {  // of one initiator
    std::uint64_t read_free = 0;
    std::uint64_t write_free = 0;
  };

  std::uint64_t next_edge(std::uint64_t time) const;

  Scheduler& scheduler_;
  std::uint64_t period_;   // ps
  std::uint64_t latency_;  // ps
  std::uint32_t width_bytes_;
  std::uint64_t sram_latency_;            // ps
  std::optional<models::DramPort> dram_;  // absent: static RAM
  models::Channel read_;
  models::Channel write_;
  std::array<Link, initiators> links_{};
  std::uint64_t ignored_ = 0;                                      // where nobody counts
  std::array<std::uint64_t*, 2> bus_bytes_{&ignored_, &ignored_};  // reads, writes
  std::array<std::uint64_t*, 2> words_{&ignored_, &ignored_};      // of static RAM
};

}  // namespace lutra::prediction
