#include "models/dram/controller.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

#include "models/base/observer.h"
#include "models/dram/timing.h"

namespace lutra::models {
namespace {

// LPDDR4-3200 in clocks of 625 ps (models/dram/timing/lpddr4.yaml):
//   RL 28, WL 14, tDQSCK 3.5 ns = 6, tDQSS 1, BL/2 = 8, tWPRE 2, tRPST 0, tCCD 8, tCCDMW 32
//   tRCD 18 ns = 29, tRPpb 18 ns = 29, tRPab 21 ns = 34, tRAS 42 ns = 68, tRRD 10 ns = 16, tFAW 40 ns = 64
//   tRTP 7.5 ns = 12, tWR 18 ns = 29, tWTR 10 ns = 16, tREFI 6246, tRFCab 280 ns = 448, tXP 7.5 ns = 12, tCKE 12
// A read's last data comes RL + tDQSCK + BL/2 = 42 after RD, a write's WL + tDQSS + BL/2 = 23 after WR.
// Address: row : bank (3 bits) : column (2 KiB, 64 bursts of 32 bytes).
class DramControllerTest : public testing::Test {
 protected:
  DramControllerTest() { timing.power_down_after = 0; }

  static std::uint64_t at(std::uint64_t row, std::uint64_t bank, std::uint64_t burst = 0) {
    return ((row * 8 + bank) * 64 + burst) * 32;
  }
  std::uint64_t read(DramController& dram, std::uint64_t clock, std::uint64_t address) {
    return in_clocks(dram.access(clock * timing.clock_ps, address, 32, false));
  }
  std::uint64_t write(DramController& dram, std::uint64_t clock, std::uint64_t address, std::uint64_t bytes = 32) {
    return in_clocks(dram.access(clock * timing.clock_ps, address, bytes, true));
  }
  std::uint64_t in_clocks(std::uint64_t ps) {
    EXPECT_EQ(ps % timing.clock_ps, 0u);
    return ps / timing.clock_ps;
  }

  DramTiming timing = embedded_dram_timing("lpddr4");
};

TEST_F(DramControllerTest, AClosedRowIsActivatedThenRead) {
  DramController dram(timing);
  // ACT 0, RD tRCD = 29, data 29 + 42
  EXPECT_EQ(dram.access(0, at(0, 0), 32, false), (29u + 42) * 625);
  EXPECT_EQ(dram.counts().row_misses, 1u);
  EXPECT_EQ(dram.counts().activates, 1u);
  EXPECT_EQ(dram.counts().read_bursts, 1u);
}

TEST_F(DramControllerTest, CommandsWaitForAClockEdge) {
  DramController dram(timing);
  // Arrival 1 ps: ACT at clock 1.
  EXPECT_EQ(dram.access(1, at(0, 0), 32, false), (1u + 29 + 42) * 625);
}

TEST_F(DramControllerTest, AnOpenRowIsReadAtOnce) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  EXPECT_EQ(read(dram, 100, at(0, 0, 1)), 100u + 42);
  EXPECT_EQ(dram.counts().row_hits, 1u);
}

TEST_F(DramControllerTest, SuccessiveBurstsFollowAtTheColumnRate) {
  DramController dram(timing);
  // ACT 0, RD 29, 29 + tCCD, 29 + 2 tCCD, 29 + 3 tCCD
  EXPECT_EQ(in_clocks(dram.access(0, at(0, 0), 128, false)), 29u + 3 * 8 + 42);
  EXPECT_EQ(dram.counts().read_bursts, 4u);
}

TEST_F(DramControllerTest, AnUnalignedAccessTouchesOneBurstMore) {
  DramController dram(timing);
  EXPECT_EQ(in_clocks(dram.access(0, at(0, 0) + 16, 32, false)), 29u + 8 + 42);
  EXPECT_EQ(dram.counts().read_bursts, 2u);
}

TEST_F(DramControllerTest, AnotherRowOfTheBankIsAConflict) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  // PRE 100 (tRAS and tRTP are over), ACT + tRPpb = 129, RD + tRCD = 158
  EXPECT_EQ(read(dram, 100, at(1, 0)), 100u + 29 + 29 + 42);
  EXPECT_EQ(dram.counts().row_conflicts, 1u);
  EXPECT_EQ(dram.counts().precharges, 1u);
}

