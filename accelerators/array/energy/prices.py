#!/usr/bin/env python3
"""Turns measured energies into prices of events.

    prices.py FAMILY     rewrites accelerators/FAMILY/costs/asic_45nm.yaml from tables/FAMILY_45nm.yaml beside this file

Prices are those of the layers of a network (`data: layers`; half of the activations zero where a point has none).
Events that no element shows (drain, coefficients) keep the line they have. README.md says how a price comes about.
"""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
UNCERTAINTY = {"measured": 40, "fitted": 60}  # wire load of the library only, no clock tree; data of one network


class Row(dict):
    def number(self, key):
        return float(self[key])


def read(path):
    rows = []
    with open(path) as file:
        for line in file:
            if line.startswith("  - {"):
                rows.append(Row(re.findall(r"(\w+): ([^,{}]+)", line)))
    return rows


def select(rows, top, **parameters):
    return {row["data"]: row for row in rows
            if row["top"] == top and all(row.get(name) == str(value) for name, value in parameters.items())}


PLACES = ("element", "row", "column")


class Energy(dict):
    """pJ by place, of one lane."""

    @staticmethod
    def of(row, per_cycle):
        return Energy({place: row.number(place) / per_cycle for place in PLACES})

    def plus(self, other, factor=1.0):
        return Energy({place: self[place] + factor * other[place] for place in PLACES})

    def scaled(self, factor):
        return Energy({place: factor * self[place] for place in PLACES})


def words(row, idle, per_cycle):
    """Of a cycle that takes a word: turn-arounds cost what idling costs."""
    turns = row.number("turns")
    return Energy.of(row, per_cycle).plus(Energy.of(idle, per_cycle), -turns).scaled(1 / (1 - turns))


def typical(cases):
    return cases.get("layers") or cases["zeros_50"]


def shared(cases, idle_of, per_cycle, few, few_per_cycle, lanes, few_lanes):
    """What the lanes of an element share, pJ per cycle, by what an element of fewer lanes costs more per lane."""
    def of(name):
        more = (words(few[name], few["idle"], few_per_cycle)["element"] - words(cases[name], idle_of, per_cycle)["element"]
                if name != "idle" else few["idle"].number("element") / few_per_cycle - idle_of.number("element") / per_cycle)
        return max(0.0, more / (1 / few_lanes - 1 / lanes))
    drawn = [of(name) for name in ("uniform", "zeros_50", "zeros_75")]
    return sum(drawn) / len(drawn), of("idle")


def pairs(row, planes):
    return 1 - row.number("zeros") if planes else row.number("pairs")


def split(cases, per_cycle, planes):
    """Prices of a lane with and without a zero: level of the layers, slope of the drawn data by their share."""
    idle = cases["idle"]
    drawn = [cases[name] for name in ("zeros_25", "zeros_50", "zeros_75")]
    xs = [pairs(row, planes) for row in drawn]
    ys = [words(row, idle, per_cycle) for row in drawn]
    mean = sum(xs) / len(xs)
    spread = sum((x - mean) ** 2 for x in xs)
    slope = Energy({place: sum((x - mean) * y[place] for x, y in zip(xs, ys)) / spread for place in PLACES})
    level, share = words(typical(cases), idle, per_cycle), pairs(typical(cases), planes)
    return level.plus(slope, 1 - share), level.plus(slope, -share)


class Table:
    def __init__(self, family):
        self.family, self.lines, self.events = family, [], set()

    def add(self, event, energy, element, kind, source, widths=None):
        """`element`: pJ that the lanes of an element share; the energy holds its share of `lanes` of them."""
        self.events.add(event)
        width = f"width_activation: {widths[0]}, width_weight: {widths[1]}, " if widths else ""
        parts = f"pj: {max(0.0, energy['element']):.4g}"
        for name, value in (("element_pj", element), ("row_pj", energy["row"]), ("column_pj", energy["column"])):
            if value > 0:
                parts += f", {name}: {value:.4g}"
        self.lines.append(f"  - {{component: engine.array, event: {event}, {width}{parts}, kind: {kind}, "
                          f"uncertainty_percent: {UNCERTAINTY[kind]}, source: \"{source}\"}}")


def source(cases, family, what):
    row = typical(cases)
    data = f"layers of ResNet-20 ({100 * row.number('zeros'):.0f} % of the activations zero)" if "layers" in cases else "drawn data, half of the activations zero"
    return f"{family}_45nm of accelerators/array/energy: {what}, {data}, delays and the library's wire load in it, no clock tree"


