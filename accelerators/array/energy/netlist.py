"""A mapped netlist with the delay and the energy of every change, from a Liberty file: what simulate.cpp reads."""

import itertools
import json
import re
from dataclasses import dataclass

import liberty

TICKS_PER_PS = 10
INPUT_SLEW_PS = 50.0  # of ports and of the clock


@dataclass
class Gate:
    cell: str
    name: str
    pin: str  # the output
    inputs: list  # (pin, net)
    output: int


@dataclass
class FlipFlop:
    cell: str
    name: str
    data: int
    clock: int
    outputs: list  # (pin, net)


@dataclass
class Netlist:
    ports: dict  # input ports: name -> nets, least significant first
    gates: list  # inputs before outputs
    flip_flops: list
    nets: int
    area: float


def read_netlist(path, library):
    """The top module of a Yosys JSON file. Nets 0 and 1 are the constants."""
    with open(path) as file:
        modules = json.load(file)["modules"].values()
    module = next(module for module in modules if "top" in module.get("attributes", {}))
    number = {"0": 0, "1": 1, "x": 0}

    def net(bit):
        return number.setdefault(bit, len(number) - 1)

    ports = {name: [net(bit) for bit in port["bits"]] for name, port in module["ports"].items() if port["direction"] == "input"}
    gates, flip_flops, area = [], [], 0.0
    for name, instance in module["cells"].items():
        cell = library.cells.get(instance["type"])
        if cell is None:
            raise ValueError(f"{name}: cell {instance['type']} is not in the library")
        area += cell.area
        nets = {pin: net(bits[0]) for pin, bits in instance["connections"].items() if bits}
        outputs = [(pin, nets[pin]) for pin in nets if cell.pins[pin].output]
        if cell.next_state:
            flip_flops.append(FlipFlop(cell.name, name, nets[cell.data_pin()], nets[cell.clock_pin()], outputs))
            continue
        inputs = [(pin, nets[pin]) for pin in cell.pins if not cell.pins[pin].output and pin in nets]
        for pin, output in outputs:
            gates.append(Gate(cell.name, name, pin, inputs, output))
    return Netlist(ports, _ordered(gates), flip_flops, max(number.values()) + 1, area)


def _ordered(gates):
    driver = {gate.output: gate for gate in gates}
    order, state = [], {}
    for root in gates:
        stack = [(root, iter(root.inputs))]
        while stack:
            gate, inputs = stack[-1]
            if state.get(id(gate)) == 2:
                stack.pop()
                continue
            state[id(gate)] = 1
            for _, net in inputs:
                before = driver.get(net)
                if before is not None and state.get(id(before)) != 2:
                    if state.get(id(before)) == 1:
                        raise ValueError(f"a loop through {gate.name}")
                    stack.append((before, iter(before.inputs)))
                    break
            else:
                state[id(gate)] = 2
                order.append(gate)
                stack.pop()
    return order


ELEMENT, ROW, COLUMN = range(3)  # places: in every element; shared by the elements of a row, of a column


