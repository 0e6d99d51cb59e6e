#include "models/cpu/counters.h"

#include <string>

#include "models/cpu/bus.h"
#include "models/cpu/processor.h"

namespace lutra::models::cpu {

namespace {

constexpr std::array<const char*, instruction_classes> class_names = {
    "alu", "multiply", "divide", "load", "store", "branch", "jump", "csr", "atomic", "system"};

constexpr std::array<const char*, activities> activity_names = {"execute", "instruction_fetch_stall", "data_stall",
                                                                "device_stall", "wait_for_interrupt"};

constexpr std::array<const char*, activities> activity_descriptions = {
    "cycles of instructions that found no wait states", "cycles that waited for instructions from the bus",
    "cycles that waited for cache lines", "cycles of uncached loads and stores on the bus", "cycles asleep in wfi"};

std::uint64_t& events(Statistics& statistics, const char* component, const char* event, const char* description) {
  return statistics.add({component, event, Quantity::events, description});
}

}  // namespace

Counters::Counters(Statistics& statistics)
    : exceptions_(events(statistics, "hart", "exception", "exceptions taken")),
      interrupts_(events(statistics, "hart", "interrupt", "interrupts taken")),
      instruction_hits_(events(statistics, "hart.icache", "hit", "line look-ups that hit, one per line of a block")),
      instruction_misses_(events(statistics, "hart.icache", "miss", "line look-ups that missed, and line fills")),
      instruction_words_(events(statistics, "hart.icache", "fetch", "32-bit words fetched from the cache")),
      data_hits_(events(statistics, "hart.dcache", "hit", "loads and stores that hit")),
      data_misses_(events(statistics, "hart.dcache", "miss", "loads and stores that missed, and line fills")),
      data_write_backs_(events(statistics, "hart.dcache", "writeback", "dirty lines written back")),
      tcm_reads_(events(statistics, "hart.tcm", "read", "loads from tightly coupled memory")),
      tcm_writes_(events(statistics, "hart.tcm", "write", "stores to tightly coupled memory")),
      tcm_fetches_(events(statistics, "hart.tcm", "fetch", "32-bit words fetched from tightly coupled memory")) {
  for (std::size_t i = 0; i < instruction_classes; ++i)
    classes_[i] =
        &events(statistics, "hart", class_names[i], (std::string(class_names[i]) + " instructions executed").c_str());
  for (std::size_t i = 0; i < activities; ++i)
    cycles_[i] = &statistics.add({"hart", activity_names[i], Quantity::cycles, activity_descriptions[i]});
}

void Counters::update(Processor& processor, const Bus& bus) {
  const Core& core = processor.core();
  const BlockTotals& totals = processor.blocks().collect();
  for (std::size_t i = 0; i < instruction_classes; ++i) *classes_[i] = totals.classes[i] - processor.skipped(i);
  if (core.paused) {
    const OpInfo* const end = core.block->infos.data() + core.block->infos.size();
    for (const OpInfo* ahead = &core.info(core.paused) + 1; ahead != end; ++ahead)
      --*classes_[static_cast<std::size_t>(ahead->instruction_class)];
  }
  for (std::size_t i = 0; i < activities; ++i)
    *cycles_[i] = processor.time().ledger().spent(static_cast<Activity>(i), bus.now());
  exceptions_ = processor.exceptions();
  interrupts_ = processor.interrupts();
  instruction_hits_ = processor.instructions().hits();
  instruction_misses_ = processor.instructions().misses();
  instruction_words_ = totals.cache_words;
  data_hits_ = core.data_cache_hits;
  data_misses_ = processor.memory().misses();
  data_write_backs_ = processor.memory().write_backs();
  tcm_reads_ = core.tcm_reads;
  tcm_writes_ = core.tcm_writes;
  tcm_fetches_ = totals.tcm_words;
}

}  // namespace lutra::models::cpu
