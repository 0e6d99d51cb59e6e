#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

class Price : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(lutra_command(scratch_, "run --no-float --quiet --images 1 --simulate 1 --output out").exit_code, 0);
  }
  nlohmann::json priced(const std::string& options) {
    const CommandResult done = lutra_command(scratch_, "price out/result.json --quiet --output p.json " + options);
    EXPECT_EQ(done.exit_code, 0) << done.errors;
    return nlohmann::json::parse(read_text_file(scratch_ / "p.json"));
  }
  Scratch scratch_;
};

TEST_F(Price, TheCarriedTablesGiveTheSameBytesAgain) {
  priced("");
  EXPECT_EQ(read_text_file(scratch_ / "p.json"), read_text_file(scratch_ / "out/result.json"));
}

TEST_F(Price, AUsersDeviceNeedsNoRebuild) {
  write_file(scratch_ / "mine/devices.yaml",
             "devices:\n  - {name: imaginary-7, family: xilinx7, lut: 63400, ff: 126800, dsp: 240, blocks: 270, "
             "hard_memories: [], source: made up}\n");
  const auto resources = priced("--costs mine --fpga imaginary-7 --asic none").at("resources");
  EXPECT_EQ(resources.at("device"), "imaginary-7");
  const CommandResult described = lutra_command(scratch_, "describe embedded --costs mine");
  EXPECT_EQ(described.exit_code, 0) << described.errors;
  const CommandResult refused = lutra_command(scratch_, "price out/result.json --fpga imaginary-7");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("zynq-7020"));
  EXPECT_THAT(lutra_command(scratch_, "price out/result.json --asic 1nm").errors, HasSubstr("45nm"));
}

}  // namespace
}  // namespace lutra::test