def lanes_price(table, rows, family, top, what, events, points, planes=1, split_zeros=False, ungated=None):
    """Prices of one kind of element. `events`: useful, idle, and the zero events; `points`: widths by parameters."""
    made = {}
    share = None
    for widths, parameters in points:
        cases = select(rows, top, LANES=16, **parameters)
        if not cases:
            raise ValueError(f"{family}: no rows of {top} {parameters}")
        per_cycle = 16 * planes
        few = select(rows, top, LANES=4, **parameters)
        if few:
            share = shared(cases, cases["idle"], per_cycle, few, 4 * planes, 16, 4)
        busy_share, idle_share = share or (0.0, 0.0)
        level = words(typical(cases), cases["idle"], per_cycle)
        prices = {events[0]: level}
        if split_zeros:
            useful, zero = split(cases, per_cycle, planes > 1)
            prices = {events[0]: useful, **{event: zero for event in events[2:]}}
            if ungated:
                other = select(rows, top, LANES=16, **{**parameters, "ZERO_GATING": 0})
                if other:  # the useful lane as with gates; what the netlist without them saves lies in its zero lanes
                    n = pairs(typical(other), planes > 1)
                    prices[ungated] = words(typical(other), other["idle"], per_cycle).plus(useful, -n).scaled(1 / (1 - n))
                else:
                    prices[ungated] = zero
        else:
            prices.update({event: level for event in events[2:]})
        text = source(cases, family, f"{what}, 16 lanes")
        for event, energy in prices.items():
            own = Energy(energy)
            own["element"] -= busy_share / 16
            made[widths, event] = (own, busy_share)
            table.add(event, own, busy_share, "fitted" if split_zeros or share else "measured", text, widths)
        own = Energy.of(cases["idle"], per_cycle)
        own["element"] -= idle_share / 16
        made[widths, events[1]] = (own, idle_share)
        table.add(events[1], own, idle_share, "measured", source({"zeros_50": cases["idle"]}, family, f"{what}, 16 lanes, operands held").replace(
            "drawn data, half of the activations zero, ", ""), widths)
    return made


def extend(table, made, family, new, low, high, factor, what):
    """A width that was not measured: `high` and `factor` times what it has more than `low`."""
    for (widths, event), (energy, element) in list(made.items()):
        if widths != high:
            continue
        step = energy.plus(made[low, event][0], -1)
        table.add(event, energy.plus(step, factor), element, "fitted",
                  f"{family}_45nm of accelerators/array/energy: {what}", new)


def mac(rows):
    table = Table("mac")
    made = lanes_price(table, rows, "mac", "mac_element", "multiply-accumulate", ("multiply_accumulate", "idle_multiply"),
                       [((8, 8), {"ACTIVATION_BITS": 8, "WEIGHT_BITS": 8}), ((4, 4), {"ACTIVATION_BITS": 4, "WEIGHT_BITS": 4}),
                        ((2, 2), {"ACTIVATION_BITS": 2, "WEIGHT_BITS": 2}), ((8, 4), {"ACTIVATION_BITS": 8, "WEIGHT_BITS": 4})])
    extend(table, made, "mac", (16, 8), (8, 4), (8, 8), 2, "8 x 8 and twice what it has more than 8 x 4")
    extend(table, made, "mac", (4, 8), (8, 4), (8, 4), 0, "as 8 x 4")
    return table


def ternary(rows):
    table = Table("ternary")
    made = lanes_price(table, rows, "ternary", "gated_element", "gated addition; a zero weight is not told apart",
                       ("add", "idle_add", "zero_add", "gated_add"),
                       [((8, 8), {"ACTIVATION_BITS": 8}), ((4, 8), {"ACTIVATION_BITS": 4})])
    extend(table, made, "ternary", (2, 8), (8, 8), (4, 8), 0.5, "4 bits less half of what 8 bits have more")
    lanes_price(table, rows, "ternary", "popcount_element", "population count", ("bit_match", "bit_idle", "bit_zero"),
                [(None, {"ACTIVATION_BITS": 2})], split_zeros=True)
    return table


def shift_add(rows):
    table = Table("shift_add")
    for top, what, events, planes, ungated in (
            ("power_of_two_element", "one shift per lane", ("shift_add", "idle_shift", "gated_shift_add"), 1, "zero_shift_add"),
            ("sub_filters_element", "two sub-filters, per lane and sub-filter", ("plane_add", "idle_plane_add", "gated_plane_add"), 2,
             "zero_plane_add")):
        made = lanes_price(table, rows, "shift_add", top, what, events,
                           [((8, 8), {"ACTIVATION_BITS": 8, "ZERO_GATING": 1}), ((4, 8), {"ACTIVATION_BITS": 4, "ZERO_GATING": 1})],
                           planes, True, ungated)
        extend(table, made, "shift_add", (2, 8), (8, 8), (4, 8), 0.5, f"{what}: 4 bits less half of what 8 bits have more")
        extend(table, made, "shift_add", (16, 8), (4, 8), (8, 8), 2, f"{what}: 8 bits and twice what they have more than 4")
    return table


