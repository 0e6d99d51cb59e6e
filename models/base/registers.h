#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tlm>
#include <vector>

#include "models/base/blocking_target.h"

namespace lutra::models {

// How software may use a register.
enum class Access { read_write, read_only, write_only };

// One declared register. A device declares, e.g.
//
//   registers.add({.name = "threshold", .offset = 0x200000, .writable = 7, .write = [this](auto) { update(); }});
//   registers.add({.name = "claim", .offset = 0x200004, .read = [this] { return claim(); }});
//
// Without `read`, a read returns what was last written (at first: `reset`). A read with an effect belongs in `read`;
// debug access never calls it, but `peek` where given. `write` is called with the new value, after it is stored.
struct Register {
  std::string name;
  std::uint32_t offset = 0;
  Access access = Access::read_write;
  std::uint32_t reset = 0;
  std::uint32_t writable = 0xFFFFFFFFu;  // bits a write changes
  std::uint32_t bytes = 4;               // 1, 2 or 4
  std::function<std::uint32_t()> read = {};
  std::function<std::uint32_t()> peek = {};
  std::function<void(std::uint32_t)> write = {};
  std::function<bool(std::uint32_t)> accepts = {};
};

// The registers of one device. A wider aligned access (up to 4 bytes) reaches the register at its address and no other:
// its low bytes are written, and zeros read above them. Offsets that are not declared, narrower accesses and forbidden
// directions are refused with the matching TLM response: ADDRESS_ERROR, BURST_ERROR, COMMAND_ERROR.
class RegisterBank {
 public:
  // Throws Error when the offset is misaligned or overlaps another register.
  void add(Register declaration);

  tlm::tlm_response_status read(std::uint64_t offset, std::uint32_t bytes, std::uint32_t& value);
  tlm::tlm_response_status write(std::uint64_t offset, std::uint32_t bytes, std::uint32_t value);

  // The value without any effect; false when there is no register here, or its reads have effects and no `peek`.
  bool peek(std::uint64_t offset, std::uint32_t bytes, std::uint32_t& value) const;

  const std::vector<Register>& registers() const { return registers_; }

 private:
  std::size_t position(std::uint64_t offset) const;  // first register at or behind the offset

  std::vector<Register> registers_;    // sorted by offset
  std::vector<std::uint32_t> values_;  // of the same order
};

// A TLM target whose address space is a register bank. The delay of a transaction is waited out before the register is
// touched, so that effects happen at their exact time. No DMI; debug access reads and never writes.
class RegisterSocket : public tlm::tlm_target_socket<32>, private BlockingTarget {
 public:
  explicit RegisterSocket(const char* name);

  RegisterSocket& add(Register declaration);
  RegisterBank& bank() { return bank_; }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) override;
  unsigned int transport_dbg(tlm::tlm_generic_payload& transaction) override;

  RegisterBank bank_;
};

}  // namespace lutra::models
