#include "models/base/registers.h"

#include <gtest/gtest.h>

#include "models/interconnect/interconnect.h"
#include "software/common/error.h"
#include "tests/models/initiator.h"

namespace lutra::models {
namespace {

using test::Initiator;

TEST(RegisterBank, KeepsWhatSoftwareWrites) {
  RegisterBank bank;
  bank.add({.name = "a", .offset = 0, .reset = 7});
  bank.add({.name = "b", .offset = 4, .writable = 0xF0});
  std::uint32_t value = 0;
  EXPECT_EQ(bank.read(0, 4, value), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(value, 7u);
  EXPECT_EQ(bank.write(4, 4, 0xABC), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(bank.read(4, 4, value), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(value, 0xB0u) << "the other bits cannot be written";
}

TEST(RegisterBank, RefusesForbiddenAccesses) {
  RegisterBank bank;
  bank.add({.name = "status", .offset = 4, .access = Access::read_only});
  bank.add({.name = "command", .offset = 8, .access = Access::write_only});
  bank.add({.name = "byte", .offset = 13, .bytes = 1});
  std::uint32_t value = 0;
  EXPECT_EQ(bank.read(0, 4, value), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(bank.read(6, 2, value), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(bank.read(std::uint64_t{1} << 40, 4, value), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(bank.read(4, 2, value), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(bank.write(4, 4, 0), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(bank.read(8, 4, value), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(bank.write(8, 1, 0), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(bank.write(13, 1, 0x1FF), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(bank.read(13, 1, value), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(value, 0xFFu);
}

TEST(RegisterBank, AWiderAccessReachesTheRegisterAtItsAddressAlone) {
  RegisterBank bank;
  std::uint32_t written = 0;
  bank.add({.name = "low", .offset = 0, .reset = 0x12, .bytes = 1});
  bank.add(
      {.name = "next", .offset = 1, .reset = 0x34, .bytes = 1, .write = [&](std::uint32_t value) { written = value; }});
  bank.add({.name = "half", .offset = 2, .reset = 0x5678, .bytes = 2});
  std::uint32_t value = 0;
  EXPECT_EQ(bank.read(0, 4, value), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(value, 0x12u);
  EXPECT_TRUE(bank.peek(0, 2, value));
  EXPECT_EQ(value, 0x12u);
  EXPECT_EQ(bank.write(0, 4, 0xAABBCCDD), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(bank.read(0, 1, value), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(value, 0xDDu);
  EXPECT_EQ(written, 0u) << "the register behind";
  EXPECT_EQ(bank.write(1, 2, 0), tlm::TLM_BURST_ERROR_RESPONSE) << "misaligned";
  EXPECT_EQ(bank.read(2, 4, value), tlm::TLM_BURST_ERROR_RESPONSE) << "misaligned";
  EXPECT_EQ(bank.read(0, 3, value), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(bank.read(0, 8, value), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(bank.read(2, 1, value), tlm::TLM_BURST_ERROR_RESPONSE) << "narrower";
}

TEST(RegisterBank, CallsTheDevice) {
  RegisterBank bank;
  std::uint32_t written = 0;
  int reads = 0;
  bank.add({.name = "a",
            .offset = 0,
            .read = [&] { return static_cast<std::uint32_t>(++reads); },
            .write = [&](std::uint32_t value) { written = value; },
            .accepts = [](std::uint32_t value) { return value != 13; }});
  std::uint32_t value = 0;
  bank.read(0, 4, value);
  EXPECT_EQ(value, 1u);
  EXPECT_FALSE(bank.peek(0, 4, value)) << "looking must not have the effect of reading";
  EXPECT_EQ(reads, 1);
  EXPECT_EQ(bank.write(0, 4, 12), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(bank.write(0, 4, 13), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(written, 12u);
}

TEST(RegisterBank, RefusesBadDeclarations) {
  RegisterBank bank;
  bank.add({.name = "a", .offset = 4});
  EXPECT_THROW(bank.add({.name = "same", .offset = 4}), Error);
  EXPECT_THROW(bank.add({.name = "inside", .offset = 6, .bytes = 2}), Error);
  EXPECT_THROW(bank.add({.name = "misaligned", .offset = 10}), Error);
  EXPECT_THROW(bank.add({.name = "eight bytes", .offset = 16, .bytes = 8}), Error);
  bank.add({.name = "before", .offset = 3, .bytes = 1});
}

struct Device : sc_core::sc_module {
  RegisterSocket socket{"socket"};
  std::uint64_t written_at_ns = 0;

  explicit Device(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.add({.name = "a", .offset = 0, .reset = 0x11223344, .write = [this](std::uint32_t) {
                  written_at_ns = static_cast<std::uint64_t>(sc_core::sc_time_stamp().to_seconds() * 1e9 + 0.5);
                }});
    socket.add({.name = "b", .offset = 4, .access = Access::write_only});
  }
};

TEST(RegisterSocket, ServesRegistersOverTheInterconnect) {
  const sc_core::sc_time period(5, sc_core::SC_NS);
  Statistics statistics;
  Interconnect interconnect("interconnect", InterconnectConfig{}, period, statistics);
  Device device("device");
  Initiator initiator(
      "initiator",
      [&](Initiator& i) {
        EXPECT_EQ(i.read(0x100).value, 0x11223344u);
        EXPECT_EQ(i.cycle(), 2u + 1 + 2);
        EXPECT_TRUE(i.write(0x100, 5).ok());
        EXPECT_EQ(device.written_at_ns, (5u + 2 + 1) * 5) << "the effect comes when the data has arrived";
        EXPECT_EQ(i.cycle(), 5u + 5);
        EXPECT_EQ(i.read(0x100, 8).status, tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(i.read(0x102, 2).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(i.read(0x104).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
        EXPECT_EQ(i.read(0x108).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
        tlm::tlm_generic_payload payload;
        tlm::tlm_dmi dmi;
        std::uint32_t value = 0;
        payload.set_read();
        payload.set_address(0x100);
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
        payload.set_data_length(4);
        EXPECT_FALSE(i.socket->get_direct_mem_ptr(payload, dmi));
        EXPECT_EQ(i.socket->transport_dbg(payload), 4u);
        EXPECT_EQ(value, 5u);
        payload.set_write();
        EXPECT_EQ(i.socket->transport_dbg(payload), 0u) << "a debug write would have effects";
      },
      period);
  interconnect.attach_target("device", 0x100, 0x100, device.socket);
  interconnect.attach_initiator("initiator", initiator.socket);
  sc_core::sc_start();
}

}  // namespace
}  // namespace lutra::models
