#!/usr/bin/env python3
"""Checks the simulator against OpenSTA on one element.

    check.py FAMILY POINT NODE     POINT: its place in points.py

OpenSTA 2.0.17 takes the simulator's toggle rates; wires weigh nothing in both. Its switching power must agree within
5 %. The internal power of a gate it adds up over all inputs, as if each had moved in every change: the same sum over
the simulator's rates must agree within 5 % too.
"""

import os
import shutil
import sys

import drive
import measure
import netlist
import nodes
import points
import sta
import words


def main(family, place, node):
    flow = measure.Flow(node, os.path.join(measure.ROOT, "build", "energy"))
    point = points.POINTS[family][int(place)]
    base = flow.map(family, point.top, point.parameters)
    mapped = netlist.read_netlist(base + ".json", flow.library)
    annotation = netlist.Annotation(mapped, flow.library, False)
    annotation.write(base + ".bare")
    layers = words.uniform(point.parameters["LANES"], point.activation_bits, point.weights, 224 // point.passes, 1,
                           ternary=point.ternary)
    flow.simulate(base, mapped, base + ".bare", "check", drive.DRIVERS[point.top](point.parameters, layers), True)
    with open(f"{base}.check.toggles") as file:
        rates = [float(line) for line in file]
    theirs = sta.power(base, flow.liberty, point.top, flow.library, mapped, f"{base}.check.toggles",
                       measure.PERIOD_NS[node], netlist.INPUT_SLEW_PS)
    gates = {
        "combinational_switching": sum(rates[gate.output] * annotation.switching(gate.output) for gate in mapped.gates),
        "sequential_switching": sum(rates[net] * annotation.switching(net) for flip_flop in mapped.flip_flops
                                    for _, net in flip_flop.outputs),
        "combinational_internal": sum(rates[gate.output] * annotation.over_all_inputs(gate) for gate in mapped.gates),
    }
    worst = 0.0
    for name, ours in gates.items():
        error = 100 * (ours / theirs[name] - 1)
        worst = max(worst, abs(error))
        print(f"{name}: {ours:.1f} fJ per cycle, OpenSTA {theirs[name]:.1f} ({error:+.1f} %)")
    if worst > 5:
        raise ValueError(f"{worst:.1f} % apart")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in points.POINTS or sys.argv[3] not in nodes.NODES:
        sys.exit(__doc__)
    missing = [tool for tool in ("yosys", "sta", "g++") if not shutil.which(tool)]
    if missing or "LUTRA_LIBERTY" not in os.environ:
        print(f"check.py: skipped: {'no ' + missing[0] if missing else 'LUTRA_LIBERTY names no folder of cell libraries'}")
        sys.exit(77)  # CTest's word for a skipped test: tests/accelerators/CMakeLists.txt
    try:
        main(*sys.argv[1:])
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"check.py: {error}")
