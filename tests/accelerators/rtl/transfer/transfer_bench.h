#pragma once

#include <deque>
#include <optional>

#include "tests/accelerators/rtl/transfer/burst_script.h"
#include "tests/accelerators/rtl/transfer/random_stream.h"
#include "tests/accelerators/rtl/twin.h"

namespace lutra::test {

// Drives an elaboration of transfer_units: a command processor that reads a stream of its command memory, a compute
// unit that takes its cycles, and main memory behind AXI4.
template <class Model>
class TransferBench {
 public:
  // `bug`: which of its planted bugs shows, where the elaboration has some (CMakeLists.txt).
  explicit TransferBench(unsigned bug) : bug_(bug) {
    quiet();
    top_.reset();
  }

  // `main`: its contents, read and written. `stop`: the cycle in which software starts the engine again.
  Trace run(const RandomStream& stream, std::uint32_t place, const BurstScript& script, std::vector<std::uint8_t>& main,
            std::optional<std::uint64_t> stop) {
    script_ = &script;
    main_ = &main;
    stream_ = &stream;
    place_ = place;
    stop_ = stop;
    trace_ = {};
    reads_ = writes_ = {};
    read_beats_.clear();
    taken_writes_.clear();
    answers_.clear();
    next_ = 0;
    fetched_ = 0;
    words_ = 0;
    dispatch_at_ = 0;
    computes_.clear();
    compute_.reset();
    compute_ends_ = 0;
    read_asked_.reset();
    write_asked_.reset();
    top_->clear = 1;
    top_.clock();
    top_->clear = 0;
    await_command();
    std::uint64_t idle = 0;
    for (now_ = 0; idle < 3; ++now_) {
      if (now_ > 1000000) throw std::runtime_error("the twin hangs");
      cycle();
      const bool over = (next_ > stream.steps.size() || top_->failed) && trace_.load.back() == 'c' &&
                        trace_.store.back() == 'c' && !compute_ && computes_.empty();
      idle = over ? idle + 1 : 0;
    }
    trace_.error = top_->error_code;
    trace_.detail = top_->error_detail;
    quiet();
    return trace_;
  }

  // What a buffer or memory holds.
  std::vector<std::uint8_t> contents(lutra_buffer buffer, std::size_t bytes) {
    std::vector<std::uint8_t> all;
    for (std::uint32_t at = 0; at < bytes; at += 16) {
      const std::uint32_t position = at;
      switch (buffer) {
        case LUTRA_BUFFER_WEIGHT:
        case LUTRA_BUFFER_WEIGHT_MEMORY:
          top_->weight_read = 1;
          top_->weight_resident = buffer == LUTRA_BUFFER_WEIGHT_MEMORY;
          top_->weight_position = position | bug_ << 21;
          break;
        case LUTRA_BUFFER_PARAMETER:
          top_->parameter_read = 1;
          top_->parameter_position = position;
          break;
        case LUTRA_BUFFER_SKIP:
          top_->skip_read = 1;
          top_->skip_position = position;
          break;
        default:
          top_->command_read = 1;
          top_->command_position = position;
      }
      top_.clock();
      if (buffer == LUTRA_BUFFER_COMMAND_MEMORY) top_.clock();
      top_->weight_read = top_->parameter_read = top_->skip_read = top_->command_read = 0;
      const auto take = [&](const auto& lanes, int row_bytes) {
        const PortBits bits = sample(lanes, 8 * row_bytes);
        for (std::uint32_t i = 0; i < 16; ++i)
          all.push_back(
              static_cast<std::uint8_t>(bits.get(8 * ((position + i) % static_cast<unsigned>(row_bytes)), 8)));
      };
      if (buffer == LUTRA_BUFFER_WEIGHT || buffer == LUTRA_BUFFER_WEIGHT_MEMORY)
        take(top_->weight_lanes, Model::WEIGHT_ROW_BYTES);
      else if (buffer == LUTRA_BUFFER_PARAMETER)
        take(top_->parameter_lanes, Model::PARAMETER_ROW_BYTES);
      else if (buffer == LUTRA_BUFFER_SKIP)
        take(top_->skip_lanes, 16);
      else
        take(top_->command_word, 16);
    }
    all.resize(bytes);
    return all;
  }