TEST_F(DramControllerTest, AConflictWaitsForTheRowToBeRestored) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  // PRE at ACT + tRAS = 68, later than RD + tRTP = 29 + 12 = 41; ACT 97 (= tRC after the first), RD 126
  EXPECT_EQ(read(dram, 1, at(1, 0)), 68u + 29 + 29 + 42);
}

TEST_F(DramControllerTest, AConflictWaitsForTheLastRead) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  read(dram, 80, at(0, 0, 1));
  // PRE at RD + tRTP = 80 + 12, later than tRAS = 68
  EXPECT_EQ(read(dram, 81, at(1, 0)), 80u + 12 + 29 + 29 + 42);
}

TEST_F(DramControllerTest, AConflictWaitsForWriteRecovery) {
  DramController dram(timing);
  EXPECT_EQ(write(dram, 0, at(0, 0)), 29u + 23);
  // PRE at WR + WL + tDQSS + BL/2 + tWR = 29 + 14 + 1 + 8 + 29 = 81, ACT 110, RD 139
  EXPECT_EQ(read(dram, 1, at(1, 0)), 81u + 29 + 29 + 42);
}

TEST_F(DramControllerTest, ActivatesOfDifferentBanksKeepTheirDistance) {
  DramController dram(timing);
  EXPECT_EQ(read(dram, 0, at(0, 0)), 29u + 42);
  // ACT 0 + tRRD = 16, RD 45
  EXPECT_EQ(read(dram, 0, at(0, 1)), 16u + 29 + 42);
}

TEST_F(DramControllerTest, TheFifthActivateWaitsForTheFourActivateWindow) {
  timing.faw = 80;  // at 3200 MT/s tFAW is 4 tRRD and would not show
  DramController dram(timing);
  for (std::uint64_t bank = 0; bank < 4; ++bank) EXPECT_EQ(read(dram, 0, at(0, bank)), 16 * bank + 29 + 42);
  // ACT at max(48 + tRRD, 0 + tFAW) = 80
  EXPECT_EQ(read(dram, 0, at(0, 4)), 80u + 29 + 42);
  // ACT at max(80 + tRRD, 16 + tFAW) = 96
  EXPECT_EQ(read(dram, 0, at(0, 5)), 96u + 29 + 42);
}

TEST_F(DramControllerTest, AReadWaitsForAWriteToTurnTheBusAround) {
  DramController dram(timing);
  EXPECT_EQ(write(dram, 0, at(0, 0)), 29u + 23);
  // RD at WR + WL + tDQSS + BL/2 + tWTR = 29 + 14 + 1 + 8 + 16 = 68
  EXPECT_EQ(read(dram, 0, at(0, 0, 1)), 68u + 42);
}

TEST_F(DramControllerTest, AWriteWaitsForAReadToTurnTheBusAround) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  // WR at RD + RL + tDQSCK + BL/2 - WL + tWPRE + tRPST = 29 + 28 + 6 + 8 - 14 + 2 + 0 = 59
  EXPECT_EQ(write(dram, 0, at(0, 0, 1)), 59u + 23);
}

TEST_F(DramControllerTest, TurnaroundHoldsAcrossBanks) {
  DramController dram(timing);
  write(dram, 0, at(0, 0));
  // ACT 16 and RD 45 would do, but for WR 29 + 39 = 68
  EXPECT_EQ(read(dram, 0, at(0, 1)), 68u + 42);
}

TEST_F(DramControllerTest, MaskedWritesToABankAreFartherApart) {
  DramController dram(timing);
  EXPECT_EQ(write(dram, 0, at(0, 0)), 29u + 23);
  EXPECT_EQ(write(dram, 0, at(0, 0, 1)), 29u + 8 + 23) << "whole bursts: tCCD";
  EXPECT_EQ(write(dram, 0, at(0, 0, 2), 4), 37u + 32 + 23) << "part of a burst: tCCDMW";
}

