#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "software/common/files.h"
#include "tests/support/scratch.h"

namespace lutra::test {

// A timeline read back, and held to Chrome's trace event format: every event has the fields its phase asks for, every
// row and process has a name, every time is a whole number of picoseconds.
class Trace {
 public:
  using Json = nlohmann::json;

  struct Span {
    std::string row;  // "process/row"
    std::string name;
    std::string category;
    std::uint64_t begin_ps = 0;
    std::uint64_t end_ps = 0;
    Json arguments;

    std::uint64_t duration_ps() const { return end_ps - begin_ps; }
  };
  struct Instant {
    std::string row;
    std::string name;
    std::uint64_t time_ps = 0;
  };
  struct Sample {
    std::string process;
    std::uint64_t time_ps = 0;
    std::uint64_t value = 0;
  };

  std::vector<Span> spans;
  std::vector<Instant> instants;
  std::vector<Sample> samples;

  // Throws on the first event that breaks the format.
  static Trace read(const std::filesystem::path& file) {
    const Json document = Json::parse(read_text_file(file));
    Trace trace;
    trace.read_names(document.at("traceEvents"));
    for (const Json& event : document.at("traceEvents")) trace.read_event(event);
    return trace;
  }

  std::set<std::string> rows() const {
    std::set<std::string> names;
    for (const auto& [place, name] : row_names_) names.insert(process_names_.at(place.first) + "/" + name);
    return names;
  }

  std::vector<Span> of(const std::string& row) const {
    std::vector<Span> found;
    for (const Span& span : spans)
      if (span.row == row) found.push_back(span);
    std::stable_sort(found.begin(), found.end(), [](const Span& a, const Span& b) { return a.begin_ps < b.begin_ps; });
    return found;
  }

  // Time of a row's spans for which `wanted` holds.
  template <typename Wanted>
  std::uint64_t time_ps(const std::string& row, const Wanted& wanted) const {
    std::uint64_t sum = 0;
    for (const Span& span : spans)
      if (span.row == row && wanted(span)) sum += span.duration_ps();
    return sum;
  }

  // The rows in which a span begins before the one before it has ended.
  std::vector<std::string> overlapping_rows() const {
    std::vector<std::string> found;
    for (const std::string& row : rows()) {
      const std::vector<Span> sorted = of(row);
      for (std::size_t i = 1; i < sorted.size(); ++i)
        if (sorted[i].begin_ps < sorted[i - 1].end_ps) {
          found.push_back(row + ": '" + sorted[i].name + "' at " + std::to_string(sorted[i].begin_ps));
          break;
        }
    }
    return found;
  }

 private:
  using Place = std::pair<int, int>;

  static std::uint64_t picoseconds(const Json& microseconds) {
    const double exact = microseconds.get<double>() * 1e6;
    if (!microseconds.is_number_float() || exact < 0 || std::abs(exact - std::round(exact)) > 1e-3)
      throw std::runtime_error("not a whole number of picoseconds: " + microseconds.dump());
    return static_cast<std::uint64_t>(std::llround(exact));
  }

  void read_names(const Json& events) {
    for (const Json& event : events) {
      if (event.at("ph") != "M") continue;
      const int process = event.at("pid").get<int>();
      const std::string kind = event.at("name");
      if (kind == "process_name")
        process_names_[process] = event.at("args").at("name");
      else if (kind == "thread_name")
        row_names_[{process, event.at("tid").get<int>()}] = event.at("args").at("name");
      else if (kind == "process_sort_index" || kind == "thread_sort_index")
        event.at("args").at("sort_index").get<int>();
      else
        throw std::runtime_error("unknown metadata " + kind);
    }
  }

  std::string row_of(const Json& event) const {
    const Place place{event.at("pid").get<int>(), event.at("tid").get<int>()};
    return process_names_.at(place.first) + "/" + row_names_.at(place);
  }

  void read_event(const Json& event) {
    const std::string phase = event.at("ph");
    const std::string name = event.at("name");
    if (phase == "X") {
      const std::uint64_t begin = picoseconds(event.at("ts"));
      spans.push_back(
          {row_of(event), name, event.at("cat"), begin, begin + picoseconds(event.at("dur")), event.at("args")});
      if (name.empty() || spans.back().duration_ps() == 0) throw std::runtime_error("an empty span: " + event.dump());
    } else if (phase == "i") {
      if (event.at("s") != "t") throw std::runtime_error("an instant of no row: " + event.dump());
      instants.push_back({row_of(event), name, picoseconds(event.at("ts"))});
    } else if (phase == "C") {
      samples.push_back(
          {process_names_.at(event.at("pid").get<int>()), picoseconds(event.at("ts")), event.at("args").at("bytes")});
    } else if (phase != "M") {
      throw std::runtime_error("unknown phase " + phase);
    }
  }

  std::map<int, std::string> process_names_;
  std::map<Place, std::string> row_names_;
};

// A folder of the running test's own.
class TraceFolder : public Scratch {
 public:
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path()), std::filesystem::directory_iterator{}));
  }
};

}  // namespace lutra::test
