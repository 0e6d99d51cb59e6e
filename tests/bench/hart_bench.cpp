#include <benchmark/benchmark.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstring>
#include <systemc>
#include <vector>

#include "models/cpu/hart.h"
#include "models/interface/memory_map.h"

// Simulated instructions per second of host time, timing on. A SystemC kernel is elaborated once, so every hart is
// built before the first simulation starts and sleeps until its turn.

namespace {

using namespace lutra::models;

constexpr std::uint32_t memory_bytes = 1u << 16;

class DirectMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<DirectMemory> socket{"socket"};

  explicit DirectMemory(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.register_b_transport(this, &DirectMemory::b_transport);
    socket.register_get_direct_mem_ptr(this, &DirectMemory::get_direct_mem_ptr);
  }

  std::uint8_t* data() { return memory_.data(); }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
    std::uint8_t* place = memory_.data() + (transaction.get_address() & (memory_bytes - 1));
    if (transaction.is_read())
      std::memcpy(transaction.get_data_ptr(), place, transaction.get_data_length());
    else
      std::memcpy(place, transaction.get_data_ptr(), transaction.get_data_length());
    transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  }

  bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi) {
    dmi.set_start_address(LUTRA_MAIN_BASE);
    dmi.set_end_address(LUTRA_MAIN_BASE + memory_bytes - 1);
    dmi.set_dmi_ptr(memory_.data());
    dmi.allow_read_write();
    return true;
  }

  std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(memory_bytes);
};

// Sleeps until the interrupt line rises, then 3,145,728 rounds of eleven instructions. As GNU as gives them.
constexpr std::uint32_t program[] = {
    0x00000437,  // lui s0, base; the base is filled in
    0x00004337,  // lui t1,0x4
    0x00640433,  // add s0,s0,t1
    0x00001337,  // lui t1,0x1
    0x80030313,  // addi t1,t1,-2048
    0x30431073,  // csrw mie,t1
    0x10500073,  // wfi
    0x003004B7,  // lui s1,0x300
    0x00042503,  // lw a0,0(s0)
    0x00442583,  // lw a1,4(s0)
    0x02B50633,  // mul a2,a0,a1
    0x00C686B3,  // add a3,a3,a2
    0x00369713,  // slli a4,a3,0x3
    0x00B747B3,  // xor a5,a4,a1
    0x00F42423,  // sw a5,8(s0)
    0x03F4F813,  // andi a6,s1,63
    0x00580893,  // addi a7,a6,5
    0xFFF48493,  // addi s1,s1,-1
    0xFC049CE3,  // bnez s1, the first lw
    0x0000006F,  // j itself
};

struct Rig {
  Rig(const std::string& name, std::uint32_t quantum, std::uint32_t base)
      : hart((name + "_hart").c_str(), config_with(quantum), sc_core::sc_time(5, sc_core::SC_NS), statistics),
        memory((name + "_memory").c_str()),
        line((name + "_line").c_str()) {
    hart.bus.bind(memory.socket);
    hart.external_interrupt.bind(line);
    hart.timer_interrupt.bind(line);
    hart.software_interrupt.bind(line);
    hart.attach_tcm(LUTRA_TCM_BASE, tcm);
    std::uint8_t* place = base == LUTRA_TCM_BASE ? tcm.data() : memory.data();
    std::memcpy(place, program, sizeof program);
    const std::uint32_t load_base = program[0] | base;
    std::memcpy(place, &load_base, sizeof load_base);
    hart.set_reset_vector(base);
    hart.on_stop([] { sc_core::sc_pause(); });
  }

  static HartConfig config_with(std::uint32_t quantum) {
    HartConfig config;
    config.quantum_instructions = quantum;
    return config;
  }

  Statistics statistics;
  Hart hart;
  DirectMemory memory;
  sc_core::sc_signal<bool> line;
  std::vector<std::uint8_t> tcm = std::vector<std::uint8_t>(memory_bytes);
};

struct Rigs {
  Rig tcm_1000{"tcm_1000", 1000, LUTRA_TCM_BASE};
  Rig tcm_100{"tcm_100", 100, LUTRA_TCM_BASE};
  Rig cache_1000{"cache_1000", 1000, LUTRA_MAIN_BASE};
  Rig cache_100{"cache_100", 100, LUTRA_MAIN_BASE};
};

Rigs& rigs() {
  static Rigs all;
  return all;
}

void run(benchmark::State& state, Rig Rigs::*which) {
  Rig& rig = rigs().*which;
  const std::uint64_t before = rig.hart.instructions();
  for (auto _ : state) {
    rig.line.write(true);
    sc_core::sc_start();  // until the program halts
  }
  const auto instructions = static_cast<double>(rig.hart.instructions() - before);
  state.counters["MIPS"] = benchmark::Counter(instructions / 1e6, benchmark::Counter::kIsRate);
}

// A program halts once, so it is run once.
BENCHMARK_CAPTURE(run, tcm_quantum_1000, &Rigs::tcm_1000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, tcm_quantum_100, &Rigs::tcm_100)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, cache_quantum_1000, &Rigs::cache_1000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, cache_quantum_100, &Rigs::cache_100)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  rigs();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