TEST_F(DramControllerTest, RequestsAreServedInOrder) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  EXPECT_EQ(read(dram, 1, at(1, 0)), 68u + 29 + 29 + 42);
  // Bank 1 could answer earlier, but its ACT follows the conflict's at 97 by tRRD: 113, RD 142
  EXPECT_EQ(read(dram, 2, at(0, 1)), 97u + 16 + 29 + 42);
  // A hit there could be read at 142; its RD follows the last one by tCCD.
  EXPECT_EQ(read(dram, 3, at(0, 1, 1)), 142u + 8 + 42);
}

TEST_F(DramControllerTest, ARefreshThatIsDueGoesFirst) {
  DramController dram(timing);
  // REF 6246, ACT + tRFCab = 6694, RD + tRCD
  EXPECT_EQ(read(dram, 6246, at(0, 0)), 6246u + 448 + 29 + 42);
  EXPECT_EQ(dram.counts().refreshes, 1u);
  EXPECT_EQ(dram.counts().precharges, 0u) << "nothing was open";
}

TEST_F(DramControllerTest, TheFirstRefreshFallsWhereItsPhaseSays) {
  timing.refresh_phase = 75;
  DramController dram(timing);
  const std::uint64_t first = 6246 - 6246 * 75 / 100;
  EXPECT_EQ(read(dram, first, at(0, 0)), first + 448 + 29 + 42);
  dram.advance((first + 6246) * timing.clock_ps);
  EXPECT_EQ(dram.counts().refreshes, 2u);
}

TEST_F(DramControllerTest, ARefreshClosesEveryRow) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  read(dram, 0, at(0, 1));
  // PREab 6246, REF + tRPab = 6280, ACT + tRFCab = 6728
  EXPECT_EQ(read(dram, 6300, at(0, 0)), 6246u + 34 + 448 + 29 + 42);
  EXPECT_EQ(dram.counts().precharges, 2u);
  EXPECT_EQ(dram.counts().row_misses, 3u) << "the row has to be opened again";
}

TEST_F(DramControllerTest, ARefreshWaitsForWhatHasBegun) {
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  EXPECT_EQ(read(dram, 6240, at(0, 0, 1)), 6240u + 42) << "it started before the refresh was due";
  // PREab at RD + tRTP = 6252, REF 6286, ACT 6734, RD 6763
  EXPECT_EQ(read(dram, 6241, at(1, 0)), 6252u + 34 + 448 + 29 + 42) << "its PRE could not start before 6246";
}

TEST_F(DramControllerTest, AnIdleDramPowersDownAndTakesTimeToWake) {
  timing.power_down_after = 64;
  DramController dram(timing);
  EXPECT_EQ(read(dram, 0, at(0, 0)), 71u);
  // Powered down from 71 + 64 = 135; RD at 1000 + tXP
  EXPECT_EQ(read(dram, 1000, at(0, 0)), 1000u + 12 + 42);
  // Busy until 1054, powered down from 1118.
  dram.advance(2000 * timing.clock_ps);
  EXPECT_EQ(dram.counts().active_power_down, (1000u - 135) + (2000 - 1118));
  EXPECT_EQ(dram.counts().active_standby, 135u + (1118 - 1000));
  EXPECT_EQ(dram.counts().precharge_standby + dram.counts().precharge_power_down, 0u);
}

TEST_F(DramControllerTest, PowerDownLastsAtLeastItsMinimum) {
  timing.power_down_after = 64;
  DramController dram(timing);
  read(dram, 0, at(0, 0));
  // Entered at 135; left at 135 + tCKE = 147, RD tXP later
  EXPECT_EQ(read(dram, 136, at(0, 0)), 147u + 12 + 42);
}

TEST_F(DramControllerTest, APoweredDownDramWakesForARefresh) {
  timing.power_down_after = 64;
  DramController dram(timing);
  // Wakes at 6246, REF 6258, done 6706 and soon asleep again.
  dram.advance(7000 * timing.clock_ps);
  EXPECT_EQ(dram.counts().refreshes, 1u);
  EXPECT_EQ(dram.counts().precharge_power_down, (6246u - 64) + (7000 - 6706 - 64));
  EXPECT_EQ(dram.counts().precharge_standby, 64u + (6706 - 6246) + 64);
}