 private:
  static constexpr unsigned bus = Model::BUS_BYTES;
  struct ReadBeat {
    std::uint64_t at;
    std::uint64_t address;
    bool refused;
  };
  struct TakenWrite {
    std::uint64_t address, beats, end;
    bool refused;
  };
  struct Answer {
    std::uint64_t at;
    bool refused;
  };

  void quiet() {
    top_->load_offered = top_->store_offered = 0;
    top_->rvalid = top_->bvalid = top_->arready = top_->awready = top_->wready = 0;
    top_->take_load = top_->take_store = top_->give_load = top_->give_store = 0;
    top_->command_error = top_->compute_error = 0;
    top_->weight_read = top_->parameter_read = top_->skip_read = top_->command_read = 0;
    top_->clear = 0;
    top_->weight_position = bug_ << 21;
  }

  // When the next command has been fetched: a word of 16 bytes per cycle, the first after the memory's latency.
  void await_command() {
    if (next_ > stream_->steps.size()) return;
    const std::size_t bytes = next_ == stream_->steps.size()               ? sizeof(lutra_command)
                              : stream_->steps[next_].opcode == LUTRA_TILE ? sizeof(lutra_tile)
                                                                           : sizeof(lutra_transfer);
    for (; fetched_ < bytes; ++words_) {
      dispatch_at_ += words_ == 0 ? 1 + accelerators::memory_latency : 1;
      fetched_ += words_ == 0 ? 16 - place_ % 16 : 16;
    }
    fetched_ -= bytes;
  }

  void offer(const Step& step) {
    const lutra_transfer& t = step.transfer;
    const std::uint64_t row = std::uint64_t{t.columns} * t.element_bytes;
    const bool row_touches = t.columns == 1 || t.column_pitch == t.element_bytes;
    const bool rows_touch = row_touches && (t.rows == 1 || t.row_pitch == row);
    PortBits command;
    std::size_t at = 0;
    const auto field = [&](int bits, std::uint64_t value) {
      command.put(at, bits, static_cast<std::uint32_t>(value));
      at += static_cast<std::size_t>(bits);
    };
    constexpr int length = 25;  // transfer_pkg
    field(32, t.column_pitch);
    field(32, t.row_pitch);
    field(length, rows_touch ? 1 : t.rows);
    field(length, row_touches ? 1 : t.columns);
    field(length, !row_touches ? t.element_bytes : rows_touch ? row * t.rows : row);
    field(32, t.address);
    field(length, t.offset);
    field(1, t.memory == LUTRA_MEMORY_MAPS);
    field(3, t.buffer);
    field(4, step.tokens);
    field(32, step.stream_offset);
    drive(top_->command, static_cast<int>(at), command);
    (step.opcode == LUTRA_LOAD ? top_->load_offered : top_->store_offered) = 1;
  }

