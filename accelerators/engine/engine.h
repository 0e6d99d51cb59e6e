#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <systemc>
#include <tlm>
#include <vector>

#include "accelerators/engine/buffers.h"
#include "accelerators/engine/burst_port.h"
#include "accelerators/engine/decode.h"
#include "accelerators/engine/events.h"
#include "accelerators/engine/ledger.h"
#include "accelerators/family/family.h"
#include "models/base/observer.h"
#include "models/base/registers.h"
#include "models/base/statistics.h"

namespace lutra::accelerators {

// The shell around a PE family: registers and interrupt on one side, three memory ports on the other, and between them
// a command processor and concurrent load, compute and store units (README.md: what each does in which cycle).
class Engine : public sc_core::sc_module {
 public:
  models::RegisterSocket registers{"registers"};  // accelerators/interface/registers.h
  tlm_utils::simple_initiator_socket<Engine> fetch{"fetch"};
  tlm_utils::simple_initiator_socket<Engine> load{"load"};
  tlm_utils::simple_initiator_socket<Engine> store{"store"};
  sc_core::sc_out<bool> interrupt{"interrupt"};  // level

  // Throws Error naming a knob the shell cannot build. Registers its counters with `statistics`.
  Engine(const sc_core::sc_module_name& name, const EngineConfig& config, std::unique_ptr<Family> family,
         sc_core::sc_time clock_period, models::Statistics& statistics);

  const EngineConfig& config() const { return config_; }
  const Family& family() const { return *family_; }
  bool running() const { return ledger_.running(); }

  // Tells `observer` from now on what each unit does or waits for ("engine.fetch", ...), and under "engine.why" the
  // cause that every cycle belongs to. Null: nobody.
  void observe(models::Observer* observer);

  // Calls `begun` from now on whenever the load, compute or store unit comes to another operation (LUTRA_OPERATION).
  void on_operation(std::function<void(Unit, std::uint32_t)> begun) { on_operation_ = std::move(begun); }

 private:
  struct Lane {  // a unit's queue and what it waits for
    std::deque<Command> queue;
    sc_core::sc_event changed;
    const int* token = nullptr;
  };

  // engine.cpp
  void declare_registers();
  void start();
  void stop();
  void drive_interrupt();
  std::uint64_t now() const;
  void enter(Unit unit, State state, const Command* command = nullptr) {
    ledger_.enter(unit, state, now());
    if (observer_ != nullptr) report(unit, command);
  }

  // observe.cpp
  void report(Unit unit, const Command* command) const;
  void report_all() const;

  // command_processor.cpp
  void process_commands();
  void run_stream();
  bool have_bytes(std::size_t count);
  void issue_fetches();
  bool resident_stream() const { return (stream_address_ & LUTRA_STREAM_RESIDENT) != 0; }
  void fetch_resident();
  bool dispatch(Command command);
  void fail(lutra_engine_error error, std::uint32_t stream_offset);
  void look_for_deadlock();
  bool quiet() const;
  std::size_t queue_limit() const { return static_cast<std::size_t>(config_.command_queue); }

  // units.cpp
  void run_load() { run_unit(Unit::load); }
  void run_compute() { run_unit(Unit::compute); }
  void run_store() { run_unit(Unit::store); }
  void run_unit(Unit unit);
  Command next_command(Unit unit);
  void come_to(Unit unit, std::optional<std::uint32_t> operation);
  bool take_tokens(Unit unit, const Command& command);
  bool take_token(Unit unit, State state, int& token);
  void give_tokens(Unit unit, const Command& command);
  lutra_engine_error run(const Command& command);
  lutra_engine_error run_transfer(const lutra_transfer& transfer, Unit unit);
  bool move_over_bus(const lutra_transfer& transfer, Unit unit);          // false: refused
  std::uint64_t move_in_maps(const lutra_transfer& transfer, Unit unit);  // the cycles it takes
  lutra_engine_error run_tile(const lutra_tile& tile);

  Lane& lane(Unit unit) { return lanes_[static_cast<int>(unit)]; }
  const Lane& lane(Unit unit) const { return lanes_[static_cast<int>(unit)]; }
  // Tokens from one unit to its neighbour in the ring load, compute, store.
  int& tokens(Unit from, Unit to) { return tokens_[static_cast<int>(from)][static_cast<int>(to)]; }

  const EngineConfig config_;
  const std::unique_ptr<Family> family_;
  const sc_core::sc_time period_;
  Buffers buffers_;
  Ledger ledger_;
  EventCounters events_;
  BurstPort fetch_port_;
  BurstPort load_port_;
  BurstPort store_port_;

  std::array<Lane, unit_count> lanes_;
  std::array<std::array<int, unit_count>, unit_count> tokens_{};
  sc_core::sc_event started_;
  sc_core::sc_event queue_space_;
  sc_core::sc_event quiet_;

  std::uint32_t next_address_ = 0;  // of the stream the next start runs
  std::uint32_t next_bytes_ = 0;

  // The stream being fetched.
  std::uint32_t stream_address_ = 0;
  std::uint32_t stream_bytes_ = 0;
  std::uint32_t issued_ = 0;
  Decoder decoder_{config_, *family_};
  std::deque<std::vector<std::uint8_t>> arriving_;
  std::vector<std::uint8_t> fetched_;  // arrived, not yet decoded
  std::uint32_t decoded_ = 0;
  Unit stalled_on_ = Unit::fetch;

  bool failed_ = false;
  std::uint32_t status_ = 0;
  std::uint32_t error_code_ = 0;
  std::uint32_t error_detail_ = 0;
  std::uint32_t irq_enable_ = 0;
  std::uint32_t irq_status_ = 0;
  sc_core::sc_event irq_changed_;
  models::Observer* observer_ = nullptr;
  std::array<std::optional<std::uint32_t>, unit_count> operations_;  // that the units are at
  std::function<void(Unit, std::uint32_t)> on_operation_;
};

}  // namespace lutra::accelerators