def bit_serial(rows):
    table = Table("bit_serial")
    made = lanes_price(table, rows, "bit_serial", "serial_element", "a plane of weights", ("plane_add", "idle_add"),
                       [((8, 8), {"ACTIVATION_BITS": 8, "PAIRS": 0}), ((4, 8), {"ACTIVATION_BITS": 4, "PAIRS": 0})])
    extend(table, made, "bit_serial", (2, 8), (8, 8), (4, 8), 0.5, "4 bits less half of what 8 bits have more")
    few = select(rows, "serial_element", LANES=16, ACTIVATION_BITS=2, PAIRS=1)
    many = select(rows, "serial_element", LANES=64, ACTIVATION_BITS=2, PAIRS=1)
    busy, idle = shared(many, many["idle"], 64, few, 16, 64, 16)
    for event, energy, element in (("plane_pair", words(typical(many), many["idle"], 64), busy),
                                   ("idle_pair", Energy.of(many["idle"], 64), idle)):
        energy["element"] -= element / 64
        table.add(event, energy, element, "fitted", source(many, "bit_serial", "a pair of planes of 2-bit operands, 64 and 16 lanes"))
    return table


def lut(rows):
    table = Table("lut")
    for bits in (8, 4):
        cases = select(rows, "lut_element", LANES=16, ACTIVATION_BITS=bits)
        reads = 4 * 4  # rows x tables
        level, idle = words(typical(cases), cases["idle"], reads), Energy.of(cases["idle"], reads)
        for energy in (level, idle):
            energy["column"] *= 4  # of a column's table, whatever the rows
        text = source(cases, "lut", "a column of four rows and four tables of four activations, accumulators and tables in it")
        table.add("lookup", level, 0.0, "measured", text, (bits, bits))
        table.add("idle_lookup", idle, 0.0, "measured", text.split(", layers")[0] + ", operands held", (bits, bits))
    cases, few = (select(rows, "lut_codebook_element", LANES=lanes) for lanes in (16, 4))
    busy, held = shared(cases, cases["idle"], 16, few, 4, 16, 4)
    level, idle = words(typical(cases), cases["idle"], 16), Energy.of(cases["idle"], 16)
    text = source(cases, "lut", "codebook of 16 entries of 8 bits, 16 lanes")
    table.add("codebook_read", Energy(element=level["row"], row=0, column=0), 0.0, "measured", text)
    for event, energy, element in (("multiply_accumulate", level, busy), ("idle_multiply", idle, held)):
        energy["element"] -= element / 16
        energy["row"] = energy["row"] if event == "idle_multiply" else 0.0
        table.add(event, energy, element, "fitted", text)
    return table


FREE = {"lut": {"table_build": "in lookup: the tables' registers and adders are measured with it",
                "accumulate": "in lookup: the accumulator is measured with it"}}
FAMILIES = {"mac": mac, "ternary": ternary, "shift_add": shift_add, "bit_serial": bit_serial, "lut": lut}


def rewrite(family):
    table = FAMILIES[family](read(os.path.join(HERE, "tables", f"{family}_45nm.yaml")))
    path = os.path.join(ROOT, "accelerators", family, "costs", "asic_45nm.yaml")
    with open(path) as file:
        before = file.read()
    free = FREE.get(family, {})
    priced = table.events | free.keys()
    kept = [line for line in re.findall(r"^  - \{component: .*event: \w+, .*pj: .*$", before, re.M)
            if re.search(r"event: (\w+)", line).group(1) not in priced]
    freed = [line for line in re.findall(r"^  - \{component: .*reason: .*$", before, re.M)
             if re.search(r"event: (\w+)", line).group(1) not in free]
    freed += [f'  - {{component: engine.array, event: {event}, reason: "{reason}"}}' for event, reason in free.items()]
    text = (f"# Energy of the {family} array: widths are those of EngineConfig. Written by accelerators/array/energy/prices.py {family},\n"
            "# but for the events that no element shows. Counters: README.md.\n"
            "implementation: asic:45nm\nnode: 45nm\nvoltage_v: 1.1\nenergy:\n" + "\n".join(table.lines + kept) + "\n")
    if freed:
        text += "free:\n" + "\n".join(freed) + "\n"
    with open(path, "w") as file:
        file.write(text)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FAMILIES:
        sys.exit(__doc__)
    try:
        rewrite(sys.argv[1])
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"prices.py: {error}")
