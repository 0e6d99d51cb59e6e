#!/usr/bin/env python3
"""Checks the simulator against OpenSTA on one element.

    check.py FAMILY POINT NODE     POINT: its place in points.py

OpenSTA 2.0.17 takes the simulator's rates at ports and flip-flops and propagates its own to the gates, whatever rates
their outputs are given; wires weigh nothing in both. Flip-flops' switching must agree within 5 %, the total within 40 %.
"""

import os
import shutil
import sys

import drive
import files
import measure
import netlist
import nodes
import points
import sta
import words


def main(family, place, node):
    flow = measure.Flow(node, files.WORK)
    point = points.POINTS[family][int(place)]
    base = flow.map(family, point.top, point.parameters)
    mapped = netlist.read_netlist(base + ".json", flow.library)
    annotation = netlist.Annotation(mapped, flow.library, False)
    annotation.write(base + ".bare")
    layers = words.uniform(point.parameters["LANES"], point.activation_bits, point.weights, 224 // point.passes, 1,
                           ternary=point.ternary)
    found = flow.simulate(base, mapped, base + ".bare", "check", drive.DRIVERS[point.top](point.parameters, layers), True)
    with open(f"{base}.check.toggles") as file:
        rates = [float(line) for line in file]
    theirs = sta.power(base, flow.liberty, point.top, flow.library, mapped, f"{base}.check.toggles",
                       measure.PERIOD_NS[node], netlist.INPUT_SLEW_PS)
    switching = sum(rates[net] * annotation.switching(net) for flip_flop in mapped.flip_flops for _, net in flip_flop.outputs)
    for name, ours, other, bound in (("switching of flip-flops", switching, theirs["sequential_switching"], 5),
                                     ("total", found["total"], sum(theirs.values()), 40)):
        error = 100 * (other / ours - 1)
        print(f"{name}: {ours:.0f} fJ per cycle, OpenSTA {other:.0f} ({error:+.1f} %)")
        if abs(error) > bound:
            raise ValueError(f"{name}: more than {bound} % apart")


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
