#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace lutra::test {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class Exec : public testing::Test {
 protected:
  CommandResult exec(const std::string& program, const std::string& options = "") {
    const auto elf = std::filesystem::path(LUTRA_TEST_PROGRAMS) / (program + ".elf");
    return lutra_command(scratch_, "exec '" + elf.string() + "' " + options);
  }
  Scratch scratch_;
};

TEST_F(Exec, StandardOutputIsTheProgramsAlone) {
  const CommandResult result = exec("devices");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "all devices answer\n");
  EXPECT_THAT(result.errors, MatchesRegex("exit device: code 0\ncycles [0-9]+, instructions [0-9]+, "
                                          "host [0-9.]+ seconds, [0-9.]+ MIPS\n"));
}

TEST_F(Exec, PassesTheExitCodeOn) {
  EXPECT_EQ(exec("fails").exit_code, 7);
  EXPECT_EQ(exec("ecalls").exit_code, 7);
  EXPECT_EQ(exec("tohost_passes").exit_code, 0);
  EXPECT_NE(exec("tohost_fails").exit_code, 0);
}

TEST_F(Exec, GivesUpAtTheInstructionLimit) {
  const CommandResult result = exec("prints_and_spins", "--max-instructions 100000");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.output, "before the loop\nhalf a line");
  EXPECT_THAT(result.errors, HasSubstr("lutra: error: the limit of 100000 instructions is reached at pc=0x8000"));
}

TEST_F(Exec, NamesTheFirstFault) {
  const CommandResult result = exec("unhandled_store");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("store access fault at pc=0x8000"));
  EXPECT_THAT(result.errors, HasSubstr("address 0x50000000; no trap handler is set"));
}

TEST_F(Exec, ACallThatIsNotServedIsAnError) {
  const CommandResult result = exec("ecall_unknown");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("lutra: error: the program at pc=0x8000"));
  EXPECT_THAT(result.errors, HasSubstr("system call 1024, which is not served"));
}

class InterruptedExec : public Exec {
 protected:
  // Starts a program that never ends, waits until its output shows in out.txt, and then does `what`.
  CommandResult exec_and(const std::string& what, const std::string& options = "") {
    const auto elf = std::filesystem::path(LUTRA_TEST_PROGRAMS) / "prints_and_spins.elf";
    return shell(scratch_, ">out.txt; " + std::string(LUTRA_COMMAND) + " exec '" + elf.string() + "' " + options +
                               " >>out.txt & run=$!; until grep -q 'half a line' out.txt || ! kill -0 $run; do "
                               "sleep 0.02; done; " +
                               what);
  }
};

TEST_F(InterruptedExec, ShowsOutputAsItComesAndNamesThePlace) {
  for (const std::string signal : {"INT", "TERM"}) {
    const CommandResult result = exec_and("kill -" + signal + " $run; wait $run", "--result r.json");
    EXPECT_EQ(result.exit_code, 130);
    EXPECT_EQ(read_text_file(scratch_ / "out.txt"), "before the loop\nhalf a line");
    EXPECT_THAT(result.errors, HasSubstr("lutra: interrupted at pc=0x8000"));
    EXPECT_THAT(result.errors, ContainsRegex("after [0-9]+ instructions"));
    EXPECT_EQ(nlohmann::json::parse(read_text_file(scratch_ / "r.json")).at("end"), "interrupted");
  }
}

TEST_F(InterruptedExec, WhatWasPrintedIsThereWhenItIsKilled) {
  exec_and("kill -KILL $run; wait $run");
  EXPECT_EQ(read_text_file(scratch_ / "out.txt"), "before the loop\nhalf a line");
}

TEST_F(Exec, AReaderThatIsGoneEndsNothing) {
  const auto elf = std::filesystem::path(LUTRA_TEST_PROGRAMS) / "devices.elf";
  const CommandResult result = shell(
      scratch_,
      "mkfifo pipe; { exec 3<pipe; exec 3<&-; touch gone; } & exec 4>pipe; until [ -e gone ]; do sleep 0.02; done; " +
          std::string(LUTRA_COMMAND) + " exec '" + elf.string() + "' --result r.json >&4");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "r.json"));
}

TEST_F(Exec, OutputThatCannotBeWrittenIsAnErrorAfterTheFiles) {
  const CommandResult result = exec("devices", "--result r.json >/dev/full");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("lutra: error: the output could not be written: "));
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "r.json"));
}

TEST_F(Exec, WritesTheSignature) {
  const CommandResult result = exec("signature", "--signature dut/s.txt");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(read_text_file(scratch_ / "dut/s.txt"), "deadbeef\n0000abcd\n00000002\n80000000\n");
  EXPECT_THAT(exec("fails", "--signature none.txt").errors, HasSubstr("has no symbols begin_signature"));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "none.txt"));
}

TEST_F(Exec, WritesNoSignatureOfAProgramThatDidNotEndItself) {
  const CommandResult result = exec("signature", "--max-instructions 3 --signature s.txt");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("lutra: s.txt is not written: "));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "s.txt"));
}

TEST_F(Exec, WritesTheResult) {
  ASSERT_EQ(exec("fails", "--result r.json").exit_code, 7);
  const auto result = nlohmann::ordered_json::parse(read_text_file(scratch_ / "r.json"));
  std::vector<std::string> keys;
  for (const auto& [key, value] : result.items()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("exec_schema_version", "program", "end", "exit_code", "message", "clock_mhz", "cycles",
                                "instructions", "pc", "registers", "counters"));
  EXPECT_EQ(result.at("end"), "exit_device");
  EXPECT_EQ(result.at("exit_code"), 7);
  EXPECT_EQ(result.at("registers").size(), 32U);
  EXPECT_EQ(result.at("registers").at("x0"), "0x00000000");
  EXPECT_GE(result.at("counters").at("hart").at("store"), 1);
  EXPECT_TRUE(result.at("counters").at("hart.dcache").contains("miss"));
  const std::string first = read_text_file(scratch_ / "r.json");
  exec("fails", "--result r.json");
  EXPECT_EQ(read_text_file(scratch_ / "r.json"), first) << "the same bytes every time";
}

TEST_F(Exec, TakesTheSocFromAScenario) {
  write_file(scratch_ / "slow.yaml", "soc: {interconnect: {latency_cycles: 90}}\n");
  const auto cycles = [&](const std::string& options) {
    const CommandResult result = exec("tohost_passes", options);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return std::stoull(result.errors.substr(result.errors.find("cycles ") + 7));
  };
  const auto fast = cycles(""), slow = cycles("--scenario slow.yaml");
  EXPECT_GT(slow, fast);
  EXPECT_EQ(cycles("--set soc.interconnect.latency_cycles=90"), slow);
  EXPECT_EQ(cycles("--scenario slow.yaml --set soc.interconnect.latency_cycles=2"), fast);
}

TEST_F(Exec, HasTheEngineOfTheScenario) {
  EXPECT_EQ(exec("reads_engine", "--scenario embedded").exit_code, 0);
  EXPECT_EQ(exec("reads_engine", "--set engine.family=mac").exit_code, 0);
  EXPECT_THAT(exec("reads_engine").errors, HasSubstr("load access fault at pc="));
}

TEST_F(Exec, RefusesAFileThatIsNotAProgram) {
  write_file(scratch_ / "text.elf", "not an ELF file");
  const CommandResult result = lutra_command(scratch_, "exec text.elf");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("text.elf"));
  EXPECT_EQ(lutra_command(scratch_, "exec nothing.elf").exit_code, 1);
}

}  // namespace
}  // namespace lutra::test
