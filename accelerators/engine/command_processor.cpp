#include <algorithm>

#include "accelerators/engine/engine.h"
#include "accelerators/family/activation_layout.h"
#include "accelerators/interface/registers.h"

namespace lutra::accelerators {

void Engine::process_commands() {
  for (;;) {
    sc_core::wait(started_);
    stream_address_ = next_address_;
    stream_bytes_ = next_bytes_;
    issued_ = decoded_ = 0;
    arriving_.clear();
    fetched_.clear();
    decoder_.restart();
    failed_ = false;
    tokens_ = {};
    run_stream();
    enter(Unit::fetch, State::off);
    fetch_port_.retire_all();
    look_for_deadlock();
    while (!quiet()) sc_core::wait(quiet_);
    stop();
  }
}

// Until the stream's FINISH is dispatched or the stream fails.
void Engine::run_stream() {
  while (!failed_) {
    if (!have_bytes(sizeof(lutra_command))) return;
    const std::size_t bytes = command_bytes(std::span(fetched_).first<sizeof(lutra_command)>());
    if (bytes == 0) return fail(LUTRA_ERROR_OPCODE, decoded_);
    if (!have_bytes(bytes)) return;
    Command command = decoder_.decode(std::span(fetched_).first(bytes), decoded_);
    if (command.error != LUTRA_ERROR_NONE) return fail(command.error, decoded_);
    fetched_.erase(fetched_.begin(), fetched_.begin() + static_cast<std::ptrdiff_t>(bytes));
    const bool last = command.unit == Unit::fetch;
    if (!dispatch(std::move(command))) return;
    decoded_ += static_cast<std::uint32_t>(bytes);
    if (last) return;
  }
}

// Waits until this many bytes of the stream lie decoded-ready; false where it ends or fails before.
bool Engine::have_bytes(std::size_t count) {
  while (fetched_.size() < count && !failed_) {
    if (resident_stream()) {
      fetch_resident();
      continue;
    }
    issue_fetches();
    if (failed_) break;
    if (arriving_.empty()) {
      fail(LUTRA_ERROR_STREAM, decoded_);
      break;
    }
    if (!fetch_port_.retire_oldest()) {
      fail(LUTRA_ERROR_BUS, decoded_ + static_cast<std::uint32_t>(fetched_.size()));
      break;
    }
    fetched_.insert(fetched_.end(), arriving_.front().begin(), arriving_.front().end());
    arriving_.pop_front();
  }
  return !failed_;
}

void Engine::issue_fetches() {
  while (issued_ < stream_bytes_ && !fetch_port_.full() && !failed_) {
    const std::uint64_t address = std::uint64_t{stream_address_} + issued_;
    const auto burst = static_cast<std::uint32_t>(config_.burst_bytes);
    const std::uint32_t bytes = std::min(stream_bytes_ - issued_, burst - static_cast<std::uint32_t>(address % burst));
    fetch_port_.issue(tlm::TLM_READ_COMMAND, address, arriving_.emplace_back(bytes));
    events_.count_fetch(bytes);
    issued_ += bytes;
  }
}

// The next word of the command memory; the first of a stream takes the memory's latency too.
void Engine::fetch_resident() {
  const std::uint64_t address = std::uint64_t{stream_address_ & ~LUTRA_STREAM_RESIDENT} + issued_;
  const std::vector<std::uint8_t>& memory = buffers_.bytes[LUTRA_BUFFER_COMMAND_MEMORY];
  if (issued_ == stream_bytes_) return fail(LUTRA_ERROR_STREAM, decoded_);
  const std::uint64_t word = transfer_port_bytes - address % transfer_port_bytes;
  const std::uint64_t bytes = std::min(std::uint64_t{stream_bytes_ - issued_}, word);
  if (address + bytes > memory.size()) return fail(LUTRA_ERROR_BOUNDS, issued_);
  const auto first = memory.begin() + static_cast<std::ptrdiff_t>(address);
  fetched_.insert(fetched_.end(), first, first + static_cast<std::ptrdiff_t>(bytes));
  events_.count_resident_fetch(bytes);
  sc_core::wait((issued_ == 0 ? 1 + memory_latency : 1) * period_);
  issued_ += static_cast<std::uint32_t>(bytes);
}

bool Engine::dispatch(Command command) {
  if (command.unit != Unit::fetch) {
    Lane& target = lane(command.unit);
    if (target.queue.size() >= queue_limit()) {
      stalled_on_ = command.unit;
      enter(Unit::fetch, State::stalled);
      look_for_deadlock();
      while (target.queue.size() >= queue_limit() && !failed_) sc_core::wait(queue_space_);
      enter(Unit::fetch, State::busy);
    }
    if (failed_) return false;
    target.queue.push_back(std::move(command));
    target.changed.notify(sc_core::SC_ZERO_TIME);
  }
  events_.count_command();
  sc_core::wait(period_);
  return !failed_;
}

// The first error counts. Units finish what they run, drop what they have queued, and the stream stops.
void Engine::fail(lutra_engine_error error, std::uint32_t stream_offset) {
  if (failed_) return;
  failed_ = true;
  error_code_ = error;
  error_detail_ = stream_offset;
  for (Lane& each : lanes_) {
    each.queue.clear();
    each.changed.notify(sc_core::SC_ZERO_TIME);
  }
  queue_space_.notify(sc_core::SC_ZERO_TIME);
}

bool Engine::quiet() const {
  for (const Unit unit : {Unit::load, Unit::compute, Unit::store})
    if (ledger_.state(unit) != State::waits_command || !lane(unit).queue.empty()) return false;
  return true;
}

// Called whenever a process begins to wait. Once the command processor can dispatch no more, every unit either has
// something to do, or waits for a token nobody will give.
void Engine::look_for_deadlock() {
  if (quiet()) quiet_.notify(sc_core::SC_ZERO_TIME);
  const State fetching = ledger_.state(Unit::fetch);
  if (failed_ || (fetching != State::off && fetching != State::stalled)) return;
  if (fetching == State::stalled && lane(stalled_on_).queue.size() < queue_limit()) return;  // about to go on
  bool waits = false;
  for (const Unit unit : {Unit::load, Unit::compute, Unit::store}) {
    const Lane& each = lane(unit);
    const bool waits_for_token = each.token != nullptr && *each.token == 0;
    const bool out_of_work = ledger_.state(unit) == State::waits_command && each.queue.empty();
    if (!waits_for_token && !out_of_work) return;
    waits = waits || waits_for_token;
  }
  if (waits) fail(LUTRA_ERROR_DEADLOCK, decoded_);
}

}  // namespace lutra::accelerators
