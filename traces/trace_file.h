#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "software/common/unfinished.h"

namespace lutra::traces {

// A place in the picture: `process` groups rows, `row` is one of them.
struct Place {
  int process = 0;
  int row = 0;
};

// What stands beside an event: a number, or a text where `text` is not empty.
struct Argument {
  std::string name;
  std::uint64_t value = 0;
  std::string text;
};

// Writes the JSON object form of Chrome's trace event format, which Perfetto (ui.perfetto.dev) opens, event by event:
// nothing is kept in memory. Times are picoseconds; the file has microseconds with six decimals, so that none is lost.
// Events may come in any order of time. The file appears under its name with commit(), whole, or not at all.
class TraceFile {
 public:
  // Throws Error naming the file when it cannot be written.
  explicit TraceFile(std::filesystem::path path);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  void name_process(int process, std::string_view name);
  void name_row(Place place, std::string_view name);  // rows are shown in the order of their numbers

  void span(Place place, std::string_view name, std::string_view category, std::uint64_t begin_ps, std::uint64_t end_ps,
            std::span<const Argument> arguments);
  void instant(Place place, std::string_view name, std::uint64_t time_ps);
  void counter(int process, std::string_view name, std::string_view series, std::uint64_t time_ps, std::uint64_t value);

  // Throws Error when anything could not be written.
  void commit();

 private:
  void event(std::string_view text);
  void metadata(Place place, std::string_view kind, std::string_view arguments);
  [[noreturn]] void fail();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  Unfinished unfinished_;
  std::ofstream out_;
  bool first_ = true;
  bool committed_ = false;
};

}  // namespace lutra::traces