class Places:
    """Where an array would have the cells of an element: registers that depend on the weight port or the activation port
    alone are there once per row or column, and so are the gates and nets in front of them alone."""

    def __init__(self, netlist):
        driver = {gate.output: gate for gate in netlist.gates}
        flip_flop_of = {net: i for i, flip_flop in enumerate(netlist.flip_flops) for _, net in flip_flop.outputs}
        sides = {net: side for name, side in (("weight_word", ROW), ("activation_word", COLUMN)) for net in netlist.ports.get(name, [])}
        leaves = [self._leaves(flip_flop.data, driver, flip_flop_of) for flip_flop in netlist.flip_flops]
        self.flip_flops = [ELEMENT] * len(leaves)
        changed = True
        while changed:
            changed = False
            for i, (ports, registers) in enumerate(leaves):
                if self.flip_flops[i] != ELEMENT:
                    continue
                found = {sides[net] for net in ports if net in sides} | {self.flip_flops[k] for k in registers if k != i}
                if len(found) == 1 and ELEMENT not in found:
                    self.flip_flops[i] = found.pop()
                    changed = True
        readers = [[] for _ in range(netlist.nets)]
        for i, flip_flop in enumerate(netlist.flip_flops):
            readers[flip_flop.data].append(self.flip_flops[i])
        self.gates, self.nets = [ELEMENT] * len(netlist.gates), [ELEMENT] * netlist.nets
        for i in reversed(range(len(netlist.gates))):
            gate = netlist.gates[i]
            self.gates[i] = self._common(readers[gate.output])
            for _, net in gate.inputs:
                readers[net].append(self.gates[i])
        for net in range(netlist.nets):
            self.nets[net] = self._common(readers[net])

    @staticmethod
    def _common(places):
        return places[0] if places and all(place == places[0] for place in places) else ELEMENT

    @staticmethod
    def _leaves(net, driver, flip_flop_of):
        ports, registers, seen, stack = set(), set(), set(), [net]
        while stack:
            net = stack.pop()
            if net in seen or net < 2:
                continue
            seen.add(net)
            if net in driver:
                stack += [before for _, before in driver[net].inputs]
            elif net in flip_flop_of:
                registers.add(flip_flop_of[net])
            else:
                ports.add(net)
        return ports, registers


def _mean(values, nothing=0.0):
    values = list(values)
    return sum(values) / len(values) if values else nothing


def _holds(when, values):
    """Whether a Liberty condition holds; a pin that `values` does not name may have either value."""
    if not when:
        return True
    names = sorted(set(re.findall(r"[A-Za-z_]\w*", when)))
    table = liberty.truth(when, names)
    free = [k for k, name in enumerate(names) if name not in values]
    place = sum(values.get(name, 0) << k for k, name in enumerate(names))
    return any(table >> (place + sum(bit << k for bit, k in zip(bits, free))) & 1
               for bits in itertools.product((0, 1), repeat=len(free)))


