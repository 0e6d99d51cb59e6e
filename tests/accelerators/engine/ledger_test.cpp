#include "accelerators/engine/ledger.h"

#include <gtest/gtest.h>

namespace lutra::accelerators {
namespace {

std::uint64_t all_causes(const Ledger& ledger) {
  std::uint64_t sum = 0;
  for (int i = 0; i < cause_count; ++i) sum += ledger.cycles(static_cast<Cause>(i));
  return sum;
}

TEST(Ledger, ChargesEachUnitForWhatItDoes) {
  Ledger ledger;
  ledger.start(100);
  ledger.enter(Unit::load, State::busy, 110);
  ledger.enter(Unit::compute, State::waits_previous, 120);
  ledger.enter(Unit::load, State::waits_next, 150);
  ledger.enter(Unit::compute, State::busy, 150);
  ledger.enter(Unit::fetch, State::off, 155);
  ledger.enter(Unit::compute, State::waits_command, 180);
  ledger.enter(Unit::store, State::busy, 180);
  ledger.enter(Unit::store, State::waits_command, 200);
  ledger.stop(205);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_ELAPSED), 105u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_FETCH_BUSY), 55u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_LOAD_WAITS_COMMAND), 10u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_LOAD_BUSY), 40u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_LOAD_WAITS_COMPUTE), 55u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_COMPUTE_WAITS_COMMAND), 20u + 25u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_COMPUTE_WAITS_LOAD), 30u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_COMPUTE_BUSY), 30u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_STORE_BUSY), 20u);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_STORE_WAITS_COMMAND), 85u);
}

TEST(Ledger, GivesEveryCycleOneCause) {
  Ledger ledger;
  ledger.start(100);                                        // idle until here
  ledger.enter(Unit::load, State::busy, 110);               // command
  ledger.enter(Unit::compute, State::waits_previous, 120);  // load, though compute had no command yet
  ledger.enter(Unit::load, State::waits_command, 150);      // load
  ledger.enter(Unit::compute, State::busy, 153);            // command: the load unit itself waits for one
  ledger.enter(Unit::compute, State::waits_next, 180);      // compute
  ledger.enter(Unit::store, State::busy, 182);              // command
  ledger.enter(Unit::compute, State::waits_command, 190);   // store: no room
  ledger.enter(Unit::store, State::waits_command, 200);     // store: nothing else left
  ledger.stop(205);                                         // command
  ledger.bring_up_to(300);                                  // idle again
  EXPECT_EQ(ledger.cycles(Cause::idle), 100u + 95u);
  EXPECT_EQ(ledger.cycles(Cause::command), 10u + 3u + 2u + 5u);
  EXPECT_EQ(ledger.cycles(Cause::load), 10u + 30u);
  EXPECT_EQ(ledger.cycles(Cause::compute), 27u);
  EXPECT_EQ(ledger.cycles(Cause::store), 8u + 10u);
  EXPECT_EQ(all_causes(ledger), 300u);
}

TEST(Ledger, CausesGoOnWhereCountersStartAgain) {
  Ledger ledger;
  ledger.start(10);
  ledger.enter(Unit::compute, State::busy, 10);
  ledger.stop(30);
  ledger.start(50);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_COMPUTE_BUSY), 0u);
  ledger.enter(Unit::compute, State::busy, 50);
  ledger.stop(55);
  EXPECT_EQ(ledger.counter(LUTRA_COUNT_COMPUTE_BUSY), 5u);
  EXPECT_EQ(ledger.cycles(Cause::compute), 25u);
  EXPECT_EQ(ledger.busy_cycles(Unit::compute), 25u);
  EXPECT_EQ(all_causes(ledger), 55u);
}

TEST(Ledger, BusyCyclesOfUnitsOverlap) {
  Ledger ledger;
  ledger.start(0);  // the command processor is busy
  ledger.enter(Unit::load, State::busy, 5);
  ledger.enter(Unit::compute, State::busy, 8);
  ledger.enter(Unit::fetch, State::stalled, 10);
  ledger.enter(Unit::load, State::waits_command, 20);
  ledger.stop(30);
  ledger.bring_up_to(90);
  EXPECT_EQ(ledger.busy_cycles(Unit::fetch), 10u);
  EXPECT_EQ(ledger.busy_cycles(Unit::load), 15u);
  EXPECT_EQ(ledger.busy_cycles(Unit::compute), 22u);
  EXPECT_EQ(ledger.busy_cycles(Unit::store), 0u);
}

}  // namespace
}  // namespace lutra::accelerators
