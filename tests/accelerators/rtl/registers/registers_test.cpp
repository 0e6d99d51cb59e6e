#include <gtest/gtest.h>

#include "tests/accelerators/rtl/twin.h"  // before SystemC

#include "broken_registers.h"
#include "plain_registers.h"
#include "tests/accelerators/engine/engine_bench.h"
#include "tests/accelerators/engine/packed_pixels.h"

namespace lutra::test {
namespace {

using accelerators::Ledger;
using accelerators::State;
using accelerators::Unit;

struct Answer {
  bool accepted = false;
  std::uint32_t value = 0;
};

// Software on AXI4-Lite, which lets requests and answers wait. `in_cycle` is called in every cycle, before its edge.
template <class Model>
class RegisterBench {
 public:
  RegisterBench() {
    top_->awvalid = top_->wvalid = top_->arvalid = top_->bready = top_->rready = 0;
    top_->ends = top_->failed = 0;
    top_->error_code = 0;
    top_->error_detail = top_->operation = 0;
    top_->states = 0;
    top_.reset();
  }

  std::function<void()> in_cycle = [] {};
  Twin<Model>& top() { return top_; }

  void cycle() {
    in_cycle();
    top_->eval();
    top_.clock();
  }

  Answer write(std::uint32_t offset, std::uint32_t value, unsigned strobes = 15) {
    int address_after = random_.between(0, 3), data_after = random_.between(0, 3);
    for (bool taken = false; !taken; --address_after, --data_after) {
      top_->awvalid = address_after <= 0;
      top_->wvalid = data_after <= 0;
      top_->awaddr = static_cast<SData>(top_->awvalid ? offset : random_.between(0, 4095));
      top_->wdata = top_->wvalid ? value : static_cast<IData>(random_.between(0, 1 << 30));
      top_->wstrb = static_cast<CData>(strobes);
      top_->eval();
      taken = top_->awvalid && top_->awready;
      cycle();
    }
    top_->awvalid = top_->wvalid = 0;
    for (int wait = random_.between(0, 3);; --wait) {
      top_->bready = wait <= 0;
      const bool answered = top_->bvalid && top_->bready;
      const bool accepted = top_->bresp == 0;
      cycle();
      if (answered) return {accepted, 0};
    }
  }

  Answer read(std::uint32_t offset) {
    top_->arvalid = 1;
    top_->araddr = static_cast<SData>(offset);
    for (bool taken = false; !taken;) {
      top_->eval();
      taken = top_->arready;
      cycle();
    }
    top_->arvalid = 0;
    for (int wait = random_.between(0, 3);; --wait) {
      top_->rready = wait <= 0;
      const bool answered = top_->rvalid && top_->rready;
      const Answer answer{top_->rresp == 0, top_->rdata};
      cycle();
      if (answered) return answer;
    }
  }

