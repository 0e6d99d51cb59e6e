#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "software/common/files.h"
#include "software/result/result_json.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/software/result/sample_result.h"
#include "tests/support/damage_text.h"
#include "tests/support/environment.h"

// The harnesses of this folder over their corpus, and over damaged copies of it: each input is read, or refused with an
// Error. LUTRA_FUZZ_SECONDS (of a target) and LUTRA_FUZZ_SEED choose how long and what is drawn.

namespace lutra::test {

void PrintTo(const FuzzTarget& target, std::ostream* out) { *out << target.name; }

namespace {

constexpr double default_seconds = 0.7;
constexpr unsigned default_seed = 20261129;
constexpr unsigned rounds_for_a_refusal = 1000;  // on a busy machine the seconds hold but a few

struct Seed {
  std::string name;
  std::string content;
};

std::vector<Seed> corpus_of(const std::string& target) {
  std::vector<Seed> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(LUTRA_SOURCE_DIR "/tests/fuzz/corpus/" + target)) {
    const std::vector<std::uint8_t> bytes = read_file(entry.path());
    seeds.push_back({entry.path().filename().string(), {bytes.begin(), bytes.end()}});
  }
  // A result has too many fields to keep a file of it up to date by hand.
  if (target == "result") seeds.push_back({"sample", result::to_json(sample_result())});
  std::sort(seeds.begin(), seeds.end(), [](const Seed& a, const Seed& b) { return a.name < b.name; });
  return seeds;
}

void read(const FuzzTarget& target, const std::string& input) {
  target.read(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

// What a signal handler can still say when a reader dies.
char now_running[200];

void name_the_input(int signal) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, now_running, std::strlen(now_running));
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

class Fuzz : public ::testing::TestWithParam<FuzzTarget> {};

TEST_P(Fuzz, ReadsItsCorpus) {
  const std::vector<Seed> seeds = corpus_of(GetParam().name);
  EXPECT_FALSE(seeds.empty());
  for (const Seed& seed : seeds) {
    SCOPED_TRACE(seed.name);
    read(GetParam(), seed.content);
    EXPECT_EQ(refused, seed.name.starts_with("bad_"));
  }
}

TEST_P(Fuzz, ReadsOrRefusesDamagedInput) {
  const std::vector<Seed> seeds = corpus_of(GetParam().name);
  std::vector<std::string> parts;
  for (const Seed& seed : seeds) parts.push_back(seed.content);
  const auto seed = number_from("LUTRA_FUZZ_SEED", default_seed);
  const std::chrono::duration<double> budget(number_from("LUTRA_FUZZ_SECONDS", default_seconds));
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS}) ::signal(signal, name_the_input);
  const auto begin = std::chrono::steady_clock::now();
  unsigned round = 0, refusals = 0;
  do {
    std::seed_seq of_the_round{seed, round};
    std::mt19937 random(of_the_round);
    std::string input = parts[random() % parts.size()];
    for (unsigned edits = 1 + random() % 4; edits > 0; --edits) damage_bytes(input, random, parts);
    *fmt::format_to_n(now_running, sizeof now_running - 1, "{}: LUTRA_FUZZ_SEED={}, round {}\n", GetParam().name, seed,
                      round)
         .out = '\0';
    try {
      read(GetParam(), input);
    } catch (const std::exception& other) {
      FAIL() << now_running << other.what() << "\n" << testing::PrintToString(input.substr(0, 2000));
    }
    refusals += refused ? 1 : 0;
    ++round;
  } while (std::chrono::steady_clock::now() - begin < budget || (refusals == 0 && round < rounds_for_a_refusal));
  EXPECT_GT(refusals, 0U) << "of " << round << " rounds with seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(Readers, Fuzz, ::testing::ValuesIn(fuzz_targets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace lutra::test
