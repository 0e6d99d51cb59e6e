#!/usr/bin/env python3
"""Energy of processing elements, from their netlists with delays.

    measure.py FAMILY [--node NODE]...     writes tables/FAMILY_NODE.yaml beside this file

LUTRA_LIBERTY: the folder of the cell libraries. LUTRA_DATA: a data folder with cifar10; LAYER_WORDS: the program of
tests/bench (default: the one in build/*/tests/bench). README.md.
"""

import argparse
import glob
import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import drive
import files
import liberty
import netlist
import nodes
import points
import words

PERIOD_NS = {"130nm": 10.0, "45nm": 5.0, "7nm": 5.0}
WARM_UP = 24
CYCLES = 320
PRICED = "45nm"  # the node of the cost tables; others show how the families' ratios move


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:2])}: {(done.stderr or done.stdout).strip()[-800:]}")
    return done.stdout


class Flow:
    """The tools on one node, in one folder of intermediate files that later runs take up again."""

    def __init__(self, node, work):
        self.node, self.work = nodes.NODES[node], work
        os.makedirs(work, exist_ok=True)
        self.liberty = os.path.join(work, f"{node}.lib")
        if not os.path.exists(self.liberty):
            nodes.write_library(self.node, self.liberty + ".part")
            os.replace(self.liberty + ".part", self.liberty)
        self.library = liberty.read_library(self.liberty)
        self.constraints = os.path.join(work, f"{node}.constraints")
        with open(self.constraints, "w") as file:
            file.write(f"set_driving_cell {self.node.driver}\nset_load {self.node.load} [all_outputs]\n")
        with open(os.path.join(files.HERE, "simulate.cpp"), "rb") as file:
            self.simulator = os.path.join(work, "simulate_" + hashlib.sha256(file.read()).hexdigest()[:12])
        if not os.path.exists(self.simulator):
            run("g++", "-std=c++20", "-O2", "-o", self.simulator + ".part", os.path.join(files.HERE, "simulate.cpp"))
            os.replace(self.simulator + ".part", self.simulator)

    def map(self, family, top, parameters, period_ps=None):
        """The path, without its ending, of the mapped netlist: .json and .v. Cells are sized for the node's period, or for `period_ps`."""
        script = run(os.path.join(files.ROOT, "accelerators/array/synth/yosys_script.sh"), family, top, "tuned", self.liberty, "false",
                     *(f"{name}={value}" for name, value in parameters.items()),
                     env={**os.environ, "CONSTRAINTS": self.constraints,
                          "PERIOD_PS": str(period_ps or round(PERIOD_NS[self.node.name] * 1000))})
        digest = hashlib.sha256(script.encode())
        for line in script.splitlines():
            if line.startswith("read_verilog"):
                with open(line.split()[-1], "rb") as file:
                    digest.update(file.read())
        base = os.path.join(self.work, f"{self.node.name}_{top}_{digest.hexdigest()[:12]}")
        if not os.path.exists(base + ".v"):  # written last
            with open(base + ".ys", "w") as file:
                file.write(f"{script}\nrename -enumerate -pattern cell_%\nwrite_json {base}.json\nwrite_verilog -noattr -noexpr -nohex -nodec {base}.v.part\n")
            run("yosys", "-q", base + ".ys")
            os.replace(base + ".v.part", base + ".v")
        return base

    def simulate(self, base, mapped, annotation, name, cycles, toggles=False):
        stimuli = f"{base}.{name}.stimuli"
        turns = drive.write(stimuli, mapped, cycles)
        period = PERIOD_NS[self.node.name] * 1000 * netlist.TICKS_PER_PS
        command = [self.simulator, annotation, stimuli, str(round(period)), str(WARM_UP)]
        found = json.loads(run(*command, *([f"{base}.{name}.toggles"] if toggles else [])))
        os.remove(stimuli)
        return {"turns": turns, **found}


def layer_words(network):
    """What tests/bench/layer_words prints of a network, or None where there is no data."""
    data = os.environ.get("LUTRA_DATA")
    if not data or not os.path.isdir(os.path.join(data, "cifar10")):
        return None
    programs = [os.environ["LAYER_WORDS"]] if "LAYER_WORDS" in os.environ else sorted(
        glob.glob(os.path.join(files.ROOT, "build/*/tests/bench/layer_words")))
    if not programs:
        raise RuntimeError("no build/*/tests/bench/layer_words: build the target layer_words, or name it in LAYER_WORDS")
    with open(os.path.join(files.ROOT, "scenarios/cifar10_resnet20_zoo.yaml")) as file:
        scenario = file.read()
    scheme = scenario[scenario.index("scheme:") : scenario.index("engine:")]
    return programs[0], data, scenario.replace(scheme, network.replace("; ", "\n  ").replace(": {", ":\n  ").replace("}", "") + "\n")


def words_of(network, lanes, work):
    name = hashlib.sha256(f"{network} {lanes}".encode()).hexdigest()[:12]
    path = os.path.join(work, f"words_{name}.json")
    if os.path.exists(path):
        return path
    found = layer_words(network)
    if found is None:
        return None
    program, data, scenario = found
    with open(f"{path}.yaml", "w") as file:
        file.write(scenario)
    files.write(path, run(program, f"{path}.yaml", data, str(lanes), "40"))
    return path


