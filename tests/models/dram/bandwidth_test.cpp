#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "models/base/dram_kinds.h"
#include "models/dram/dram.h"
#include "software/common/files.h"
#include "tests/models/initiator.h"

namespace lutra::models {
namespace {

using test::Initiator;

constexpr std::uint64_t mib = 1 << 20;
constexpr std::size_t memory_bytes = 128 * mib;
constexpr std::uint32_t outstanding = 8;  // InterconnectConfig::port_depth

struct Request {
  std::uint64_t address = 0;
  bool write = false;
};

// Fills in the request of a number.
using Pattern = std::function<Request(std::uint64_t)>;

// A channel that is asked as fast as it answers: a request is made when the one `outstanding` before it is complete.
// The port is as wide as a request, so that the channel alone limits.
class Channel {
 public:
  Channel(const std::string& kind, bool bank_xor, std::uint32_t request_bytes)
      : timing(with_xor(kind, bank_xor)),
        bytes_(request_bytes),
        dram_(sc_core::sc_gen_unique_name("dram"), timing, memory_bytes, request_bytes, period, statistics_),
        initiator_(
            sc_core::sc_gen_unique_name("initiator"), [](Initiator&) {}, period) {
    initiator_.socket.bind(dram_.socket);
  }

  // Per cent of the data bus' peak.
  double achieved(const Pattern& pattern) {
    constexpr std::uint64_t requests = 2048;
    const std::uint64_t begin = pause();
    std::deque<std::uint64_t> ends(outstanding, begin);
    for (std::uint64_t i = 0; i < requests; ++i) {
      const Request request = pattern(i);
      ends.push_back(end_of(ends.front(), request.address, request.write));
      ends.pop_front();
    }
    const std::uint64_t end = end_of(ends.back(), 0, false);  // behind every write
    last_ = end;
    const double peak_bytes_per_ps = timing.width_bits / 8.0 * 2 / static_cast<double>(timing.clock_ps);
    return 100 * static_cast<double>(requests * bytes_) / static_cast<double>(end - begin) / peak_bytes_per_ps;
  }

  // Picoseconds from a read to the last byte, the channel being awake.
  std::uint64_t latency(bool open_row) {
    const std::uint64_t begin = pause();
    const std::uint64_t first = end_of(begin, 0, false);
    last_ = end_of(first, open_row ? bytes_ : 64 * mib + timing.burst_bytes() * 8192, false);
    return last_ - first;
  }

  const DramTiming timing;

 private:
  static DramTiming with_xor(const std::string& kind, bool bank_xor) {
    DramTiming timing = embedded_dram_timing(kind);
    timing.bank_xor = bank_xor;
    return timing;
  }
  std::uint64_t pause() const { return last_ + 100 * timing.clock_ps; }

  std::uint64_t end_of(std::uint64_t arrival, std::uint64_t address, bool write) {
    std::vector<std::uint8_t> data(bytes_);
    tlm::tlm_generic_payload payload;
    payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(address % memory_bytes);
    payload.set_data_ptr(data.data());
    payload.set_data_length(bytes_);
    payload.set_streaming_width(bytes_);
    sc_core::sc_time delay = sc_core::sc_time::from_value(arrival);
    initiator_.socket->b_transport(payload, delay);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_OK_RESPONSE);
    return delay.value();
  }

