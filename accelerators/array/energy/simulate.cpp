// Simulates a mapped netlist with delays, event by event, and adds up the energy of every change.
//   simulate NETLIST STIMULI PERIOD_TICKS WARM_UP [TOGGLES]
// NETLIST (netlist.py): counts of nets, input bits, flip-flops, gates; nets of the input bits; energy of a change of
// each net's load; place of each net; a line per flip-flop: place, data net, whether it stores the complement, clock
// energy of a cycle for (data, state) = 00 01 10 11, energy of a rise and a fall of data with the clock low, high,
// count of outputs, each: net, whether inverted, delay of rise and fall, energy of rise and fall; a line per gate:
// place, output, inputs, truth table, and per input: net, delay of rise and fall of the output, energy of both, energy
// of its own rise and fall where the output stays. STIMULI: a line of 0 and 1 per cycle, a character per input bit.
// Ticks and fJ throughout. A gate has one change pending at most: a pulse shorter than its delay vanishes, as in
// Verilog. A place is 0 where an array has one in every element, 1 where elements of a row share it, 2 those of a
// column. Prints per cycle, in fJ: clock, registers, gates, wires, total; the part of each place; the total of what is
// left when no net changes twice in a cycle; changes of nets, and those left.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

namespace {

struct Edges {
  std::array<std::uint32_t, 2> delay{};  // fall, rise
  std::array<double, 2> energy{};
};

struct GateInput {
  Edges edges;
  std::array<double, 2> hidden{};
};

struct Gate {
  std::size_t where = 0;
  std::uint32_t output = 0;
  std::uint64_t truth = 0;
  std::vector<GateInput> inputs;
  std::uint32_t place = 0;  // bit k: input k
  std::uint32_t version = 0;
  std::int8_t pending = -1;
  std::uint8_t cause = 0;  // the input that brought the pending change
};

struct Output {
  std::uint32_t net = 0;
  bool inverted = false;
  Edges edges;
};

struct FlipFlop {
  std::size_t where = 0;
  std::uint32_t data = 0;
  bool complement = false;
  bool state = false;
  std::array<double, 4> clock{};
  std::array<std::array<double, 2>, 2> hidden{};  // [clock level][fall, rise]
  std::vector<Output> outputs;
};

struct Reader {
  std::uint32_t gate;
  std::uint8_t input;
};

struct Event {
  std::uint32_t net;
  std::uint32_t gate;  // none: of a flip-flop or a port
  std::size_t where;
  std::uint32_t version;
  bool value;
  double energy;
};

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

struct Energy {
  double clock = 0, registers = 0, gates = 0, wires = 0;
  std::array<double, 3> places{};

  void add(double& kind, std::size_t where, double energy) {
    kind += energy;
    places[where] += energy;
  }
  double settled = 0;  // of gates and wires
  std::uint64_t changes = 0, settled_changes = 0;
};

class Simulator {
 public:
  Simulator(std::istream& in, std::uint32_t period) : period_(period) {
    std::size_t nets = 0, inputs = 0, flip_flops = 0, gates = 0;
    in >> nets >> inputs >> flip_flops >> gates;
    inputs_.resize(inputs);
    for (std::uint32_t& net : inputs_) in >> net;
    wire_.resize(nets);
    for (double& energy : wire_) in >> energy;
    where_.resize(nets);
    for (std::size_t& where : where_) in >> where;
    value_.assign(nets, false);
    value_[1] = true;
    settled_ = value_;
    last_energy_.assign(nets, {0, 0});
    readers_.resize(nets);
    registers_of_.resize(nets);
    toggles_.assign(nets, 0);
    flip_flops_.resize(flip_flops);
    for (std::uint32_t i = 0; i < flip_flops; ++i) read_flip_flop(in, i);
    gates_.resize(gates);
    for (std::uint32_t i = 0; i < gates; ++i) read_gate(in, i);
    if (!in) throw std::string("the netlist is cut short");
  }

  std::size_t input_bits() const { return inputs_.size(); }
  const std::vector<std::uint64_t>& toggles() const { return toggles_; }
  std::uint32_t latest() const { return latest_; }