TEST_F(DramControllerTest, AYearOfIdlenessIsSkippedNotSimulated) {
  timing.power_down_after = 64;
  DramController dram(timing);
  read(dram, 10, at(0, 0));
  const std::uint64_t clocks = 50'000'000'000'000'000 / timing.clock_ps;  // 50,000 s
  dram.advance(clocks * timing.clock_ps);
  const DramCounts& counts = dram.counts();
  EXPECT_EQ(counts.refreshes, clocks / timing.refi);
  EXPECT_EQ(counts.active_standby + counts.active_power_down + counts.precharge_standby + counts.precharge_power_down,
            clocks);
}

std::uint64_t total(const DramCounts& c) {
  return c.active_standby + c.active_power_down + c.precharge_standby + c.precharge_power_down;
}

TEST_F(DramControllerTest, WatchingDoesNotChangeWhatIsWatched) {
  for (const std::uint32_t seed : {1u, 2u, 3u, 4u}) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    timing.power_down_after = seed % 2 == 0 ? 0 : 64;
    std::mt19937 random(seed);
    DramController plain(timing);
    DramController watched(timing);
    std::uint64_t now = 0;
    std::uint64_t last = 0;
    for (int i = 0; i < 20'000; ++i) {
      now += random() % 50 == 0 ? random() % 40'000'000 : random() % 60'000;
      const std::uint64_t address = random() % (1u << 22) / 32 * 32;
      const std::uint64_t bytes = 1 + random() % 256;
      const bool write = random() % 3 == 0;
      watched.advance(now);
      const std::uint64_t done = plain.access(now, address, bytes, write);
      ASSERT_EQ(watched.access(now, address, bytes, write), done);
      ASSERT_GT(done, now);
      ASSERT_GT(done, last) << "in order";
      last = done;
    }
    plain.advance(last);
    watched.advance(last);
    EXPECT_EQ(plain.counts().refreshes, watched.counts().refreshes);
    EXPECT_EQ(plain.counts().activates, watched.counts().activates);
    EXPECT_EQ(plain.counts().active_power_down, watched.counts().active_power_down);
    EXPECT_EQ(total(plain.counts()), last / timing.clock_ps);
    EXPECT_EQ(total(watched.counts()), last / timing.clock_ps);
    EXPECT_EQ(plain.counts().activates, plain.counts().row_misses + plain.counts().row_conflicts);
  }
}

TEST_F(DramControllerTest, StreamingReachesTheBandwidthOfTheChannel) {
  DramController dram(timing);
  const std::uint64_t bytes = 1 << 20;
  const std::uint64_t clocks = in_clocks(dram.access(0, 0, bytes, false));
  const std::uint64_t ideal = bytes / 32 * 8;
  EXPECT_GT(clocks, ideal);
  EXPECT_LT(static_cast<double>(clocks), 1.12 * static_cast<double>(ideal)) << "refresh takes 7.7 % at most";
}

TEST_F(DramControllerTest, TheOtherMappingKeepsABankTogether) {
  timing.mapping = DramMapping::bank_row_column;
  DramController dram(timing);
  read(dram, 0, 0);
  read(dram, 200, 2048);
  EXPECT_EQ(dram.counts().row_conflicts, 1u) << "the next row lies in the same bank";
  read(dram, 400, std::uint64_t{65536} * 2048);
  EXPECT_EQ(dram.counts().row_misses, 2u) << "the next bank is 128 MiB away";
}

TEST_F(DramControllerTest, StreamsAPowerOfTwoApartShareABankUnlessTheBankIsXored) {
  for (std::uint64_t apart = 1 << 14; apart < std::uint64_t{1} << 30; apart *= 2) {
    SCOPED_TRACE(apart);
    timing.bank_xor = false;
    DramController plain(timing);
    timing.bank_xor = true;
    DramController xored(timing);
    for (DramController* dram : {&plain, &xored}) {
      read(*dram, 0, 0);
      read(*dram, 200, apart);
    }
    EXPECT_EQ(plain.counts().row_conflicts, 1u);
    EXPECT_EQ(xored.counts().row_conflicts, 0u);
  }
}

