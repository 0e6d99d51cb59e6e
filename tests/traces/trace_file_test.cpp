#include "traces/trace_file.h"

#include <gmock/gmock.h>

#include "software/common/error.h"
#include "tests/traces/trace_reader.h"

namespace lutra::traces {
namespace {

using test::Trace;
using test::TraceFolder;
using testing::HasSubstr;

TEST(TraceFile, WritesWhatWasToldToThePicosecond) {
  const TraceFolder folder;
  TraceFile file(folder / "new/t.json");
  file.name_process(1, "engine");
  file.name_row({1, 2}, "load");
  const Argument arguments[] = {{"bytes", 64, {}}, {"address", 0, "0x80"}};
  file.span({1, 2}, "loads", "busy", 1'234'567'890'123, 1'234'567'890'128, arguments);
  file.instant({1, 2}, "interrupt", 7);
  file.counter(1, "in flight", "bytes", 1'000'000, 96);
  file.commit();

  const Trace trace = Trace::read(folder / "new/t.json");
  ASSERT_EQ(trace.spans.size(), 1u);
  EXPECT_EQ(trace.spans[0].row, "engine/load");
  EXPECT_EQ(trace.spans[0].name, "loads");
  EXPECT_EQ(trace.spans[0].category, "busy");
  EXPECT_EQ(trace.spans[0].begin_ps, 1'234'567'890'123u);
  EXPECT_EQ(trace.spans[0].end_ps, 1'234'567'890'128u);
  EXPECT_EQ(trace.spans[0].arguments, (Trace::Json{{"bytes", 64}, {"address", "0x80"}}));
  ASSERT_EQ(trace.instants.size(), 1u);
  EXPECT_EQ(trace.instants[0].time_ps, 7u);
  ASSERT_EQ(trace.samples.size(), 1u);
  EXPECT_EQ(trace.samples[0].value, 96u);
}

TEST(TraceFile, NamesMayHoldAnything) {
  const TraceFolder folder;
  TraceFile file(folder / "t.json");
  file.name_process(1, "\"quoted\"\n");
  file.name_row({1, 1}, "\\ \x01");
  file.span({1, 1}, "not UTF-8: \xff", "busy", 0, 1, {});
  file.commit();
  const Trace trace = Trace::read(folder / "t.json");
  EXPECT_EQ(trace.spans.at(0).row, "\"quoted\"\n/\\ \x01");
  EXPECT_THAT(trace.spans.at(0).name, testing::StartsWith("not UTF-8: "));
}

TEST(TraceFile, MayLieInTheWorkingFolder) {
  const TraceFolder folder;
  std::filesystem::current_path(folder / "");
  TraceFile("t.json").commit();
  EXPECT_TRUE(Trace::read(folder / "t.json").spans.empty());
}

TEST(TraceFile, IsValidWithoutEvents) {
  const TraceFolder folder;
  TraceFile(folder / "t.json").commit();
  EXPECT_TRUE(Trace::read(folder / "t.json").spans.empty());
}

TEST(TraceFile, LeavesNothingBehindUnlessCommitted) {
  const TraceFolder folder;
  {
    TraceFile file(folder / "t.json");
    file.instant({1, 1}, "lost", 0);
    EXPECT_EQ(folder.files(), 1u);
  }
  EXPECT_EQ(folder.files(), 0u);
}

TEST(TraceFile, KeepsTheOldFileUntilTheNewOneIsWhole) {
  const TraceFolder folder;
  write_file(folder / "t.json", "old");
  { const TraceFile abandoned(folder / "t.json"); }
  EXPECT_EQ(read_text_file(folder / "t.json"), "old");
  TraceFile(folder / "t.json").commit();
  EXPECT_TRUE(Trace::read(folder / "t.json").spans.empty());
  EXPECT_EQ(folder.files(), 1u);
}

std::string refusal(const std::filesystem::path& path) {
  try {
    TraceFile file(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(TraceFile, AnUnwritablePlaceIsNamed) {
  const TraceFolder folder;
  EXPECT_THAT(refusal(folder / ""), HasSubstr("is a folder; name a file for the timeline"));
  write_file(folder / "taken", "");
  EXPECT_THAT(refusal(folder / "taken/t.json"), HasSubstr("taken: the folder cannot be made"));
}

TEST(TraceFile, ADiskThatIsFullIsAnError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const TraceFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / ("t.json." + std::to_string(::getpid()) + ".tmp"));
  TraceFile file(folder / "t.json");
  file.instant({1, 1}, "lost", 0);
  EXPECT_THROW(file.commit(), Error);
  EXPECT_FALSE(std::filesystem::exists(folder / "t.json"));
}

}  // namespace
}  // namespace lutra::traces