  // Gates that no change reaches take their values.
  void settle() {
    for (std::uint32_t i = 0; i < gates_.size(); ++i) evaluate(i, 0, 0);
    run(nullptr);
  }

  void cycle(const std::string& bits, Energy* energy) {
    for (FlipFlop& flip_flop : flip_flops_) {
      const bool data = value_[flip_flop.data];
      if (energy) energy->add(energy->clock, flip_flop.where, flip_flop.clock[2u * data + flip_flop.state]);
      const bool next = data != flip_flop.complement;
      if (next == flip_flop.state) continue;
      flip_flop.state = next;
      for (const Output& output : flip_flop.outputs) {
        const bool value = next != output.inverted;
        schedule(output.edges.delay[value], {output.net, none, flip_flop.where, 0, value, output.edges.energy[value]});
      }
    }
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const bool value = bits[i] == '1';
      if (inputs_[i] > 1 && value != value_[inputs_[i]]) schedule(1, {inputs_[i], none, 0, 0, value, 0});
    }
    run(energy);
    for (std::size_t net = 0; net < value_.size(); ++net) {
      if (value_[net] == settled_[net]) continue;
      settled_[net] = value_[net];
      if (!energy) continue;
      ++energy->settled_changes;
      energy->settled += wire_[net] + last_energy_[net][value_[net]];
    }
  }

 private:
  void read_edges(std::istream& in, Edges& edges) {
    in >> edges.delay[1] >> edges.delay[0] >> edges.energy[1] >> edges.energy[0];
  }

  void read_flip_flop(std::istream& in, std::uint32_t i) {
    FlipFlop& flip_flop = flip_flops_[i];
    std::size_t outputs = 0;
    in >> flip_flop.where >> flip_flop.data >> flip_flop.complement;
    for (double& energy : flip_flop.clock) in >> energy;
    for (auto& level : flip_flop.hidden) in >> level[1] >> level[0];
    in >> outputs;
    flip_flop.outputs.resize(outputs);
    for (Output& output : flip_flop.outputs) {
      in >> output.net >> output.inverted;
      read_edges(in, output.edges);
    }
    registers_of_[flip_flop.data].push_back(i);
  }

  void read_gate(std::istream& in, std::uint32_t i) {
    Gate& gate = gates_[i];
    std::size_t inputs = 0;
    in >> gate.where >> gate.output >> inputs >> std::hex >> gate.truth >> std::dec;
    gate.inputs.resize(inputs);
    for (std::uint8_t k = 0; k < inputs; ++k) {
      std::uint32_t net = 0;
      in >> net;
      read_edges(in, gate.inputs[k].edges);
      in >> gate.inputs[k].hidden[1] >> gate.inputs[k].hidden[0];
      readers_[net].push_back({i, k});
      if (net == 1) gate.place |= 1u << k;
    }
  }

  void schedule(std::uint32_t at, const Event& event) {
    if (at >= wheel_.size()) wheel_.resize(at + 1024);
    wheel_[at].push_back(event);
    if (at > last_) last_ = at;
  }

  // Whether the gate's output will change.
  bool evaluate(std::uint32_t index, std::uint8_t input, std::uint32_t now) {
    Gate& gate = gates_[index];
    const bool value = gate.truth >> gate.place & 1;
    if (gate.pending == static_cast<std::int8_t>(value)) return true;
    if (gate.pending >= 0) {
      gate.pending = -1;
      ++gate.version;
      return false;
    }
    if (value == value_[gate.output] || gate.inputs.empty()) {
      if (gate.inputs.empty()) value_[gate.output] = value;
      return false;
    }
    gate.pending = static_cast<std::int8_t>(value);
    const Edges& edges = gate.inputs[input].edges;
    schedule(now + edges.delay[value], {gate.output, index, gate.where, gate.version, value, edges.energy[value]});
    return true;
  }

  void run(Energy* energy) {
    for (std::uint32_t now = 0; now <= last_; ++now)
      for (std::size_t i = 0; i < wheel_[now].size(); ++i) {
        const Event event = wheel_[now][i];
        if (event.gate != none) {
          Gate& gate = gates_[event.gate];
          if (gate.version != event.version) continue;
          gate.pending = -1;
          ++gate.version;
        }
        if (value_[event.net] != event.value) change(event, now, energy);
      }
    for (std::uint32_t now = 0; now <= last_; ++now) wheel_[now].clear();
    if (last_ > latest_ && energy) latest_ = last_;
    last_ = 0;
  }