  const sc_core::sc_time period{1, sc_core::SC_NS};
  std::uint32_t bytes_;
  std::uint64_t last_ = 0;
  Statistics statistics_;
  Dram dram_;
  Initiator initiator_;
};

// `streams` that lie `apart` and take turns, each `stride` further at each of its turns.
Pattern streams(std::uint64_t count, std::uint64_t apart, std::uint64_t stride, std::uint64_t written_of = 0) {
  return [=](std::uint64_t i) { return Request{i % count * apart + i / count * stride, i % count < written_of}; };
}

// Anywhere in the memory; of four requests, so many write.
Pattern anywhere(std::uint32_t request_bytes, std::uint32_t written_of_four) {
  return [random = std::make_shared<std::mt19937>(1), request_bytes, written_of_four](std::uint64_t) {
    const std::uint64_t place = (*random)() % (memory_bytes / request_bytes);
    return Request{place * request_bytes, (*random)() % 4 < written_of_four};
  };
}

constexpr std::uint32_t line = 64;  // EngineConfig::burst_bytes

struct Named {
  const char* name;
  std::function<Pattern()> make;
};

const std::vector<Named>& patterns() {
  static const std::vector<Named> all = {
      {"one stream, reads", [] { return streams(1, 0, line); }},
      {"one stream, writes", [] { return streams(1, 0, line, 1); }},
      {"two streams 16 MiB apart, reads", [] { return streams(2, 16 * mib, line); }},
      {"four streams 16 MiB apart, reads", [] { return streams(4, 16 * mib, line); }},
      {"one stream reads, one writes 16 MiB apart, in turn", [] { return streams(2, 16 * mib, line, 1); }},
      {"stride 256 bytes, reads", [] { return streams(1, 0, 256); }},
      {"stride 64 KiB, reads", [] { return streams(1, 0, 64 << 10); }},
      {"random, reads", [] { return anywhere(line, 0); }},
      {"random, half of them writes", [] { return anywhere(line, 2); }}};
  return all;
}

std::string row(const std::string& head, const std::vector<std::string>& cells) {
  std::string text = "| " + head + " |";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

std::string bandwidth_table() {
  const std::vector<std::string> kinds = dram_kinds();
  std::vector<std::string> peak;
  std::vector<std::string> open;
  std::vector<std::string> closed;
  std::vector<std::unique_ptr<Channel>> plain;
  std::vector<std::unique_ptr<Channel>> xored;
  for (const std::string& kind : kinds) {
    plain.push_back(std::make_unique<Channel>(kind, false, line));
    xored.push_back(std::make_unique<Channel>(kind, true, line));
    const DramTiming& timing = plain.back()->timing;
    peak.push_back(fmt::format("{:.0f}", timing.width_bits / 8.0 * 2 / static_cast<double>(timing.clock_ps) * 1e6));
    open.push_back(fmt::format("{:.0f}", static_cast<double>(plain.back()->latency(true)) / 1000));
    closed.push_back(fmt::format("{:.0f}", static_cast<double>(plain.back()->latency(false)) / 1000));
  }
  std::string table = row("64 bytes at a time, 8 outstanding", kinds);
  table += row("---", std::vector<std::string>(kinds.size(), "---"));
  table += row("peak, MB/s", peak);
  table += row("idle read, open row, ns", open);
  table += row("idle read, closed row, ns", closed);
  for (const Named& pattern : patterns()) {
    std::vector<std::string> cells;
    for (std::size_t k = 0; k < kinds.size(); ++k)
      cells.push_back(
          fmt::format("{:.0f} / {:.0f}", plain[k]->achieved(pattern.make()), xored[k]->achieved(pattern.make())));
    table += row(pattern.name, cells);
  }
  return table;
}

// AMD UG585, Zynq-7000 SoC Technical Reference Manual, "DDR Efficiency", table 1: DDR3-1050, four masters, bursts of 16
// beats of 8 bytes.
struct Published {
  const char* access;
  int sequential;
  int random;
  std::uint32_t written_of_four;
};
constexpr Published published[] = {{"reads", 97, 92, 0}, {"writes", 90, 87, 4}, {"reads and writes", 87, 79, 2}};

std::string comparison_table() {
  constexpr std::uint32_t burst = 128;
  Channel channel("ddr3_x32", true, burst);
  std::string table = row("DDR3 x32, four masters, 128 bytes", {"UG585 %", "here %", "difference"});
  table += row("---", {"---", "---", "---"});
  const auto add = [&](const char* access, const char* order, int there, const Pattern& pattern) {
    const double here = channel.achieved(pattern);
    table += row(fmt::format("{}, {}", access, order),
                 {fmt::format("{}", there), fmt::format("{:.0f}", here), fmt::format("{:+.0f}", here - there)});
  };
  for (const Published& row : published) {
    add(row.access, "sequential", row.sequential, streams(4, 16 * mib, burst, row.written_of_four));
    add(row.access, "random", row.random, anywhere(burst, row.written_of_four));
  }
  return table;
}

std::string page() { return read_text_file(LUTRA_SOURCE_DIR "/models/dram/README.md"); }

TEST(DramBandwidth, ThePageShowsWhatEveryKindAchieves) { EXPECT_THAT(page(), testing::HasSubstr(bandwidth_table())); }

TEST(DramBandwidth, ThePageShowsTheDifferenceToAPublishedController) {
  EXPECT_THAT(page(), testing::HasSubstr(comparison_table()));
}

TEST(DramBandwidth, XorOfTheBankEndsTheThrashingOfStreamsAPowerOfTwoApart) {
  for (const std::string& kind : dram_kinds()) {
    SCOPED_TRACE(kind);
    Channel plain(kind, false, line);
    Channel xored(kind, true, line);
    EXPECT_LT(plain.achieved(streams(2, 16 * mib, line)), 60);
    EXPECT_GT(xored.achieved(streams(2, 16 * mib, line)), 80);
  }
}

TEST(DramBandwidth, NothingExceedsThePeak) {
  for (const std::string& kind : dram_kinds()) {
    SCOPED_TRACE(kind);
    for (const bool bank_xor : {false, true}) {
      Channel channel(kind, bank_xor, line);
      for (const Named& pattern : patterns()) {
        const double achieved = channel.achieved(pattern.make());
        EXPECT_GT(achieved, 1) << pattern.name;
        EXPECT_LT(achieved, 100) << pattern.name;
      }
    }
  }
}

}  // namespace
}  // namespace lutra::models