 private:
  Twin<Model> top_;
  Random random_{5};
};

TEST(RegisterTwin, AnswersEveryAddressAsTheModelDoes) {
  EngineBench model;
  RegisterBench<plain_registers> twin;
  constexpr std::uint32_t seed = 41;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  model.simulate([&] {
    for (int access = 0; access < 2000; ++access) {
      const auto offset =
          static_cast<std::uint32_t>(4 * random.between(0, 66) + (random.chance(8) ? random.between(1, 3) : 0));
      SCOPED_TRACE("offset " + std::to_string(offset));
      if (random.chance(2)) {
        // Nothing is started, and an access of fewer bytes than a register is refused by both.
        auto value =
            static_cast<std::uint32_t>(random.between(0, 1 << 30)) * 4 + static_cast<unsigned>(random.between(0, 3));
        if (offset == LUTRA_ENGINE_CONTROL) value &= ~LUTRA_ENGINE_CONTROL_START;
        const bool part = random.chance(6);
        std::uint32_t written = value;
        const bool accepted =
            model.access(tlm::TLM_WRITE_COMMAND, offset, written, part ? 2 : 4) == tlm::TLM_OK_RESPONSE;
        EXPECT_EQ(twin.write(offset, value, part ? 3 : 15).accepted, accepted);
      } else {
        std::uint32_t expected = 0;
        const bool accepted = model.access(tlm::TLM_READ_COMMAND, offset, expected) == tlm::TLM_OK_RESPONSE;
        const Answer answer = twin.read(offset);
        EXPECT_EQ(answer.accepted, accepted);
        EXPECT_EQ(answer.value, accepted ? expected : 0);
      }
    }
  });
}

// Runs streams whose units do what is drawn, beside a ledger; returns what differs.
template <class Model>
int differences(std::uint32_t seed, int streams) {
  Random random(seed);
  RegisterBench<Model> twin;
  Ledger ledger;
  auto& top = twin.top();
  std::uint64_t now = 0;
  int found = 0, restarts = 0;
  bool running = false;
  twin.in_cycle = [&] {
    constexpr std::array waits = {State::busy, State::waits_command, State::waits_previous, State::waits_next};
    const auto state = [&](Unit unit) {
      if (running && random.chance(3)) {
        State next = waits[static_cast<std::size_t>(random.between(0, unit == Unit::store ? 2 : 3))];
        if (unit == Unit::fetch) next = std::array{State::busy, State::stalled, State::off}[random.between(0, 2)];
        ledger.enter(unit, next, now);
      }
      return ledger.state(unit);
    };
    constexpr std::array units = {Unit::fetch, Unit::load, Unit::compute, Unit::store};
    for (const Unit unit : units) state(unit);
    const auto is = [&](Unit unit, State which) { return ledger.state(unit) == which; };
    const bool states[] = {is(Unit::fetch, State::busy),
                           is(Unit::fetch, State::stalled),
                           is(Unit::load, State::busy),
                           is(Unit::load, State::waits_next),
                           is(Unit::load, State::waits_command),
                           is(Unit::compute, State::busy),
                           is(Unit::compute, State::waits_previous),
                           is(Unit::compute, State::waits_next),
                           is(Unit::compute, State::waits_command),
                           is(Unit::store, State::busy),
                           is(Unit::store, State::waits_previous),
                           is(Unit::store, State::waits_command),
                           is(Unit::load, State::waits_previous)};
    unsigned bits = 0;
    for (std::size_t i = 0; i < std::size(states); ++i) bits |= (states[i] ? 1u : 0u) << i;
    top->states = static_cast<SData>(bits);
    top->eval();
    restarts += top->restarts;
    found += top->running != running;
    const bool ends = running && top->ends;
    const bool starts = top->starts;
    ++now;
    if (ends) ledger.stop(now), running = false;
    if (starts) ledger.start(now), running = true;
  };
  const auto counters = [&] {
    for (std::uint32_t i = 0; i < 2 * LUTRA_ENGINE_COUNTER_COUNT; ++i) {
      // The ledger as it is in the cycle in which the address is taken.
      std::uint32_t expected = 0;
      const auto in_cycle = twin.in_cycle;
      bool taken = false;
      twin.in_cycle = [&] {
        if (!taken) {
          ledger.bring_up_to(now);
          expected =
              static_cast<std::uint32_t>(ledger.counter(static_cast<lutra_engine_counter>(i / 2)) >> 32 * (i % 2));
          taken = true;
        }
        in_cycle();
      };
      found += twin.read(LUTRA_ENGINE_COUNTERS + 4 * i).value != expected;
      twin.in_cycle = in_cycle;
    }
  };
  for (int stream = 0; stream < streams; ++stream) {
    twin.write(LUTRA_ENGINE_IRQ_ENABLE, static_cast<std::uint32_t>(stream % 2));
    twin.write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
    found += !running;
    for (int i = random.between(0, 200); i > 0; --i) twin.cycle();
    found += twin.read(LUTRA_ENGINE_STATUS).value != LUTRA_ENGINE_STATUS_BUSY;
    if (random.chance(2)) counters();
    const int before = restarts;
    if (stream % 5 == 0) twin.write(LUTRA_ENGINE_CONTROL, LUTRA_ENGINE_CONTROL_START);
    found += restarts != before + (stream % 5 == 0);
    top->ends = 1;
    top->failed = stream % 3 == 0;
    top->error_code = top->failed ? LUTRA_ERROR_BUS : 0;
    top->error_detail = static_cast<IData>(stream);
    twin.cycle();
    top->ends = top->failed = 0;
    found += top->irq != stream % 2;
    for (int i = random.between(0, 20); i > 0; --i) twin.cycle();
    counters();
    const std::uint32_t status = stream % 3 == 0 ? LUTRA_ENGINE_STATUS_ERROR : LUTRA_ENGINE_STATUS_DONE;
    found += twin.read(LUTRA_ENGINE_STATUS).value != status;
    found += twin.read(LUTRA_ENGINE_ERROR_CODE).value != (stream % 3 == 0 ? LUTRA_ERROR_BUS : LUTRA_ERROR_NONE);
    found += twin.read(LUTRA_ENGINE_ERROR_DETAIL).value != static_cast<std::uint32_t>(stream);
    found += twin.read(LUTRA_ENGINE_IRQ_STATUS).value != 1;
    twin.write(LUTRA_ENGINE_IRQ_STATUS, 1);
    found += top->irq != 0 || twin.read(LUTRA_ENGINE_IRQ_STATUS).value != 0;
  }
  return found;
}

TEST(RegisterTwin, CountsAsTheLedgerDoes) {
  EXPECT_EQ(differences<plain_registers>(42, rtl_tiles(200)), 0) << "seed 42";
}

TEST(RegisterTwin, CountersThatGoOnAreFound) { EXPECT_GT(differences<broken_registers>(42, 5), 0); }

}  // namespace
}  // namespace lutra::test
