#include "models/soc/exec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "software/common/error.h"
#include "software/common/process/child_process.h"

namespace lutra::models {
namespace {

using testing::HasSubstr;

ElfImage program(const std::string& name) {
  return read_elf(std::filesystem::path(LUTRA_TEST_PROGRAMS) / (name + ".elf"));
}

struct ProgramRun {
  explicit ProgramRun(const std::string& name, std::uint64_t limit = 1'000'000, const SocConfig& config = {})
      : result(exec_elf(config, program(name), {.max_instructions = limit}, console)) {}
  ProgramRun(const std::string& name, const ExecOptions& options)
      : result(exec_elf({}, program(name), options, console)) {}

  std::ostringstream console;
  ExecResult result;
};

void expect_devices_answer(const ProgramRun& run) {
  EXPECT_EQ(run.result.end, ExecEnd::exit_device) << run.result.message;
  EXPECT_EQ(run.result.exit_code, 0) << "the line of devices.cpp that failed";
  EXPECT_EQ(run.console.str(), "all devices answer\n");
  EXPECT_GT(run.result.cycles, 5000u) << "the timer was waited for";
  EXPECT_GT(run.result.instructions, 500u);
}

TEST(Exec, RunsAProgramFromMainMemory) { expect_devices_answer(ProgramRun("devices")); }
TEST(Exec, RunsAProgramFromStaticMemory) { expect_devices_answer(ProgramRun("devices_sram")); }
TEST(Exec, RunsAProgramFromTightlyCoupledMemory) { expect_devices_answer(ProgramRun("devices_tcm")); }

TEST(Exec, RunsWithoutCaches) {
  SocConfig config;
  config.hart.instruction_cache.bytes = 0;
  config.hart.data_cache.bytes = 0;
  expect_devices_answer(ProgramRun("devices", 1'000'000, config));
}

TEST(Exec, RunsWithStaticMainMemory) {
  SocConfig config;
  config.main_memory.kind = "sram";
  expect_devices_answer(ProgramRun("devices", 1'000'000, config));
}

TEST(Exec, RunsWithTheSmallestQuantum) {
  SocConfig config;
  config.hart.quantum_instructions = 1;
  expect_devices_answer(ProgramRun("devices", 1'000'000, config));
}

TEST(Exec, ReportsTheExitCode) {
  const ProgramRun run("fails");
  EXPECT_EQ(run.result.end, ExecEnd::exit_device);
  EXPECT_EQ(run.result.exit_code, 7);
}

TEST(Exec, IllegalAccessesTrap) {
  const ProgramRun run("faults");
  EXPECT_EQ(run.result.end, ExecEnd::exit_device) << run.result.message;
  EXPECT_EQ(run.result.exit_code, 0) << "the line of faults.cpp that failed";
}

TEST(Exec, TohostPasses) {
  const ProgramRun run("tohost_passes");
  EXPECT_EQ(run.result.end, ExecEnd::tohost);
  EXPECT_EQ(run.result.exit_code, 0);
}

TEST(Exec, TohostNamesTheTestThatFailed) {
  const ProgramRun run("tohost_fails");
  EXPECT_EQ(run.result.end, ExecEnd::tohost);
  EXPECT_EQ(run.result.exit_code, 5);
  EXPECT_THAT(run.result.message, HasSubstr("test 5"));
}

TEST(Exec, ASystemCallThroughTohostNeedsAPlaceForTheAnswer) {
  const ProgramRun run("tohost_syscall");
  EXPECT_EQ(run.result.end, ExecEnd::halted);
  EXPECT_NE(run.result.exit_code, 0);
  EXPECT_THAT(run.result.message, HasSubstr("system call"));
}

TEST(Exec, ServesCallsThroughTohost) {
  const ProgramRun run("tohost_calls");
  EXPECT_EQ(run.result.end, ExecEnd::tohost) << run.result.message;
  EXPECT_EQ(run.result.exit_code, 0) << "the line of tohost_calls.cpp that failed";
  EXPECT_EQ(run.console.str(), "through tohost\n");
  EXPECT_EQ(run.result.message, "exit call: code 0");
}

TEST(Exec, ServesCallsByEcall) {
  const ProgramRun run("ecalls");
  EXPECT_EQ(run.result.end, ExecEnd::exit_call) << run.result.message;
  EXPECT_EQ(run.result.exit_code, 7) << "another: the line of ecalls.cpp that failed";
  EXPECT_EQ(run.console.str(), "by ecall\n");
}

TEST(Exec, NamesACallThatIsNotServed) {
  const ProgramRun run("ecall_unknown");
  EXPECT_EQ(run.result.end, ExecEnd::halted);
  EXPECT_EQ(run.result.exit_code, 1);
  EXPECT_THAT(run.result.message, HasSubstr("asks the host for system call 1024, which is not served"));
  EXPECT_THAT(run.result.message, HasSubstr("pc=0x8000"));
}

TEST(Exec, AnEcallOfAProgramWithAHandlerIsItsOwn) {
  const ProgramRun run("ecall_handled");
  EXPECT_EQ(run.result.end, ExecEnd::exit_device) << run.result.message;
  EXPECT_EQ(run.result.exit_code, 0);
}

TEST(Exec, NamesTheFirstFaultWhereNoHandlerIsSet) {
  const ProgramRun run("unhandled_store");
  EXPECT_EQ(run.result.end, ExecEnd::halted);
  EXPECT_NE(run.result.exit_code, 0);
  EXPECT_THAT(run.result.message, HasSubstr("store access fault at pc=0x8000"));
  EXPECT_THAT(run.result.message, HasSubstr("address 0x50000000; no trap handler is set"));
}

TEST(Exec, TheConsoleTakesWords) {
  const ProgramRun run("prints_words");
  EXPECT_EQ(run.result.exit_code, 0) << run.result.message;
  EXPECT_EQ(run.console.str(), "A\n");
}

TEST(Exec, ReadsTheSignature) {
  const ProgramRun run("signature", {.signature = true});
  EXPECT_EQ(run.result.exit_code, 0) << run.result.message;
  EXPECT_EQ(run.result.signature, (std::vector<std::uint32_t>{0xDEADBEEF, 0xABCD, 2, 0x80000000}));
}

TEST(Exec, RefusesASignatureThatIsNotThere) {
  std::ostringstream console;
  const auto message = [&](const ElfImage& image) -> std::string {
    try {
      exec_elf({}, image, {.signature = true}, console);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message(program("fails")), HasSubstr("fails.elf: has no symbols begin_signature and end_signature"));
}

TEST(Exec, RefusesASignatureOutsideTheMemories) {
  std::ostringstream console;
  ElfImage image = program("signature");
  image.begin_signature = 0x30000000;
  image.end_signature = 0x90000000;
  EXPECT_THROW(exec_elf({}, image, {.signature = true}, console), Error);
}

TEST(Exec, GivesRegistersAndCounters) {
  const ProgramRun run("fails");
  EXPECT_GE(run.result.pc, 0x80000000u);
  EXPECT_EQ(run.result.registers[0], 0u);
  EXPECT_GE(run.result.registers[2], 0x80000000u) << "the stack pointer";
  ASSERT_EQ(run.result.counters.size(), run.result.counts.size());
  std::uint64_t stores = 0;
  for (std::size_t i = 0; i < run.result.counts.size(); ++i)
    if (run.result.counters[i].component == "hart" && run.result.counters[i].event == "store")
      stores = run.result.counts[i];
  EXPECT_GE(stores, 1u);
}

TEST(Exec, EndsWhenItIsTold) {
  int asked = 0;
  ExecOptions options;
  options.goes_on = [&] { return ++asked < 3; };
  const ProgramRun run("spins", options);
  EXPECT_EQ(run.result.end, ExecEnd::interrupted);
  EXPECT_EQ(asked, 3);
  EXPECT_GT(run.result.instructions, 100'000u);
  EXPECT_THAT(run.result.message, HasSubstr("interrupted at pc=0x8000"));
}

std::string costs_of(const std::string& name, const ExecOptions& options) {
  return run_in_child([&] {
    const ProgramRun run(name, options);
    EXPECT_EQ(run.result.exit_code, 1) << run.result.message;
    std::string text = std::to_string(run.result.cycles) + " " + std::to_string(run.result.instructions);
    for (const std::uint64_t count : run.result.counts) text += " " + std::to_string(count);
    return text;
  });
}

TEST(Exec, BeingAskedAgainAndAgainChangesNothing) {
  ExecOptions options;
  options.max_instructions = 1'234'567;
  const std::string unasked = costs_of("spins", options);
  options.goes_on = [asked = 0]() mutable { return ++asked > 0; };
  EXPECT_EQ(costs_of("spins", options), unasked);
}

TEST(Exec, SaysWhoWaitsWhenItIsAskedMeanwhile) {
  ExecOptions options;
  options.goes_on = [] { return true; };
  const ProgramRun run("sleeps", options);
  EXPECT_EQ(run.result.end, ExecEnd::starved);
  EXPECT_THAT(run.result.message, HasSubstr("waits for an interrupt"));
}

TEST(Exec, StopsAtTheInstructionLimit) {
  const ProgramRun run("spins", 12'345);
  EXPECT_EQ(run.result.end, ExecEnd::instruction_limit);
  EXPECT_EQ(run.result.instructions, 12'345u);
  EXPECT_NE(run.result.exit_code, 0);
  EXPECT_GE(run.result.cycles, 12'345u);
}

TEST(Exec, StopsWhereTheProgramCannotGoOn) {
  const ProgramRun run("halts", 0);
  EXPECT_EQ(run.result.end, ExecEnd::halted);
  EXPECT_NE(run.result.exit_code, 0);
  EXPECT_THAT(run.result.message, HasSubstr("0x8000"));
}

TEST(Exec, SaysWhoWaitsWhenNothingCanHappen) {
  const ProgramRun run("sleeps", 0);
  EXPECT_EQ(run.result.end, ExecEnd::starved);
  EXPECT_NE(run.result.exit_code, 0);
  EXPECT_THAT(run.result.message, HasSubstr("waits for an interrupt"));
  EXPECT_THAT(run.result.message, HasSubstr("pc 0x8000"));
}

TEST(Exec, RefusesAProgramOutsideTheMemories) {
  try {
    ProgramRun("nowhere");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("nowhere.elf"));
    EXPECT_THAT(error.what(), HasSubstr("0x40000000"));
  }
}

}  // namespace
}  // namespace lutra::models
