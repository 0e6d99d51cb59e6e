#include "traces/trace_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "software/common/error.h"

namespace lutra::traces {

namespace {

constexpr std::uint64_t ps_per_us = 1'000'000;

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string microseconds(std::uint64_t time_ps) {
  return fmt::format("{}.{:06}", time_ps / ps_per_us, time_ps % ps_per_us);
}

std::string object(std::span<const Argument> arguments) {
  std::string text = "{";
  for (const Argument& argument : arguments)
    text += fmt::format("{}{}:{}", text.size() == 1 ? "" : ",", json_text(argument.name),
                        argument.text.empty() ? std::to_string(argument.value) : json_text(argument.text));
  return text + "}";
}

}  // namespace

TraceFile::TraceFile(std::filesystem::path path)
    : path_(writable_place(path)),
      temporary_(path_.string() + fmt::format(".{}.tmp", ::getpid())),
      unfinished_(temporary_) {
  std::error_code absent;
  if (std::filesystem::is_directory(path_, absent))
    throw Error(fmt::format("{}: is a folder; name a file for the timeline", path_.string()));
  std::error_code failure;
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), failure);
  if (failure)
    throw Error(fmt::format("{}: the folder cannot be made: {}", path_.parent_path().string(), failure.message()));
  out_.open(temporary_, std::ios::binary);
  out_ << "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[";
  if (!out_) fail();
}

TraceFile::~TraceFile() {
  if (committed_) return;
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void TraceFile::name_process(int process, std::string_view name) {
  metadata({process, 0}, "process_name", fmt::format(R"("name":{})", json_text(name)));
  metadata({process, 0}, "process_sort_index", fmt::format(R"("sort_index":{})", process));
}

void TraceFile::name_row(Place place, std::string_view name) {
  metadata(place, "thread_name", fmt::format(R"("name":{})", json_text(name)));
  metadata(place, "thread_sort_index", fmt::format(R"("sort_index":{})", place.row));
}

void TraceFile::span(Place place, std::string_view name, std::string_view category, std::uint64_t begin_ps,
                     std::uint64_t end_ps, std::span<const Argument> arguments) {
  event(fmt::format(R"({{"ph":"X","name":{},"cat":{},"pid":{},"tid":{},"ts":{},"dur":{},"args":{}}})", json_text(name),
                    json_text(category), place.process, place.row, microseconds(begin_ps),
                    microseconds(end_ps - begin_ps), object(arguments)));
}

void TraceFile::instant(Place place, std::string_view name, std::uint64_t time_ps) {
  event(fmt::format(R"({{"ph":"i","name":{},"s":"t","pid":{},"tid":{},"ts":{}}})", json_text(name), place.process,
                    place.row, microseconds(time_ps)));
}

void TraceFile::counter(int process, std::string_view name, std::string_view series, std::uint64_t time_ps,
                        std::uint64_t value) {
  event(fmt::format(R"({{"ph":"C","name":{},"pid":{},"tid":0,"ts":{},"args":{{{}:{}}}}})", json_text(name), process,
                    microseconds(time_ps), json_text(series), value));
}

void TraceFile::metadata(Place place, std::string_view kind, std::string_view arguments) {
  event(fmt::format(R"({{"ph":"M","name":"{}","pid":{},"tid":{},"args":{{{}}}}})", kind, place.process, place.row,
                    arguments));
}

void TraceFile::event(std::string_view text) {
  out_ << (first_ ? "\n" : ",\n") << text;
  first_ = false;
}

void TraceFile::commit() {
  out_ << "\n]}\n";
  out_.close();
  if (!out_) fail();
  std::error_code failure;
  std::filesystem::rename(temporary_, path_, failure);
  if (failure) throw Error(fmt::format("{}: cannot be written: {}", path_.string(), failure.message()));
  committed_ = true;
}

void TraceFile::fail() {
  const std::string reason = std::strerror(errno);
  throw Error(fmt::format("{}: the timeline cannot be written: {}", path_.string(), reason));
}

}  // namespace lutra::traces
