#include "models/interconnect/interconnect.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "software/common/error.h"

namespace lutra::models {
namespace {

// Two interconnects that wait for each other's instant to end would wait for ever.
constexpr int patience_deltas = 16;

}  // namespace

struct Interconnect::Waiting {
  Channel::Request request;
  sc_core::sc_event granted;
};

Interconnect::Interconnect(const sc_core::sc_module_name& name, const InterconnectConfig& config,
                           const sc_core::sc_time& clock_period, Statistics& statistics)
    : sc_module(name),
      config_(config),
      arbitration_(config.arbitration),
      width_shift_(std::countr_zero(config.width_bytes)),
      period_(clock_period.value()),
      latency_(config.latency_cycles * clock_period.value()),
      statistics_(statistics),
      read_bytes_(statistics.add({"interconnect", "read_bytes", Quantity::bytes, "bytes read over the interconnect"})),
      write_bytes_(
          statistics.add({"interconnect", "write_bytes", Quantity::bytes, "bytes written over the interconnect"})),
      transactions_(
          statistics.add({"interconnect", "transactions", Quantity::events, "bursts, refused ones included"})),
      requested_("requested"),
      patience_(patience_deltas) {
  if (period_ == 0) throw Error("the interconnect's clock period is under 1 ps: lower the clock");
  if (!std::has_single_bit(config.width_bytes) || config.max_burst_bytes < config.width_bytes ||
      config.port_depth == 0) {
    throw Error(
        fmt::format("an interconnect {} bytes wide with bursts of {} bytes and {} bursts per port does not work: "
                    "the width a power of two, a burst at least one beat, at least one burst",
                    config.width_bytes, config.max_burst_bytes, config.port_depth));
  }
  SC_HAS_PROCESS(Interconnect);
  SC_METHOD(arbitrate);
  dont_initialize();
  sensitive << requested_;
}

Interconnect::~Interconnect() = default;

void Interconnect::attach_initiator(const std::string& port_name, tlm::tlm_initiator_socket<32>& initiator) {
  const auto index = static_cast<std::uint32_t>(initiators_.size());
  std::uint64_t& waited = statistics_.add({"interconnect", "wait_cycles." + port_name, Quantity::cycles,
                                           "cycles " + port_name + " waited for other traffic"});
  initiators_.push_back(std::make_unique<InitiatorPort>(port_name, *this, index, waited, initiator));
}

void Interconnect::attach_target(const std::string& port_name, std::uint64_t base, std::uint64_t bytes,
                                 tlm::tlm_target_socket<32>& target) {
  if (bytes == 0 || base + (bytes - 1) < base) {
    throw Error(fmt::format("target {} at {:#x} with {} bytes does not fit the address space", port_name, base, bytes));
  }
  const auto behind =
      std::find_if(targets_.begin(), targets_.end(), [&](const auto& port) { return port->base > base; });
  const TargetPort* taken = nullptr;
  if (behind != targets_.end() && (*behind)->base - base < bytes) taken = behind->get();
  if (behind != targets_.begin() && (*std::prev(behind))->contains(base)) taken = std::prev(behind)->get();
  if (taken != nullptr) {
    throw Error(fmt::format("target {} at {:#x} with {} bytes overlaps target {} at {:#x} with {} bytes", port_name,
                            base, bytes, taken->name, taken->base, taken->bytes));
  }
  const Channel channel(arbitration_, config_.port_depth, period_);
  targets_.insert(behind, std::make_unique<TargetPort>(port_name, *this, base, bytes, channel, target));
}

void Interconnect::before_end_of_elaboration() {
  for (const auto& port : initiators_) port->connect();
  for (const auto& port : targets_) port->connect();
}

TargetPort* Interconnect::find(std::uint64_t address) const {
  for (const auto& port : targets_) {
    if (port->contains(address)) return port.get();
  }
  return nullptr;
}

TargetPort* Interconnect::route(InitiatorPort& from, tlm::tlm_generic_payload& transaction) const {
  tlm::tlm_response_status refused = unsupported(transaction);
  const std::uint64_t address = transaction.get_address();
  TargetPort* to = from.last_target;
  if (to == nullptr || !to->contains(address)) to = find(address);
  if (refused == tlm::TLM_OK_RESPONSE && to == nullptr) refused = tlm::TLM_ADDRESS_ERROR_RESPONSE;
  const std::uint32_t bytes = transaction.get_data_length();
  if (refused == tlm::TLM_OK_RESPONSE &&
      (bytes > config_.max_burst_bytes || bytes > to->bytes - (address - to->base))) {
    refused = tlm::TLM_BURST_ERROR_RESPONSE;
  }
  if (refused != tlm::TLM_OK_RESPONSE) {
    transaction.set_response_status(refused);
    return nullptr;
  }
  from.last_target = to;
  return to;
}

void Interconnect::transport(InitiatorPort& from, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  if (delay != sc_core::SC_ZERO_TIME) {
    sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
  }
  ++transactions_;
  const std::uint64_t asked = sc_core::sc_time_stamp().value();
  TargetPort* to = route(from, transaction);
  if (to == nullptr) {
    delay = sc_core::sc_time::from_value(2 * latency_);
    if (observer_ != nullptr) report(from, nullptr, transaction, asked, asked, delay);
    return;
  }
  const std::uint32_t slot = acquire(from, transaction.is_read() ? to->read : to->write);
  const std::uint64_t taken = sc_core::sc_time_stamp().value();
  carry(from, *to, transaction, slot, delay);
  if (observer_ != nullptr) report(from, to, transaction, asked, taken, delay);
}

void Interconnect::report(const InitiatorPort& from, const TargetPort* to, const tlm::tlm_generic_payload& transaction,
                          std::uint64_t asked, std::uint64_t taken, const sc_core::sc_time& delay) const {
  observer_->burst({.initiator = from.name,
                    .target = to == nullptr ? std::string_view() : std::string_view(to->name),
                    .address = transaction.get_address(),
                    .bytes = transaction.get_data_length(),
                    .write = transaction.is_write(),
                    .failed = !transaction.is_response_ok(),
                    .asked_ps = asked,
                    .taken_ps = taken,
                    .done_ps = sc_core::sc_time_stamp().value() + delay.value()});
}

// Blocks until the address channel takes the request. One that comes alone, with nothing else to happen at this
// instant, needs no process switch.
std::uint32_t Interconnect::acquire(InitiatorPort& from, Channel& channel) {
  const std::uint64_t asked = sc_core::sc_time_stamp().value();
  if (!channel.waiting() && channel.earliest_grant() <= asked && !sc_core::sc_pending_activity_at_current_time()) {
    return channel.grant(from.index, asked);
  }
  std::unique_ptr<Waiting> waiting;
  if (idle_waiting_.empty()) {
    waiting = std::make_unique<Waiting>();
  } else {
    waiting = std::move(idle_waiting_.back());
    idle_waiting_.pop_back();
  }
  waiting->request.initiator = from.index;
  waiting->request.owner = waiting.get();
  channel.enqueue(&waiting->request);
  requested_.notify(sc_core::SC_ZERO_TIME);
  sc_core::wait(waiting->granted);
  const std::uint32_t slot = waiting->request.slot;
  idle_waiting_.push_back(std::move(waiting));
  from.wait_cycles += (sc_core::sc_time_stamp().value() - asked) / period_;
  return slot;
}

// Runs when the instant has no other activity left, so that every request of the instant is in the queues.
void Interconnect::arbitrate() {
  if (sc_core::sc_pending_activity_at_current_time() && patience_ > 0) {
    --patience_;
    requested_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  patience_ = patience_deltas;
  const std::uint64_t now = sc_core::sc_time_stamp().value();
  std::uint64_t next = Channel::never;
  for (const auto& port : targets_) {
    for (Channel* channel : {&port->read, &port->write}) {
      if (const Channel::Request* granted = channel->arbitrate(now)) {
        static_cast<Waiting*>(granted->owner)->granted.notify();
      }
      if (channel->waiting()) next = std::min(next, channel->earliest_grant());
    }
  }
  if (next != Channel::never) requested_.notify(sc_core::sc_time::from_value(next - now));
}

void Interconnect::carry(InitiatorPort& from, TargetPort& to, tlm::tlm_generic_payload& transaction, std::uint32_t slot,
                         sc_core::sc_time& delay) {
  const bool read = transaction.is_read();
  Channel& channel = read ? to.read : to.write;
  const std::uint64_t data_time = beats(transaction) * period_;
  const std::uint64_t granted = sc_core::sc_time_stamp().value();
  std::uint64_t at_target = granted + latency_;
  std::uint64_t queued = 0;
  if (!read) {
    const std::uint64_t start = std::max({at_target, channel.data_free(), from.write_free});
    queued = start - at_target;
    at_target = start + data_time;
    channel.occupy_data(at_target);
    from.write_free = at_target;
  }
  const std::uint64_t address = transaction.get_address();
  delay = sc_core::sc_time::from_value(at_target - granted);
  transaction.set_address(address - to.base);
  to->b_transport(transaction, delay);
  transaction.set_address(address);

  const std::uint64_t now = sc_core::sc_time_stamp().value();
  std::uint64_t end = next_edge(now + delay.value());
  const bool done = transaction.is_response_ok();
  if (read && done) {
    const std::uint64_t start = std::max({end, channel.data_free(), from.read_free});
    queued = start - end;
    end = start + data_time;
    channel.occupy_data(end);
    from.read_free = end;
  }
  if (done) (read ? read_bytes_ : write_bytes_) += transaction.get_data_length();
  if (queued != 0) from.wait_cycles += queued / period_;
  end += latency_;
  channel.finish(slot, end);
  if (channel.waiting()) requested_.notify(sc_core::SC_ZERO_TIME);
  delay = sc_core::sc_time::from_value(end - now);
}

std::uint64_t Interconnect::beats(const tlm::tlm_generic_payload& transaction) const {
  const std::uint64_t first = transaction.get_address() >> width_shift_;
  const std::uint64_t last = (transaction.get_address() + transaction.get_data_length() - 1) >> width_shift_;
  return last - first + 1;
}

std::uint64_t Interconnect::next_edge(std::uint64_t time) const {
  const std::uint64_t beyond = time % period_;
  return beyond == 0 ? time : time + (period_ - beyond);
}

bool Interconnect::get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  const std::uint64_t address = transaction.get_address();
  TargetPort* to = find(address);
  if (to == nullptr) return false;
  transaction.set_address(address - to->base);
  const bool granted = (*to)->get_direct_mem_ptr(transaction, dmi);
  transaction.set_address(address);
  // A target may hold more than its region shows.
  dmi.set_end_address(std::min<std::uint64_t>(dmi.get_end_address(), to->bytes - 1) + to->base);
  dmi.set_start_address(dmi.get_start_address() + to->base);
  return granted;
}

unsigned int Interconnect::transport_dbg(tlm::tlm_generic_payload& transaction) {
  const std::uint64_t address = transaction.get_address();
  TargetPort* to = find(address);
  if (to == nullptr) return 0;
  const unsigned int length = transaction.get_data_length();
  const std::uint64_t offset = address - to->base;
  transaction.set_address(offset);
  transaction.set_data_length(static_cast<unsigned int>(std::min<std::uint64_t>(length, to->bytes - offset)));
  const unsigned int done = (*to)->transport_dbg(transaction);
  transaction.set_data_length(length);
  transaction.set_address(address);
  return done;
}

void Interconnect::invalidate(const TargetPort& port, std::uint64_t first, std::uint64_t last) {
  last = std::min(last, port.bytes - 1);
  if (first > last) return;
  for (const auto& initiator : initiators_) initiator->invalidate(port.base + first, port.base + last);
}

}  // namespace lutra::models