def cases(point, work, priced):
    """(name, layers or None where there is no data, passes of a word)."""
    lanes, bits = point.parameters["LANES"], point.activation_bits
    passes = point.passes
    count = max(40, (CYCLES + WARM_UP) // passes)

    def drawn(seed, **how):
        return words.uniform(lanes, bits, point.weights, count, seed, ternary=point.ternary, **how)

    yield "uniform", drawn(1)
    yield "zeros_50", drawn(2, zeros=0.5)
    if priced:
        yield "repeats_50", drawn(3, repeats=0.5)
        for zeros in (0.25, 0.5, 0.75):
            yield f"bell_{round(100 * zeros)}", words.bell(lanes, bits, point.weights, count, 4, zeros, point.ternary)
    if point.network:
        path = words_of(point.network, lanes, work)
        yield "layers", None if path is None else _cut(words.of_network(path, point.kinds, bits), count)


def _cut(layers, count):
    """As many whole words of every layer as make `count` together."""
    each = max(12, count // len(layers))
    return [words.Layer(layer.activation_bits, layer.activation_signed, layer.weights, layer.words[:each]) for layer in layers]


def _code():
    digest = hashlib.sha256(f"{CYCLES} {WARM_UP} {PERIOD_NS}".encode())
    for name in ("drive.py", "liberty.py", "netlist.py", "simulate.cpp", "words.py"):
        with open(os.path.join(files.HERE, name), "rb") as file:
            digest.update(file.read())
    return digest


def measure(flow, family, point):
    """The rows of a point: one per case. Taken up again where netlist, flow and point are as they were."""
    base = flow.map(family, point.top, point.parameters)
    digest = _code()
    digest.update(f"{point} {bool(layer_words(point.network)) if point.network else ''}".encode())
    kept = f"{base}.{digest.hexdigest()[:12]}.rows"
    if not os.path.exists(kept):
        files.write(kept, json.dumps(_measure(flow, point, base)))
    with open(kept) as file:
        return json.load(file)


def _measure(flow, point, base):
    mapped = netlist.read_netlist(base + ".json", flow.library)
    annotation = base + ".annotated"
    netlist.Annotation(mapped, flow.library, True).write(annotation)
    element = drive.DRIVERS[point.top]
    rows = []
    uniform = None
    for name, layers in cases(point, flow.work, flow.node.name == PRICED):
        if layers is None:
            print(f"measure.py: {point.top}: no LUTRA_DATA, the layers of {point.network} are skipped", file=sys.stderr)
            continue
        uniform = uniform or layers
        found = flow.simulate(base, mapped, annotation, name, element(point.parameters, layers))
        rows.append({"case": name, **words.statistics(layers), **found})
    held = drive.idle(60 + WARM_UP, _first(element(point.parameters, uniform), WARM_UP - 4))
    rows.append({"case": "idle", "zeros": 0, "weight_zeros": 0, "pairs": 0, "repeats": 1,
                 **flow.simulate(base, mapped, annotation, "idle", held)})
    for row in rows:
        row.update(top=point.top, parameters=point.parameters, cells=len(mapped.gates) + len(mapped.flip_flops),
                   ff=len(mapped.flip_flops), um2=mapped.area)
    return rows


def _first(cycles, count):
    for _, cycle in zip(range(count), cycles):
        yield cycle


def text(rows, family, flow):
    tool = run("yosys", "-V").split(" (")[0]
    lines = [f"# Written by accelerators/array/energy/measure.py {family} --node {flow.node.name}. pJ per cycle of an element.",
             f'tool: "{tool}"', f'library: "{flow.node.source}"', "rows:"]
    for row in rows:
        parameters = ", ".join(f"{name}: {value}" for name, value in row["parameters"].items())
        energies = ", ".join(f"{name}: {row[key] / 1000:.4g}" for name, key in (
            ("pj", "total"), ("clock", "clock"), ("registers", "registers"), ("gates", "gates"), ("wires", "wires"),
            ("element", "element"), ("row", "row"), ("column", "column"), ("without_glitches", "settled")))
        shares = ", ".join(f"{name}: {row[name]:.3f}" for name in ("zeros", "weight_zeros", "pairs", "repeats", "turns"))
        lines.append(f"  - {{top: {row['top']}, parameters: {{{parameters}}}, data: {row['case']}, {shares}, {energies}, "
                     f"changes: {row['changes']:.4g}, settled_changes: {row['settled_changes']:.4g}, cells: {row['cells']}, "
                     f"ff: {row['ff']}, um2: {row['um2']:.4g}}}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", choices=sorted(points.POINTS))
    parser.add_argument("--node", action="append", choices=sorted(nodes.NODES), help="default: 45nm")
    parser.add_argument("--work", default=files.WORK, help="the folder of intermediate files")
    arguments = parser.parse_args()
    for node in arguments.node or [PRICED]:
        flow = Flow(node, arguments.work)
        wanted = [point for point in points.POINTS[arguments.family] if node == PRICED or point.parameters["LANES"] == 16]
        with ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
            rows = [row for found in pool.map(lambda point: measure(flow, arguments.family, point), wanted) for row in found]
        path = os.path.join(files.HERE, "tables", f"{arguments.family}_{node}.yaml")
        files.write(path, text(rows, arguments.family, flow))
        print(f"{len(rows)} rows: {os.path.relpath(path)}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"measure.py: {error}")
