#include "software/costs/tables.h"

#include <gmock/gmock.h>

#include "models/base/dram_kinds.h"
#include "software/common/embedded.h"
#include "software/common/files.h"
#include "tests/software/scenario/message.h"
#include "tests/support/scratch.h"

namespace lutra::costs {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* one_more =
    "devices:\n"
    "  - {name: imaginary-7, family: xilinx7, lut: 63400, ff: 126800, dsp: 240, blocks: 270, hard_memories: [],\n"
    "     source: \"this example made it up\"}\n";

TEST(Tables, AFolderAddsADeviceOfACarriedFamily) {
  const test::Scratch scratch;
  write_file(scratch / "devices.yaml", one_more);
  const Tables tables = tables_before(scratch / "");
  EXPECT_EQ(tables.devices.size(), carried_tables().devices.size() + 1);
  EXPECT_EQ(find_device(tables, "imaginary-7").lut, 63400);
  EXPECT_EQ(find_device(tables, "imaginary-7").rules.dsp_width_a, 25);
  EXPECT_EQ(tables.digest.size(), 64U);
  EXPECT_EQ(carried_tables().digest, "");
}

TEST(Tables, AFolderReplacesADeviceOfTheSameName) {
  const test::Scratch scratch;
  write_file(scratch / "devices.yaml",
             "devices:\n  - {name: zynq-7020, family: ecp5, lut: 7, ff: 8, dsp: 0, blocks: 9, hard_memories: [], "
             "source: s}\n");
  const Tables tables = tables_before(scratch / "");
  EXPECT_EQ(tables.devices.size(), carried_tables().devices.size());
  EXPECT_EQ(find_device(tables, "zynq-7020").lut, 7);
  EXPECT_EQ(find_device(tables, "zynq-7020").family, "ecp5");
}

TEST(Tables, AReplacedFamilyNamesTheUsersTable) {
  const test::Scratch scratch;
  write_file(scratch / "devices.yaml", find_embedded("software/costs/tables/devices.yaml").value());
  for (const Device& device : tables_before(scratch / "").devices)
    EXPECT_THAT(device.rules.dsp.table, StartsWith("user:devices@")) << device.name;
  for (const Device& device : carried_tables().devices) EXPECT_EQ(device.rules.dsp.table, "devices") << device.name;
}

TEST(Tables, RefuseABadFolderWithFileAndLine) {
  const test::Scratch scratch;
  const auto message = [&] { return test::message_of([&] { tables_before(scratch / ""); }); };
  EXPECT_THAT(message(), HasSubstr("devices.yaml"));
  write_file(
      scratch / "devices.yaml",
      "devices:\n  - {name: d, family: virtex, lut: 7, ff: 8, dsp: 0, blocks: 9, hard_memories: [], source: s}\n");
  EXPECT_THAT(message(), AllOf(HasSubstr("devices.yaml:2:"), HasSubstr("virtex")));
  write_file(scratch / "devices.yaml", std::string(one_more) + std::string(one_more).substr(9));
  EXPECT_THAT(message(), AllOf(HasSubstr("devices.yaml:4:"), HasSubstr("twice")));
  write_file(scratch / "devices.yaml", one_more);
  write_file(scratch / "area.yaml", "node: 7nm\n");
  EXPECT_THAT(message(), AllOf(HasSubstr("area.yaml"), HasSubstr("nothing reads")));
}

// A node of a user's: its own table of the hart, the carried text for everything else.
TEST(Tables, AFolderAddsANode) {
  const test::Scratch scratch;
  const auto of_7nm = [](std::string text) {
    for (std::size_t at = 0; (at = text.find("45nm", at)) != std::string::npos;) text.replace(at, 4, "7nm");
    return text;
  };
  const auto copy = [&](const std::string& id, const std::string& carried) {
    write_file(scratch / (id + ".yaml"), of_7nm(std::string(find_embedded(carried).value())));
  };
  copy("energy/7nm/hart", "models/cpu/costs/hart_45nm.yaml");
  copy("area/7nm", "software/costs/tables/area/45nm.yaml");
  write_file(scratch / "targets.yaml", "asic:\n  - {node: 7nm, energy: [hart], not_counted: [all but the hart]}\n");
  const Tables tables = tables_before(scratch / "");
  EXPECT_EQ(tables.nodes(), (std::vector<std::string>{"45nm", "7nm"}));
  const AsicTarget& target = find_target(tables, "7nm");
  ASSERT_EQ(target.energy.size(), 1U);
  EXPECT_THAT(target.energy.front().name, StartsWith("user:energy/7nm/hart@"));
  EXPECT_EQ(find_target(tables, "45nm").energy.front().name, "energy/45nm/hart");
  EXPECT_THAT(test::message_of([&] { energy_tables(target, "sram", "mac"); }), HasSubstr("energy/7nm/mac"));
  EXPECT_THAT(test::message_of([&] { energy_tables(target, "ddr3", ""); }), HasSubstr("energy/7nm/ddr3"));
  for (const std::string& kind : models::dram_kinds())
    EXPECT_EQ(energy_tables(find_target(tables, "45nm"), kind, "").back().name, "energy/45nm/" + kind);
}

}  // namespace
}  // namespace lutra::costs
