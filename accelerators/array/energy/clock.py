#!/usr/bin/env python3
"""Critical paths of processing elements, of what broadcasts their operands, and of the post-processor.

    clock.py     writes software/costs/tables/clock/45nm.yaml

LUTRA_LIBERTY: the folder of the cell libraries. README.md, "Clock".
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import files
import measure
import netlist
import sta

FASTEST_PS = 1  # for what clock ABC sizes cells: as fast as it can
LANES = (4, 16)
MORE_LANES = (4, 16, 64)
PIPELINES = (0, 1, 2, 3, 16)
FAN_OUTS = (1, 4, 16, 64, 256)
POST = {"multiplier": {}, "shift": {"SHIFTS": 1}, "thresholds": {"THRESHOLDS": 1}}
POST_LANES = 1
HOLD_OUT_LANES = 8


@dataclass(frozen=True)
class Path:
    variant: str
    top: str
    widths: tuple  # activation and weight bits of the engine
    parameters: dict

    def row(self, family, ns):
        return (f"  - {{family: {family}, variant: {self.variant}, width_activation: {self.widths[0]}, width_weight: {self.widths[1]}, "
                f"lanes: {self.parameters['LANES']}, pipeline: {self.parameters['PIPELINE']}, ns: {ns:.2f}}}")


def _paths(variant, top, widths, lanes, **more):
    return [Path(variant, top, widths, {"LANES": n, "ACCUMULATOR_BITS": 24, "PIPELINE": depth, **more}) for n in lanes for depth in PIPELINES]


def _products(variant, top, a, w, lanes=LANES, **more):
    return _paths(variant, top, (a, w), lanes, ACTIVATION_BITS=a, WEIGHT_BITS=w, **more)


def paths(lanes=LANES, more_lanes=MORE_LANES):
    """By family. Weights of any width where the element takes them so: 8."""
    return {
        "mac": [path for a, w in ((8, 8), (4, 4), (2, 2)) for path in _products("multiplier", "mac_element", a, w, lanes)] +
               [path for bits in (8, 4) for path in _products("digit_serial", "mac_element", bits, bits, lanes, DIGITS=1)],
        "ternary": [path for a in (8, 4) for path in _paths("gated", "gated_element", (a, 8), more_lanes, ACTIVATION_BITS=a)] +
                   _paths("popcount", "popcount_element", (8, 8), more_lanes, ACTIVATION_BITS=2),
        "shift_add": [path for a in (8, 4) for path in
                      _products("power_of_two", "power_of_two_element", a, 8, lanes, TERMS=1, ZERO_GATING=1) +
                      _paths("sub_filters", "sub_filters_element", (a, 8), lanes, ACTIVATION_BITS=a, PARALLEL=2, ZERO_GATING=1)],
        "bit_serial": [path for a in (8, 4) for path in _products("weights", "serial_element", a, 8, more_lanes, PAIRS=0)] +
                      _products("planes", "serial_element", 8, 8, more_lanes, PAIRS=1),
        "lut": [path for a, w in ((8, 8), (4, 4)) for path in
                _products("tables", "lut_element", a, w, lanes, ROWS=4, GROUP=4, HALF=0)] +
               _products("codebook", "lut_codebook_element", 8, 8, lanes, CODEBOOK_BITS=4),
    }


def path_ns(flow, family, top, parameters):
    base = flow.map(family, top, parameters, FASTEST_PS)
    return sta.critical_path_ns(base, flow.liberty, top, flow.library, netlist.INPUT_SLEW_PS)


def broadcast(flow):
    alone, *wide = [path_ns(flow, "array/energy", "broadcast", {"FAN_OUT": n}) for n in FAN_OUTS]
    return {n: max(ns - alone, 0.0) for n, ns in zip(FAN_OUTS[1:], wide)}


def post(flow):
    return {form: path_ns(flow, "engine", "post_processor", {"POST_LANES": POST_LANES, **more}) for form, more in POST.items()}


def elements(flow, wanted):
    for family, found in wanted.items():
        with ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
            yield from pool.map(lambda path: path.row(family, path_ns(flow, family, path.top, path.parameters)), found)


def table(flow):
    tool = f"{measure.run('yosys', '-V').split(' (')[0]}, OpenSTA {measure.run('sta', '-version').strip()}"
    return ["# Written by accelerators/array/energy/clock.py: longest paths from register to register, ideal wires and clock.",
            f"node: {flow.node.name}", f'tool: "{tool}"', f'library: "{flow.node.source}"', "elements:", *elements(flow, paths()),
            "broadcast:  # of an operand to so many elements", *(f"  - {{fan_out: {n}, ns: {ns:.3f}}}" for n, ns in broadcast(flow).items()),
            "post:", *(f"  - {{post: {form}, ns: {ns:.2f}}}" for form, ns in post(flow).items())]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hold-out", action="store_true", help="print instead the paths of elements with lanes between those of the table")
    parser.add_argument("--work", default=files.WORK, help="the folder of intermediate files")
    arguments = parser.parse_args()
    flow = measure.Flow(measure.PRICED, arguments.work)
    if arguments.hold_out:
        print(*elements(flow, paths((HOLD_OUT_LANES,), (HOLD_OUT_LANES,))), sep="\n")
        return
    path = os.path.join(files.ROOT, f"software/costs/tables/clock/{flow.node.name}.yaml")
    files.write(path, "\n".join(table(flow)) + "\n")
    print(os.path.relpath(path))


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"clock.py: {error}")
