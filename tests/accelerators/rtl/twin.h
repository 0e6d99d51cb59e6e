#pragma once

#include <memory>
#include <random>

#include "tests/accelerators/rtl/port_bits.h"
#include "tests/support/environment.h"

namespace lutra::test {

// An elaboration (lutra_rtl_model) and its clock. Whatever its reset does not set begins at random.
template <class Model>
class Twin {
 public:
  Twin() {
    context_.randReset(2);
    context_.randSeed(1);
    top_ = std::make_unique<typename Model::Top>(&context_);
  }
  ~Twin() { top_->final(); }
  Twin(const Twin&) = delete;
  Twin& operator=(const Twin&) = delete;

  typename Model::Top* operator->() const { return top_.get(); }
  typename Model::Top& operator*() const { return *top_; }

  void clock() {
    for (int level : {0, 1}) {
      top_->clk = static_cast<CData>(level);
      top_->eval();
    }
  }

  // One cycle of it; what else it sees stands on the inputs.
  void reset() {
    top_->reset = 1;
    clock();
    top_->reset = 0;
  }

  // What stands on a bus of so many bits where nothing was asked for.
  PortBits noise(int bits) {
    PortBits port;
    for (int i = 0; 32 * i < bits; ++i)
      port.set_word(static_cast<std::size_t>(i), static_cast<std::uint32_t>(noise_()));
    return port;
  }

 private:
  VerilatedContext context_;
  std::unique_ptr<typename Model::Top> top_;
  std::mt19937 noise_{1};
};

// Tiles that a test runs on an elaboration; LUTRA_RTL_TILES says how many in a long run.
inline int rtl_tiles(int otherwise) { return number_from("LUTRA_RTL_TILES", otherwise); }

}  // namespace lutra::test
