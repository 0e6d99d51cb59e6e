#include "software/costs/resources.h"

#include <gmock/gmock.h>

#include "software/costs/area.h"
#include "software/costs/tables.h"
#include "tests/software/scenario/message.h"

namespace lutra::costs {
namespace {

using accelerators::DspPart;
using accelerators::Primitive;
using accelerators::PrimitiveKind;
using accelerators::Structure;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Primitive multiplier(int count, int a, int b, bool dsp) {
  return {.component = "x",
          .kind = PrimitiveKind::multiplier,
          .count = count,
          .width_a = a,
          .width_b = b,
          .dsp = dsp ? DspPart::product : DspPart::none};
}

Primitive part(PrimitiveKind kind, int count, int width, int inputs = 0, DspPart dsp = DspPart::none) {
  return {.component = "x", .kind = kind, .count = count, .width_a = width, .width_b = inputs, .dsp = dsp};
}

Primitive memory(int width, int depth) {
  return {.component = "x", .kind = PrimitiveKind::memory, .width_a = width, .depth = depth};
}

FpgaResources on(const char* device, const Structure& structure) {
  return pack(structure, {}, find_device(carried_tables(), device));
}
FpgaResources on_zynq(const Structure& structure) { return on("zynq-7020", structure); }

TEST(Resources, AMultiplierInTheFabricIsMadeOfCarryChains) {
  const FpgaResources cells = on_zynq({multiplier(16, 8, 8, false)});
  EXPECT_EQ(cells.lut, 16 * (8 * 9 - 1));
  EXPECT_EQ(cells.dsp, 0);
  EXPECT_EQ(on_zynq({multiplier(1, 4, 8, false)}).lut, 4 * 9 - 1);
  EXPECT_EQ(on_zynq({multiplier(1, 8, 4, false)}).lut, 8 * 5 - 1);
}

TEST(Resources, ALoneMultiplyAccumulateIsOneDspBlockAndNothingElse) {
  const FpgaResources cells = on_zynq(
      {multiplier(1, 8, 8, true), part(PrimitiveKind::registers, 1, 16, 0, DspPart::product),
       part(PrimitiveKind::adder, 1, 32, 0, DspPart::sum), part(PrimitiveKind::registers, 1, 32, 0, DspPart::sum)});
  EXPECT_EQ(cells.dsp, 1);
  EXPECT_EQ(cells.lut, 0);
  EXPECT_EQ(cells.ff, 0);
}

TEST(Resources, AProductTooSmallForADspBlockStaysInTheFabric) {
  const FpgaResources small = on_zynq({multiplier(1, 4, 4, true), part(PrimitiveKind::adder, 1, 20, 0, DspPart::sum)});
  EXPECT_EQ(small.dsp, 0);
  EXPECT_EQ(small.lut, 4 * 5 - 1 + 20);
  EXPECT_EQ(on_zynq({multiplier(1, 5, 4, true)}).dsp, 1);
}

TEST(Resources, AWideProductTakesSeveralDspBlocks) {
  EXPECT_EQ(on_zynq({multiplier(1, 25, 18, true)}).dsp, 1);
  EXPECT_EQ(on_zynq({multiplier(1, 18, 25, true)}).dsp, 1);
  EXPECT_EQ(on_zynq({multiplier(1, 32, 16, true)}).dsp, 2);  // 32 = 25 + 7 of the next block's 24
  EXPECT_EQ(on_zynq({multiplier(1, 32, 32, true)}).dsp, 4);
}

TEST(Resources, AProductWithoutADspBlockLiesInTheFabricWithItsAccumulator) {
  const FpgaResources cells =
      on_zynq({multiplier(256, 8, 8, true), part(PrimitiveKind::adder, 256, 32, 0, DspPart::sum),
               part(PrimitiveKind::registers, 256, 32, 0, DspPart::sum)});
  EXPECT_EQ(cells.dsp, 220);
  EXPECT_EQ(cells.multipliers_in_fabric, 36);
  EXPECT_EQ(cells.lut, 36 * (8 * 9 - 1 + 32));
  EXPECT_EQ(cells.ff, 36 * 32);
  EXPECT_TRUE(cells.fits);
}

TEST(Resources, ABlockHoldsWhatItsFamilysBlocksAreUsedFor) {
  const Structure pair = {multiplier(2, 8, 8, true), part(PrimitiveKind::registers, 2, 16, 0, DspPart::product),
                          part(PrimitiveKind::adder, 1, 17, 0, DspPart::sum),
                          part(PrimitiveKind::registers, 1, 17, 0, DspPart::sum),
                          part(PrimitiveKind::multiplexer, 3, 1, 2, DspPart::product)};
  EXPECT_EQ(on("zynq-7020", pair).lut, 3) << "what stands before a block alone";
  EXPECT_EQ(on("zynq-7020", pair).ff, 0);
  EXPECT_EQ(on("ice40-up5k", pair).lut, 17 + 3) << "no adder";
  EXPECT_EQ(on("ice40-up5k", pair).ff, 17);
  EXPECT_EQ(on("ecp5-85", pair).lut, 17 + 3);
  EXPECT_EQ(on("ecp5-85", pair).ff, 2 * 16 + 17) << "no register either";
  Device none = find_device(carried_tables(), "zynq-7020");
  none.dsp_usable = 0;
  const FpgaResources fabric = pack(pair, {}, none);
  EXPECT_EQ(fabric.lut, 2 * (8 * 9 - 1) + 17);
  EXPECT_EQ(fabric.ff, 2 * 16 + 17);
}

TEST(Resources, TheWidestProductsTakeTheDspBlocksFirst) {
  Primitive wide = multiplier(110, 32, 16, true);
  wide.component = "post";
  const FpgaResources cells = on_zynq({multiplier(256, 8, 8, true), wide});
  EXPECT_EQ(cells.dsp, 220);
  EXPECT_EQ(cells.multipliers_in_fabric, 256);
}

TEST(Resources, MemoriesTakeBlockRamByWidthAndDepth) {
  EXPECT_DOUBLE_EQ(on_zynq({memory(64, 4096)}).bram36, 8);
  EXPECT_DOUBLE_EQ(on_zynq({memory(64, 512)}).bram36, 1);
  EXPECT_DOUBLE_EQ(on_zynq({memory(18, 1024)}).bram36, 0.5);
  EXPECT_DOUBLE_EQ(on_zynq({memory(32, 32768)}).bram36, 32);
  Primitive twice = memory(18, 1024);
  twice.count = 2;
  EXPECT_DOUBLE_EQ(on_zynq({twice}).bram36, 1);
}

TEST(Resources, SmallMemoriesLieInLutsWhereTheDeviceCan) {
  const FpgaResources shallow = on_zynq({memory(32, 32)});
  EXPECT_DOUBLE_EQ(shallow.bram36, 0);
  EXPECT_EQ(shallow.lut, 6 * 4);                     // six bits per four LUTs
  EXPECT_EQ(on_zynq({memory(32, 64)}).lut, 11 * 4);  // three bits per four LUTs
  const FpgaResources ice = on("ice40-up5k", {memory(32, 32)});
  EXPECT_EQ(ice.lut, 0);
  EXPECT_EQ(ice.blocks, 2);
}

TEST(Resources, LogicIsCountedBySimpleRules) {
  const FpgaResources cells = on_zynq({part(PrimitiveKind::adder, 2, 24), part(PrimitiveKind::registers, 3, 10),
                                       part(PrimitiveKind::multiplexer, 2, 8, 16), part(PrimitiveKind::logic, 1, 7)});
  EXPECT_EQ(cells.lut, 2 * 24 + 2 * 8 * 5 + 7);  // a 16:1 multiplexer is five LUT6
  EXPECT_EQ(cells.ff, 30);
}

TEST(Resources, PublishedBlocksAreAddedAndScaledToTheDevicesLuts) {
  const SocBlock block{"hart", 1000, 500, 1, std::nullopt, {"a book", FigureKind::published, 30, "t"}};
  const FpgaResources zynq = pack({}, {block}, find_device(carried_tables(), "zynq-7020"));
  EXPECT_EQ(zynq.lut, 1000);
  EXPECT_EQ(zynq.ff, 500);
  EXPECT_EQ(zynq.dsp, 1);
  EXPECT_DOUBLE_EQ(zynq.lut_uncertainty_percent, 30);
  EXPECT_EQ(pack({}, {block}, find_device(carried_tables(), "ecp5-85")).lut, 1450);
}

TEST(Resources, ADesignThatIsTooLargeDoesNotFit) {
  EXPECT_FALSE(on_zynq({memory(32, 1 << 20)}).fits);
  EXPECT_GT(on_zynq({memory(32, 1 << 20)}).bram_used_percent, 100);
  EXPECT_FALSE(on_zynq({part(PrimitiveKind::registers, 1000, 200)}).fits);
  EXPECT_FALSE(on("ice40-up5k", {part(PrimitiveKind::logic, 1, 5280)}).fits);
}

TEST(Devices, AreThoseOfTheTable) {
  EXPECT_THAT(carried_tables().device_names(),
              ElementsAre("zynq-7020", "zynq-7010", "zu7ev", "artix-7-35t", "ecp5-85", "ice40-up5k"));
  const Device zynq = find_device(carried_tables(), "zynq-7020");
  EXPECT_EQ(zynq.lut, 53200);
  EXPECT_EQ(zynq.ff, 106400);
  EXPECT_EQ(zynq.dsp, 220);
  EXPECT_EQ(zynq.blocks, 2 * 140);
  const Device zu7ev = find_device(carried_tables(), "zu7ev");
  EXPECT_EQ(zu7ev.dsp, 1728);
  EXPECT_EQ(zu7ev.blocks, 2 * 312);
  EXPECT_EQ(zu7ev.rules.dsp_width_a, 27);
  EXPECT_THAT(test::message_of([] { find_device(carried_tables(), "zynq"); }), HasSubstr("zynq-7020"));
}

TEST(SocStructure, ADeviceWithAHardMemoryControllerNeedsNoSoftOne) {
  const models::SocConfig soc;
  const auto count = [&](bool soft) { return blocks_of(soc, carried_tables().soc_blocks, soft).size(); };
  EXPECT_EQ(count(true), count(false) + 1);
}

TEST(SocStructure, CachesCountTheirTags) {
  models::SocConfig soc;
  soc.hart.instruction_cache = {16384, 2, 32};
  soc.hart.data_cache.bytes = 0;
  int found = 0;
  for (const Primitive& p : soc_memories(soc)) {
    if (p.component != "hart.icache") continue;
    ++found;
    EXPECT_EQ(p.count, 2);
    if (p.width_a == 32) {
      EXPECT_EQ(p.depth, 16384 / 2 / 4);
    } else {
      EXPECT_EQ(p.depth, 256);            // lines of one way
      EXPECT_EQ(p.width_a, 32 - 13 + 2);  // 8 kB ways: 19 tag bits, valid and dirty
    }
  }
  EXPECT_EQ(found, 2);
}

TEST(SocStructure, AWiderInterconnectTakesMore) {
  models::SocConfig soc;
  const auto cells = [&](std::uint32_t width_bytes, bool with_engine) {
    soc.interconnect.width_bytes = width_bytes;
    return pack(wide_data_paths(soc, with_engine), {}, find_device(carried_tables(), "zynq-7020"));
  };
  EXPECT_EQ(cells(4, true).lut, 0) << "the width of the published interconnect";
  // Per bit beyond 32: 3 readers of 2 targets, 9/8 bits of 2 targets with 2 writers; twice as many registers.
  EXPECT_EQ(cells(8, true).lut, 3 * 32 + 2 * 36);
  EXPECT_EQ(cells(8, true).ff, 2 * (3 * 32 + 2 * 36));
  EXPECT_EQ(cells(8, false).lut, 32) << "one initiator: nothing to choose between in writes";
  long before = 0;
  for (const std::uint32_t width : {8u, 16u, 32u, 64u}) {
    EXPECT_GT(cells(width, true).lut, before);
    before = cells(width, true).lut;
  }
  EXPECT_EQ(cells(32, true).ff - 2 * (3 * 224 + 2 * 252), 2 * 256) << "load and store convert to 16 bytes";
}

// hardware.md's yardstick: synthesis of a 16-lane MAC gave 7861 um2 at 8x8 and 2588 at 4x4.
TEST(Area, AgreesWithSynthesisOfAMultiplyAccumulateUnit) {
  const AreaTable& table = find_target(carried_tables(), "45nm").area;
  const auto unit = [&](int bits, int tree_bits, int accumulator, int flip_flops) {
    const Structure structure = {multiplier(16, bits, bits, false), part(PrimitiveKind::adder, 15, tree_bits),
                                 part(PrimitiveKind::adder, 1, accumulator),
                                 part(PrimitiveKind::registers, 1, flip_flops)};
    return price_area(structure, {}, table).um2.value;
  };
  EXPECT_NEAR(unit(8, 18, 24, 282), 7861, 0.05 * 7861);
  EXPECT_NEAR(unit(4, 10, 20, 154), 2588, 0.12 * 2588);
}

TEST(Area, LogicAndStaticMemoriesLeak) {
  const AreaTable& table = find_target(carried_tables(), "45nm").area;
  const AsicArea registers = price_area({part(PrimitiveKind::registers, 1, 10)}, {}, table);
  EXPECT_NEAR(registers.um2.value, 45.22, 1e-9);
  EXPECT_NEAR(registers.leakage_nw.value, 791.1, 1e-9);
  const AsicArea ram = price_area({memory(32, 1024)}, {}, table);
  EXPECT_NEAR(ram.um2.value, 2700 + 0.6 * 32768, 1e-6);
  EXPECT_NEAR(ram.leakage_nw.value, 138, 0.01 * 138);  // CACTI's figure for 4 KiB
}

TEST(Resources, MemoriesBeyondTheUsableBlocksLieInTheFabric) {
  const Device device = usable_device(carried_tables(), "zynq-7020", 75);
  EXPECT_EQ(device.dsp, 220);
  const FpgaResources cells = pack({multiplier(200, 8, 8, true)}, {}, device);
  EXPECT_EQ(cells.dsp, 165);
  EXPECT_EQ(cells.multipliers_in_fabric, 35);
  EXPECT_DOUBLE_EQ(cells.dsp_used_percent, 75);
}

}  // namespace
}  // namespace lutra::costs