struct Places : Observer {
  void enter(std::string_view, Condition, std::string_view, std::uint64_t, std::span<const Detail>) override {}
  void happen(std::string_view, std::string_view, std::uint64_t) override {}
  void burst(const ObservedBurst&) override {}
  void dram_refreshes(const ObservedRefreshes&) override {}
  void dram_burst(const ObservedDramBurst& burst) override { seen.insert({burst.bank, burst.row}); }
  std::set<std::pair<std::uint32_t, std::uint64_t>> seen;
};

TEST_F(DramControllerTest, EveryPageHasARowOfItsOwnInEveryMapping) {
  for (const DramMapping mapping : {DramMapping::row_bank_column, DramMapping::bank_row_column})
    for (const bool bank_xor : {false, true}) {
      timing.mapping = mapping;
      timing.bank_xor = bank_xor;
      DramController dram(timing);
      Places places;
      dram.observe(&places);
      constexpr std::uint64_t pages = 4096;
      for (std::uint64_t page = 0; page < pages; ++page) read(dram, 0, page * 131 * 2048 % timing.capacity_bytes());
      EXPECT_EQ(places.seen.size(), pages);
    }
}

// DDR4-2400 in clocks of 833 ps (models/dram/timing/ddr4.yaml): RL 17, WL 12, BL/2 4, tRCD 17, tCCD_S 4, tCCD_L 6,
// tRRD_S 7, tRRD_L 8, tWTR_S 3, tWTR_L 9. Address: row : bank (2 bits) : column : group (1 bit) : 16 bytes.
class BankGroupTest : public DramControllerTest {
 protected:
  BankGroupTest() {
    timing = embedded_dram_timing("ddr4");
    timing.power_down_after = 0;
  }
  static std::uint64_t at(std::uint64_t group, std::uint64_t bank, std::uint64_t burst = 0) {
    return ((bank * 128 + burst) * 2 + group) * 16;
  }
  std::uint64_t done(DramController& dram, std::uint64_t clock, std::uint64_t address, bool write = false) {
    return in_clocks(dram.access(clock * timing.clock_ps, address, 16, write));
  }
};

TEST_F(BankGroupTest, ActivatesWithinAGroupAreFartherApart) {
  DramController other(timing);
  EXPECT_EQ(done(other, 0, at(0, 0)), 17u + 21);
  EXPECT_EQ(done(other, 0, at(1, 0)), 7u + 17 + 21);
  DramController same(timing);
  done(same, 0, at(0, 0));
  EXPECT_EQ(done(same, 0, at(0, 1)), 8u + 17 + 21);
}

TEST_F(BankGroupTest, ColumnCommandsWithinAGroupAreFartherApart) {
  DramController dram(timing);
  done(dram, 0, at(0, 0));
  done(dram, 0, at(1, 0));
  EXPECT_EQ(done(dram, 100, at(0, 0, 1)), 100u + 21);
  EXPECT_EQ(done(dram, 100, at(1, 0, 1)), 104u + 21);
  EXPECT_EQ(done(dram, 100, at(0, 0, 2)), 108u + 21) << "the other group's tCCD_S, later than its own tCCD_L";
  EXPECT_EQ(done(dram, 100, at(0, 0, 3)), 114u + 21) << "its own tCCD_L";
}

TEST_F(BankGroupTest, AReadBehindAWriteWaitsLongerInTheSameGroup) {
  DramController dram(timing);
  done(dram, 0, at(0, 0));
  done(dram, 0, at(1, 0));
  EXPECT_EQ(done(dram, 200, at(0, 0, 1), true), 200u + 12 + 4);
  EXPECT_EQ(done(dram, 200, at(1, 0, 1)), 200u + 12 + 4 + 3 + 21);
  EXPECT_EQ(done(dram, 300, at(0, 0, 2), true), 300u + 12 + 4);
  EXPECT_EQ(done(dram, 300, at(0, 0, 3)), 300u + 12 + 4 + 9 + 21);
}

TEST_F(BankGroupTest, AStreamTakesTheGroupsInTurn) {
  DramController dram(timing);
  const std::uint64_t bytes = 1 << 18;
  const std::uint64_t clocks = in_clocks(dram.access(0, 0, bytes, false));
  EXPECT_LT(static_cast<double>(clocks), 1.1 * static_cast<double>(bytes / 16 * timing.ccd));
}

}  // namespace
}  // namespace lutra::models
