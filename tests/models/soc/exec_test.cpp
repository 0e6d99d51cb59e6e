#include "models/soc/exec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "software/common/error.h"

namespace lutra::models {
namespace {

using testing::HasSubstr;

ElfImage program(const std::string& name) {
  return read_elf(std::filesystem::path(LUTRA_TEST_PROGRAMS) / (name + ".elf"));
}

struct ProgramRun {
  explicit ProgramRun(const std::string& name, std::uint64_t limit = 1'000'000, const SocConfig& config = {})
      : result(exec_elf(config, program(name), limit, console)) {}

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

TEST(Exec, TohostSystemCallsAreNotServed) {
  const ProgramRun run("tohost_syscall");
  EXPECT_EQ(run.result.end, ExecEnd::tohost);
  EXPECT_NE(run.result.exit_code, 0);
  EXPECT_THAT(run.result.message, HasSubstr("system call"));
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