class Annotation:
    """Slew, load, delay and energy at every pin, ticks of 1 / TICKS_PER_PS ps and fJ; `wires`: with the file's wire load."""

    def __init__(self, netlist, library, wires):
        self.netlist, self.library = netlist, library
        self.energy_unit = library.capacitance_ff  # (unit of capacitance) x V^2, in fJ
        self.load = [0.0] * netlist.nets
        fan_out = [0] * netlist.nets
        for gate in netlist.gates:
            if gate.pin != library.cells[gate.cell].outputs()[0]:
                continue  # the inputs of a cell with two outputs are there once
            for pin, net in gate.inputs:
                self.load[net] += library.cells[gate.cell].pins[pin].capacitance
                fan_out[net] += 1
        for flip_flop in netlist.flip_flops:
            cell = library.cells[flip_flop.cell]
            self.load[flip_flop.data] += cell.pins[cell.data_pin()].capacitance
            fan_out[flip_flop.data] += 1
        if wires and library.wire_capacitance:
            for net, count in enumerate(fan_out):
                self.load[net] += library.wire_capacitance[min(count, len(library.wire_capacitance) - 1)]
        self.slew = [INPUT_SLEW_PS / library.time_ps] * netlist.nets

    def switching(self, net):
        return 0.5 * self.load[net] * self.library.capacitance_ff * self.library.voltage ** 2

    def _edges(self, pin, related, slew, load):
        """(rise delay, fall delay), (rise energy, fall energy) of an output, and its slew."""
        delays, energies, slews = [], [], []
        arcs = [arc for arc in pin.timing if arc.related == related and arc.kind in ("combinational", "rising_edge")]
        for edge in ("rise", "fall"):
            delays.append(_mean(arc.tables[f"cell_{edge}"].at(slew, load) for arc in arcs if f"cell_{edge}" in arc.tables))
            slews += [arc.tables[f"{edge}_transition"].at(slew, load) for arc in arcs if f"{edge}_transition" in arc.tables]
            energies.append(self._energy((arc for arc in pin.power if related in arc.related.split()), edge, slew, load))
        ticks = [max(1, round(delay * self.library.time_ps * TICKS_PER_PS)) for delay in delays]
        return ticks, energies, _mean(slews, slew)

    def _hidden(self, pin, slew, values):
        """Energy of a change of an input that changes no output: (rise, fall)."""
        arcs = [arc for arc in pin.power if not arc.related and _holds(arc.when, values)]
        return [self._energy(arcs, edge, slew, 0) for edge in ("rise", "fall")]

    def _energy(self, arcs, edge, slew, load):
        """Mean over the arcs that say what the edge takes."""
        tables = (arc.tables.get(f"{edge}_power") or arc.tables.get("power") for arc in arcs)
        return _mean(table.at(slew, load) * self.energy_unit for table in tables if table)

    def write(self, path):
        """Writes the netlist for simulate.cpp, whose comment says what stands where."""
        netlist, library = self.netlist, self.library
        inputs = [net for nets in netlist.ports.values() for net in nets]
        places = Places(netlist)
        lines = []
        clock_slew = INPUT_SLEW_PS / library.time_ps
        for flip_flop, place in zip(netlist.flip_flops, places.flip_flops):
            cell = library.cells[flip_flop.cell]
            data, clock = cell.data_pin(), cell.clock_pin()
            clock_pin = cell.pins[clock]
            clocked = clock_pin.capacitance * library.capacitance_ff * library.voltage ** 2
            fields = [place, flip_flop.data, int(cell.next_state.strip("() ").startswith("!"))]
            for value, state in itertools.product((0, 1), repeat=2):
                pins = {data: value}
                pins.update({pin: _output(cell, pin, state) for pin in cell.outputs()})
                fields.append(f"{clocked + sum(self._hidden(clock_pin, clock_slew, pins)):.6g}")
            for level in (0, 1):
                fields += [f"{energy:.6g}" for energy in self._hidden(cell.pins[data], self.slew[flip_flop.data], {clock: level})]
            fields.append(len(flip_flop.outputs))
            for pin, net in flip_flop.outputs:
                ticks, energies, slew = self._edges(cell.pins[pin], clock, clock_slew, self.load[net])
                self.slew[net] = slew
                fields += [net, 1 - _output(cell, pin, 1)] + ticks + [f"{energy:.6g}" for energy in energies]
            lines.append(" ".join(map(str, fields)))
        for gate, place in zip(netlist.gates, places.gates):
            cell = library.cells[gate.cell]
            pin = cell.pins[gate.pin]
            names = [name for name, _ in gate.inputs]
            fields = [place, gate.output, len(names), f"{liberty.truth(pin.function, names):x}"]
            slews = []
            for name, net in gate.inputs:
                ticks, energies, slew = self._edges(pin, name, self.slew[net], self.load[gate.output])
                slews.append(slew)
                hidden = self._hidden(cell.pins[name], self.slew[net], {})
                fields += [net] + ticks + [f"{energy:.6g}" for energy in energies + hidden]
            if slews:
                self.slew[gate.output] = max(slews)
            lines.append(" ".join(map(str, fields)))
        with open(path, "w") as file:
            file.write(f"{netlist.nets} {len(inputs)} {len(netlist.flip_flops)} {len(netlist.gates)}\n")
            file.write(" ".join(map(str, inputs)) + "\n")
            file.write(" ".join(f"{self.switching(net):.6g}" for net in range(netlist.nets)) + "\n")
            file.write(" ".join(map(str, places.nets)) + "\n")
            file.write("\n".join(lines) + "\n")


def _output(cell, pin, state):
    """The value at an output of a flip-flop in a state."""
    values = {cell.state[0]: state, cell.state[1]: 1 - state}
    names = sorted(set(re.findall(r"[A-Za-z_]\w*", cell.pins[pin].function)))
    return liberty.truth(cell.pins[pin].function, names) >> sum(values[name] << k for k, name in enumerate(names)) & 1
