#include "models/soc/reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <utility>

#include "software/common/error.h"

namespace lutra::models {
namespace {

std::string message_of(const std::function<void()>& work) {
  try {
    reports_as_errors(work);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

struct Process : sc_core::sc_module {
  std::function<void()> work;

  explicit Process(std::function<void()> does) : sc_module(sc_core::sc_module_name("process")), work(std::move(does)) {
    SC_HAS_PROCESS(Process);
    SC_THREAD(run);
  }
  void run() { work(); }
};

void simulate(const std::function<void()>& work) {
  Process process(work);
  sc_core::sc_start();
}

TEST(Reports, WhatSystemCFindsIsAnError) {
  EXPECT_EQ(message_of([] { SC_REPORT_ERROR("some kind", "some place"); }),
            "the simulation cannot go on: SystemC reports 'some kind': some place");
  EXPECT_THAT(message_of([] { sc_core::sc_set_time_resolution(3, sc_core::SC_PS); }),
              testing::StartsWith("the simulation cannot go on: SystemC reports 'set time resolution failed'"));
}

TEST(Reports, WhatAModelThrowsKeepsItsWords) {
  EXPECT_EQ(message_of([] { simulate([] { throw Error("the frame is too long"); }); }), "the frame is too long");
}

TEST(Reports, MemoryThatIsExhaustedIsNoSentenceOfALibrary) {
  EXPECT_THROW(reports_as_errors([] { simulate([] { throw std::bad_alloc(); }); }), std::bad_alloc);
}

TEST(Reports, WhatWorkYieldsComesBack) {
  EXPECT_EQ(reports_as_errors([] { return 7; }), 7);
}

}  // namespace
}  // namespace lutra::models
