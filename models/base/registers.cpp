#include "models/base/registers.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "software/common/error.h"

namespace lutra::models {
namespace {

std::uint32_t value_mask(std::uint32_t bytes) { return bytes >= 4 ? 0xFFFFFFFFu : (1u << (8 * bytes)) - 1; }

bool takes(const Register& target, std::uint32_t bytes) {
  return std::has_single_bit(bytes) && bytes >= target.bytes && bytes <= 4 && target.offset % bytes == 0;
}

bool overlap(const Register& low, const Register& high) { return low.offset + std::uint64_t{low.bytes} > high.offset; }

}  // namespace

std::size_t RegisterBank::position(std::uint64_t offset) const {
  const auto found = std::lower_bound(registers_.begin(), registers_.end(), offset,
                                      [](const Register& r, std::uint64_t wanted) { return r.offset < wanted; });
  return static_cast<std::size_t>(found - registers_.begin());
}

void RegisterBank::add(Register declaration) {
  const bool size_known = declaration.bytes == 1 || declaration.bytes == 2 || declaration.bytes == 4;
  if (!size_known || declaration.offset % declaration.bytes != 0) {
    throw Error(fmt::format("register {} at offset {:#x} cannot have {} bytes: 1, 2 or 4, naturally aligned",
                            declaration.name, declaration.offset, declaration.bytes));
  }
  const std::size_t at = position(declaration.offset);
  const Register* taken = nullptr;
  if (at < registers_.size() && overlap(declaration, registers_[at])) taken = &registers_[at];
  if (at > 0 && overlap(registers_[at - 1], declaration)) taken = &registers_[at - 1];
  if (taken != nullptr) {
    throw Error(fmt::format("register {} at offset {:#x} overlaps register {} at {:#x}", declaration.name,
                            declaration.offset, taken->name, taken->offset));
  }
  values_.insert(values_.begin() + static_cast<std::ptrdiff_t>(at), declaration.reset);
  registers_.insert(registers_.begin() + static_cast<std::ptrdiff_t>(at), std::move(declaration));
}

tlm::tlm_response_status RegisterBank::read(std::uint64_t offset, std::uint32_t bytes, std::uint32_t& value) {
  const std::size_t at = position(offset);
  if (at == registers_.size() || registers_[at].offset != offset) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  const Register& target = registers_[at];
  if (!takes(target, bytes)) return tlm::TLM_BURST_ERROR_RESPONSE;
  if (target.access == Access::write_only) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  value = (target.read ? target.read() : values_[at]) & value_mask(target.bytes);
  return tlm::TLM_OK_RESPONSE;
}

tlm::tlm_response_status RegisterBank::write(std::uint64_t offset, std::uint32_t bytes, std::uint32_t value) {
  const std::size_t at = position(offset);
  if (at == registers_.size() || registers_[at].offset != offset) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  const Register& target = registers_[at];
  if (!takes(target, bytes)) return tlm::TLM_BURST_ERROR_RESPONSE;
  if (target.access == Access::read_only) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  value &= value_mask(target.bytes);
  if (target.accepts && !target.accepts(value)) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  values_[at] = (values_[at] & ~target.writable) | (value & target.writable);
  if (target.write) target.write(values_[at]);
  return tlm::TLM_OK_RESPONSE;
}

bool RegisterBank::peek(std::uint64_t offset, std::uint32_t bytes, std::uint32_t& value) const {
  const std::size_t at = position(offset);
  if (at == registers_.size() || registers_[at].offset != offset || !takes(registers_[at], bytes)) return false;
  const Register& target = registers_[at];
  if (!target.peek && target.read) return false;
  value = (target.peek ? target.peek() : values_[at]) & value_mask(target.bytes);
  return true;
}

RegisterSocket::RegisterSocket(const char* name) : tlm::tlm_target_socket<32>(name) {
  bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
}

RegisterSocket& RegisterSocket::add(Register declaration) {
  bank_.add(std::move(declaration));
  return *this;
}

void RegisterSocket::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  if (delay != sc_core::SC_ZERO_TIME) {
    sc_core::wait(delay);
    delay = sc_core::SC_ZERO_TIME;
  }
  const std::uint32_t bytes = transaction.get_data_length();
  tlm::tlm_response_status status = unsupported(transaction);
  if (status == tlm::TLM_OK_RESPONSE && bytes > 4) status = tlm::TLM_BURST_ERROR_RESPONSE;
  std::uint32_t value = 0;
  if (status == tlm::TLM_OK_RESPONSE && transaction.is_read()) {
    status = bank_.read(transaction.get_address(), bytes, value);
    if (status == tlm::TLM_OK_RESPONSE) std::memcpy(transaction.get_data_ptr(), &value, bytes);
  } else if (status == tlm::TLM_OK_RESPONSE) {
    std::memcpy(&value, transaction.get_data_ptr(), bytes);
    status = bank_.write(transaction.get_address(), bytes, value);
  }
  transaction.set_response_status(status);
}

unsigned int RegisterSocket::transport_dbg(tlm::tlm_generic_payload& transaction) {
  const std::uint32_t bytes = transaction.get_data_length();
  std::uint32_t value = 0;
  if (!transaction.is_read() || !bank_.peek(transaction.get_address(), bytes, value)) return 0;
  std::memcpy(transaction.get_data_ptr(), &value, bytes);
  return bytes;
}

}  // namespace lutra::models
