#include "models/cpu/hart.h"

#include <algorithm>
#include <utility>

#include "models/cpu/counters.h"
#include "models/cpu/processor.h"
#include "software/common/error.h"

namespace lutra::models {

namespace {

// Room for handlers that call each other where the compiler does not make them jumps.
constexpr std::size_t stack_bytes = std::size_t{1} << 20;

constexpr std::string_view unit_name = "hart";

struct ActivityState {
  Condition condition;
  std::string_view what;
};

constexpr ActivityState activity_state(cpu::Activity activity) {
  switch (activity) {
    case cpu::Activity::execute:
      return {Condition::busy, "executes"};
    case cpu::Activity::instruction_fetch_stall:
      return {Condition::waiting, "waits for instructions"};
    case cpu::Activity::data_stall:
      return {Condition::waiting, "waits for data"};
    case cpu::Activity::device_stall:
      return {Condition::waiting, "waits for a device"};
    case cpu::Activity::wait_for_interrupt:
      return {Condition::waiting, "sleeps (wfi)"};
  }
  return {};
}

std::uint32_t clamp_to_word(sc_dt::uint64 address) {
  return static_cast<std::uint32_t>(std::min<sc_dt::uint64>(address, UINT32_MAX));
}

}  // namespace

Hart::Hart(const sc_core::sc_module_name& name, const HartConfig& config, sc_core::sc_time clock_period,
           Statistics& statistics)
    : sc_module(name),
      clock_period_(clock_period),
      processor_(std::make_unique<cpu::Processor>(config, static_cast<cpu::Bus&>(*this))),
      counters_(std::make_unique<cpu::Counters>(statistics)),
      stopped_([] { sc_core::sc_stop(); }) {
  if (clock_period == sc_core::SC_ZERO_TIME) throw Error("hart: the clock period is zero");
  bus.register_invalidate_direct_mem_ptr(this, &Hart::withdraw_direct_memory);
  statistics.before_snapshot([this] { counters_->update(*processor_, *this); });
  SC_HAS_PROCESS(Hart);
  SC_THREAD(run);
  set_stack_size(stack_bytes);
  SC_METHOD(note_lines);
  sensitive << external_interrupt << timer_interrupt << software_interrupt;
}

Hart::~Hart() = default;

void Hart::set_reset_vector(std::uint32_t pc) { processor_->set_reset_vector(pc); }

void Hart::attach_tcm(std::uint32_t base, std::span<std::uint8_t> memory) {
  if (memory.size() > UINT32_MAX - base)
    throw Error("hart: the tightly coupled memory reaches beyond the address space");
  processor_->memory().attach_tcm(base, memory);
}

void Hart::set_max_instructions(std::uint64_t limit) { processor_->set_max_instructions(limit); }

void Hart::watch_store(std::uint32_t address, std::function<void(std::uint32_t)> stored) {
  if (address % 4 != 0) throw Error("hart: the address of a watched word must be a multiple of four");
  processor_->memory().watch(address, [this, stored = std::move(stored)](std::uint32_t word) {
    stored(word);
    wait(sc_core::SC_ZERO_TIME);  // lets an sc_stop() in `stored` act before the next instruction
  });
}

void Hart::on_environment_call(std::function<std::uint32_t(std::span<const std::uint32_t>)> serve) {
  serve_call_ = std::move(serve);
}

void Hart::on_stop(std::function<void()> stopped) { stopped_ = std::move(stopped); }

void Hart::observe(Observer* observer) {
  observer_ = observer;
  changes_to(cpu::Activity::execute, now());
}

void Hart::changes_to(cpu::Activity activity, std::uint64_t cycle) {
  if (observer_ == nullptr) return;
  const auto [condition, what] = activity_state(activity);
  observer_->enter(unit_name, condition, what, cycle * clock_period_.value(), {});
}

void Hart::takes(cpu::Interrupt interrupt, std::uint64_t cycle) {
  if (observer_ != nullptr) observer_->happen(unit_name, words_of(interrupt), cycle * clock_period_.value());
}

const HartStop& Hart::stop() const { return processor_->stop(); }
bool Hart::asleep() const { return asleep_; }
std::string Hart::last_trap() const { return processor_->last_trap(); }
std::uint64_t Hart::instructions() const { return processor_->core().issued; }
std::uint32_t Hart::pc() const { return processor_->pc(); }
std::uint32_t Hart::x(unsigned index) const { return processor_->core().x.at(index); }

void Hart::run() {
  processor_->run();
  stopped_();
}

std::uint64_t Hart::cycle_at(const sc_core::sc_time& time) const {
  const sc_dt::uint64 period = clock_period_.value();
  return time.value() / period + (time.value() % period != 0 ? 1 : 0);
}

std::uint64_t Hart::now() const { return cycle_at(sc_core::sc_time_stamp()); }

void Hart::wait_until(std::uint64_t cycle) {
  const sc_core::sc_time target = sc_core::sc_time::from_value(cycle * clock_period_.value());
  const sc_core::sc_time& here = sc_core::sc_time_stamp();
  if (target > here) wait(target - here);
}

bool Hart::transport(tlm::tlm_command command, std::uint32_t address, std::uint8_t* data, std::size_t bytes) {
  tlm::tlm_generic_payload transaction;
  transaction.set_command(command);
  transaction.set_address(address);
  transaction.set_data_ptr(data);
  transaction.set_data_length(static_cast<unsigned>(bytes));
  transaction.set_streaming_width(static_cast<unsigned>(bytes));
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  const sc_core::sc_time start = sc_core::sc_time_stamp();
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  bus->b_transport(transaction, delay);
  wait(delay);
  wait_until(now());
  if (sc_core::sc_time_stamp() == start) wait(sc_core::SC_ZERO_TIME);  // what the target has changed shows
  return transaction.is_response_ok();
}

bool Hart::read(std::uint32_t address, std::span<std::uint8_t> data) {
  return transport(tlm::TLM_READ_COMMAND, address, data.data(), data.size());
}

bool Hart::write(std::uint32_t address, std::span<std::uint8_t> data) {
  return transport(tlm::TLM_WRITE_COMMAND, address, data.data(), data.size());
}

std::size_t Hart::peek(std::uint32_t address, std::span<std::uint8_t> data) {
  tlm::tlm_generic_payload transaction;
  transaction.set_command(tlm::TLM_READ_COMMAND);
  transaction.set_address(address);
  transaction.set_data_ptr(data.data());
  transaction.set_data_length(static_cast<unsigned>(data.size()));
  transaction.set_streaming_width(static_cast<unsigned>(data.size()));
  return bus->transport_dbg(transaction);
}

std::optional<cpu::DirectMemory> Hart::direct_memory(std::uint32_t address) {
  tlm::tlm_generic_payload transaction;
  transaction.set_command(tlm::TLM_READ_COMMAND);
  transaction.set_address(address);
  tlm::tlm_dmi dmi;
  if (!bus->get_direct_mem_ptr(transaction, dmi) || !dmi.is_read_allowed() || !dmi.get_dmi_ptr()) return std::nullopt;
  if (dmi.get_start_address() > address || dmi.get_end_address() < address) return std::nullopt;
  return cpu::DirectMemory{.first = static_cast<std::uint32_t>(dmi.get_start_address()),
                           .last = clamp_to_word(dmi.get_end_address()),
                           .data = dmi.get_dmi_ptr(),
                           .writable = dmi.is_write_allowed()};
}

void Hart::withdraw_direct_memory(sc_dt::uint64 first, sc_dt::uint64 last) {
  if (first <= UINT32_MAX) processor_->withdraw_direct_memory(clamp_to_word(first), clamp_to_word(last));
}

std::uint32_t Hart::interrupt_lines() const {
  return (external_interrupt.read() ? bit_of(cpu::Interrupt::external) : 0) |
         (timer_interrupt.read() ? bit_of(cpu::Interrupt::timer) : 0) |
         (software_interrupt.read() ? bit_of(cpu::Interrupt::software) : 0);
}

void Hart::note_lines() {
  const std::uint32_t lines = interrupt_lines();
  for (std::size_t bit = 0; bit < risen_at_.size(); ++bit)
    if ((lines & ~lines_) >> bit & 1) risen_at_[bit] = now();
  lines_ = lines;
}

std::uint32_t Hart::interrupt_lines_before(std::uint64_t cycle) const {
  std::uint32_t lines = interrupt_lines() & lines_;
  for (std::size_t bit = 0; bit < risen_at_.size(); ++bit)
    if (risen_at_[bit] >= cycle) lines &= ~(std::uint32_t{1} << bit);
  return lines;
}

std::uint64_t Hart::next_event() const {
  if (sc_core::sc_pending_activity_at_current_time()) return now();
  if (!sc_core::sc_pending_activity_at_future_time()) return UINT64_MAX;
  const sc_core::sc_time event = sc_core::sc_time_stamp() + sc_core::sc_time_to_pending_activity();
  return cycle_at(event);
}

std::optional<std::uint32_t> Hart::call_host(std::span<const std::uint32_t> arguments) {
  if (!serve_call_) return std::nullopt;
  const std::uint32_t answer = serve_call_(arguments);
  wait(sc_core::SC_ZERO_TIME);  // lets an sc_pause() in it act before the next instruction
  return answer;
}

void Hart::wait_for_interrupt(std::uint32_t lines) {
  asleep_ = true;
  while (!(interrupt_lines() & lines))
    wait(external_interrupt.value_changed_event() | timer_interrupt.value_changed_event() |
         software_interrupt.value_changed_event());
  wait_until(now());
  asleep_ = false;
}

}  // namespace lutra::models
