#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "models/devices/exit_device.h"
#include "models/devices/host_link.h"
#include "models/interface/memory_map.h"
#include "tests/models/device_bench.h"

namespace lutra::models {
namespace {

using test::drive;
using test::Initiator;

TEST(ExitDevice, ReportsPassAndFailure) {
  std::optional<int> code;
  ExitDevice device("exit", [&](int value) { code = value; });
  drive(device, [&](Initiator& i) {
    EXPECT_EQ(i.write(0, 0x1234).status, tlm::TLM_COMMAND_ERROR_RESPONSE) << "neither pass nor fail";
    EXPECT_FALSE(code);
    EXPECT_TRUE(i.write(0, LUTRA_EXIT_PASS).ok());
    EXPECT_EQ(code, 0);
    i.write(0, (42u << 16) | LUTRA_EXIT_FAIL);
    EXPECT_EQ(code, 42);
    i.write(0, LUTRA_EXIT_FAIL);
    EXPECT_NE(code, 0) << "a failure is never a pass";
    EXPECT_EQ(i.read(0).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
  });
}

TEST(HostLink, CallsTheHost) {
  HostLink link("host");
  int frames = 2;
  std::vector<std::uint32_t> ops;
  int done = 0;
  link.connect({[&] { return frames-- > 0; }, [&](std::uint32_t op) { ops.push_back(op); }, [&] { ++done; }});
  drive(link, [&](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 1u);
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 1u);
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 0u);
    i.write(LUTRA_HOST_BEGIN_OP, 3);
    i.write(LUTRA_HOST_BEGIN_OP, LUTRA_HOST_NO_OP);
    i.write(LUTRA_HOST_FRAME_DONE, 0);
    EXPECT_EQ(i.write(LUTRA_HOST_NEXT_FRAME, 0).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(i.read(LUTRA_HOST_BEGIN_OP).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
  });
  EXPECT_EQ(ops, (std::vector<std::uint32_t>{3, LUTRA_HOST_NO_OP}));
  EXPECT_EQ(done, 1);
}

TEST(HostLink, HasNoFramesWithoutAHost) {
  HostLink link("host");
  drive(link, [](Initiator& i) {
    EXPECT_EQ(i.read(LUTRA_HOST_NEXT_FRAME).value, 0u);
    EXPECT_TRUE(i.write(LUTRA_HOST_BEGIN_OP, 1).ok());
    EXPECT_TRUE(i.write(LUTRA_HOST_FRAME_DONE, 1).ok());
  });
}

}  // namespace
}  // namespace lutra::models