  void cycle() {
    top_->load_offered = top_->store_offered = 0;
    const bool at_step = next_ < stream_->steps.size() && now_ >= dispatch_at_ && !top_->failed;
    const Step* step = at_step ? &stream_->steps[next_] : nullptr;
    if (step != nullptr && step->opcode != LUTRA_TILE)
      offer(*step);
    else
      drive(top_->command, 236, top_.noise(236));
    top_->command_error = stop_ && now_ + 1 == *stop_ ? static_cast<CData>(LUTRA_ERROR_BUSY) : 0;
    top_->weight_read = noise_.chance(2);
    top_->weight_resident = noise_.chance(2);
    top_->weight_position = static_cast<IData>(noise_.between(0, 2000)) | bug_ << 21;
    drive_reads();
    drive_answers();
    top_->eval();
    if (top_->failed) trace_.failed = std::min(trace_.failed, now_);
    const bool dispatched = step == nullptr              ? false
                            : step->opcode == LUTRA_TILE ? compute_takes(*step)
                            : step->opcode == LUTRA_LOAD ? top_->load_ready
                                                         : top_->store_ready;
    run_compute();
    take_addresses();
    take_data();
    top_->eval();
    note(trace_.load, top_->load_state);
    note(trace_.store, top_->store_state);
    top_.clock();
    const bool finishes = next_ == stream_->steps.size() && now_ >= dispatch_at_;
    if (dispatched || finishes) {
      ++next_;
      dispatch_at_ = now_ + 1;
      await_command();
    }
  }

  static void note(std::string& states, unsigned state) {
    states += state == 1 ? 'b' : state == 2 ? 'c' : state == 4 ? 'p' : state == 8 ? 'n' : '?';
  }

  // The compute unit: a queue and one tile, which waits for its tokens or takes its cycles.
  bool compute_takes(const Step& step) {
    const bool idle = !compute_ || now_ == compute_ends_;
    if (computes_.size() >= Model::QUEUE && !idle) return false;
    computes_.push_back(&step);
    return true;
  }
  void run_compute() {
    top_->take_load = top_->take_store = top_->give_load = top_->give_store = 0;
    if (compute_ && now_ == compute_ends_) compute_.reset(), compute_ends_ = 0;
    if (top_->failed) {
      computes_.clear();
      if (compute_ends_ == 0) compute_.reset();
      return;
    }
    if (!compute_ && !computes_.empty()) {
      compute_ = computes_.front();
      computes_.pop_front();
    }
    if (!compute_) return;
    const unsigned tokens = (*compute_)->tokens;
    if (compute_ends_ == 0) {
      const bool waits_load = (tokens & LUTRA_WAIT_PREVIOUS) != 0, waits_store = (tokens & LUTRA_WAIT_NEXT) != 0;
      if ((waits_load && !top_->load_token) || (waits_store && !top_->store_token)) return;
      top_->take_load = waits_load;
      top_->take_store = waits_store;
      compute_ends_ = now_ + (*compute_)->cycles;
    }
    if (now_ + 1 == compute_ends_) {
      top_->give_load = (tokens & LUTRA_SIGNAL_PREVIOUS) != 0;
      top_->give_store = (tokens & LUTRA_SIGNAL_NEXT) != 0;
    }
  }

  const BurstScript::Burst& scripted(const std::vector<BurstScript::Burst>& bursts, std::size_t index) const {
    return bursts[index % bursts.size()];
  }

  // Whether an address that is offered is taken in this cycle.
  bool grants(bool valid, std::optional<std::uint64_t>& asked, int grant) {
    if (!valid) return noise_.chance(2);
    if (!asked) asked = now_;
    if (now_ < *asked + static_cast<std::uint64_t>(grant)) return false;
    asked.reset();
    return true;
  }

  void take_addresses() {
    const auto& read = scripted(script_->reads, trace_.reads.size());
    top_->arready = grants(top_->arvalid, read_asked_, read.grant);
    if (top_->arvalid && top_->arready) {
      const std::uint64_t beats = top_->arlen + 1u;
      std::uint64_t last = std::max(now_, reads_.end == 0 ? 0 : reads_.end - 1);
      const std::uint64_t end = reads_.carry(now_, beats, read.extra);
      trace_.reads.push_back({now_, top_->araddr, beats});
      for (std::uint64_t beat = 0; beat < beats; ++beat) {
        // Any cycle that leaves one for each of those behind it.
        const std::uint64_t latest = end - beats + beat;
        const std::uint64_t at =
            beat + 1 == beats
                ? latest
                : last + 1 + static_cast<std::uint64_t>(noise_.between(0, static_cast<int>(latest - last - 1)));
        read_beats_.push_back({at, top_->araddr / bus * bus + beat * bus, read.refused});
        last = at;
      }
    }
    const auto& write = scripted(script_->writes, trace_.writes.size());
    top_->awready = grants(top_->awvalid, write_asked_, write.grant);
    if (top_->awvalid && top_->awready) {
      const std::uint64_t beats = top_->awlen + 1u;
      trace_.writes.push_back({now_, top_->awaddr, beats});
      const std::uint64_t end = writes_.carry(now_, beats, write.extra);
      taken_writes_.push_back({top_->awaddr / bus * bus, beats, end, write.refused});
    }
  }