  void change(const Event& event, std::uint32_t now, Energy* energy) {
    value_[event.net] = event.value;
    last_energy_[event.net][event.value] = event.energy;
    if (energy) {
      ++energy->changes;
      ++toggles_[event.net];
      energy->add(event.gate == none ? energy->registers : energy->gates, event.where, event.energy);
      energy->add(energy->wires, where_[event.net], wire_[event.net]);
      for (const std::uint32_t i : registers_of_[event.net])
        energy->add(energy->registers, flip_flops_[i].where, flip_flops_[i].hidden[now < period_ / 2][event.value]);
    }
    for (const Reader& reader : readers_[event.net]) {
      Gate& gate = gates_[reader.gate];
      gate.place ^= 1u << reader.input;
      const bool moves = evaluate(reader.gate, reader.input, now);
      if (energy && !moves) energy->add(energy->gates, gate.where, gate.inputs[reader.input].hidden[event.value]);
    }
  }

  std::uint32_t period_;
  std::uint32_t last_ = 0;
  std::uint32_t latest_ = 0;
  std::vector<std::uint32_t> inputs_;
  std::vector<double> wire_;
  std::vector<std::size_t> where_;
  std::vector<bool> value_, settled_;
  std::vector<std::array<double, 2>> last_energy_;
  std::vector<std::vector<Reader>> readers_;
  std::vector<std::vector<std::uint32_t>> registers_of_;
  std::vector<std::uint64_t> toggles_;
  std::vector<FlipFlop> flip_flops_;
  std::vector<Gate> gates_;
  std::vector<std::vector<Event>> wheel_ = std::vector<std::vector<Event>>(1024);
};

int simulate(int argc, char** argv) {
  if (argc < 5) throw std::string("simulate NETLIST STIMULI PERIOD_TICKS WARM_UP [TOGGLES]");
  std::ifstream netlist(argv[1]), stimuli(argv[2]);
  const auto period = static_cast<std::uint32_t>(std::stoul(argv[3]));
  const std::size_t warm_up = std::stoul(argv[4]);
  Simulator simulator(netlist, period);
  simulator.settle();
  Energy energy;
  std::size_t cycles = 0;
  for (std::string line; std::getline(stimuli, line); ++cycles) {
    if (line.size() != simulator.input_bits()) throw "line " + std::to_string(cycles + 1) + " has other bits";
    simulator.cycle(line, cycles < warm_up ? nullptr : &energy);
  }
  if (cycles <= warm_up) throw std::string("no cycle is left behind the warm-up");
  if (simulator.latest() > period)
    throw "a change comes " + std::to_string(simulator.latest()) + " ticks late: past the period";
  const double counted = static_cast<double>(cycles - warm_up);
  const double total = energy.clock + energy.registers + energy.gates + energy.wires;
  std::printf(
      "{\"cycles\": %zu, \"clock\": %.6g, \"registers\": %.6g, \"gates\": %.6g, \"wires\": %.6g, \"total\": %.6g, "
      "\"element\": %.6g, \"row\": %.6g, \"column\": %.6g, \"settled\": %.6g, \"changes\": %.6g, "
      "\"settled_changes\": %.6g, \"latest_ticks\": %u}\n",
      cycles - warm_up, energy.clock / counted, energy.registers / counted, energy.gates / counted,
      energy.wires / counted, total / counted, energy.places[0] / counted, energy.places[1] / counted,
      energy.places[2] / counted, (energy.clock + energy.settled) / counted,
      static_cast<double>(energy.changes) / counted, static_cast<double>(energy.settled_changes) / counted,
      simulator.latest());
  if (argc > 5) {
    std::ofstream out(argv[5]);
    for (const std::uint64_t count : simulator.toggles()) out << static_cast<double>(count) / counted << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return simulate(argc, argv);
  } catch (const std::string& error) {
    std::cerr << "simulate: " << error << '\n';
    return 1;
  }
}