  void drive_reads() {
    top_->rvalid = !read_beats_.empty() && read_beats_.front().at == now_;
    PortBits data = top_.noise(8 * bus);
    top_->rresp = static_cast<CData>(noise_.between(0, 3));
    if (top_->rvalid) {
      const ReadBeat beat = read_beats_.front();
      read_beats_.pop_front();
      for (unsigned i = 0; i < bus; ++i) data.put(8 * i, 8, (*main_)[beat.address + i - Memory::base]);
      top_->rresp = static_cast<CData>(beat.refused ? noise_.between(2, 3) : noise_.between(0, 1));
    }
    drive(top_->rdata, 8 * bus, data);
  }

  // A beat of data: not before its address, and in time for the burst's end.
  void take_data() {
    const bool known = !taken_writes_.empty();
    const bool late = known && now_ + taken_writes_.front().beats + 1 >= taken_writes_.front().end;
    top_->wready = known && (late || noise_.chance(2));
    if (!top_->wvalid || !top_->wready) {
      if (late && known) missed_ += 1;
      return;
    }
    TakenWrite& burst = taken_writes_.front();
    const PortBits data = sample(top_->wdata, 8 * bus);
    for (unsigned i = 0; i < bus; ++i)
      if ((top_->wstrb >> i & 1) != 0 && !burst.refused)
        (*main_)[burst.address + i - Memory::base] = static_cast<std::uint8_t>(data.get(8 * i, 8));
    burst.address += bus;
    if ((--burst.beats == 0) != (top_->wlast != 0)) ++missed_;
    if (burst.beats > 0) return;
    answers_.push_back({burst.end - 1, burst.refused});
    taken_writes_.pop_front();
  }

  void drive_answers() {
    top_->bvalid = !answers_.empty() && answers_.front().at <= now_;
    top_->bresp = static_cast<CData>(noise_.between(0, 3));
    if (!top_->bvalid) return;
    top_->bresp = static_cast<CData>(answers_.front().refused ? noise_.between(2, 3) : noise_.between(0, 1));
    answers_.pop_front();
  }

 public:
  // Beats that came too late for their burst's end, or whose last was not.
  int missed() const { return missed_; }

 private:
  Twin<Model> top_;
  const IData bug_;
  Random noise_{7};
  const BurstScript* script_ = nullptr;
  std::vector<std::uint8_t>* main_ = nullptr;
  const RandomStream* stream_ = nullptr;
  std::uint32_t place_ = 0;
  std::optional<std::uint64_t> stop_;
  Trace trace_;
  std::uint64_t now_ = 0;
  int missed_ = 0;

  BurstChannel reads_, writes_;
  std::deque<ReadBeat> read_beats_;
  std::deque<TakenWrite> taken_writes_;
  std::deque<Answer> answers_;
  std::optional<std::uint64_t> read_asked_, write_asked_;

  std::size_t next_ = 0;  // command
  std::uint64_t dispatch_at_ = 0;
  std::size_t fetched_ = 0, words_ = 0;

  std::deque<const Step*> computes_;
  std::optional<const Step*> compute_;
  std::uint64_t compute_ends_ = 0;
};

}  // namespace lutra::test
