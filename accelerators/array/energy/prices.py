#!/usr/bin/env python3
"""Prices of the arrays' events, from the measured energies of their elements.

    prices.py            rewrites the measured rows of accelerators/*/costs/asic_45nm.yaml
    prices.py --check    exits with 1 where a table is not what it would write

A lane's cycle has an operand that counts, a zero, or nothing: a price each. Useful and zero are fitted by least squares to drawn
data (uniform, and with 25, 50 and 75 % zero activations); nothing is the element that holds its operands. The operand registers of
a row and of a column are shared by SHARED elements. The error in a row's `source` is that on layers of networks, which were not
fitted. README.md.
"""

import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
NODE = "45nm"
SHARED = 16
FITTED = ("uniform", "zeros_25", "zeros_50", "zeros_75")
UNCERTAINTY = 60


def read(family):
    """Rows of a table of measure.py: top, parameters, data and figures."""
    rows = []
    with open(os.path.join(ROOT, "accelerators/array/energy/tables", f"{family}_{NODE}.yaml")) as file:
        for line in file:
            if not line.startswith("  - {"):
                continue
            parameters = dict((name, int(value)) for name, value in
                              re.findall(r"(\w+): (\d+)", re.search(r"parameters: \{([^}]*)\}", line).group(1)))
            figures = dict((name, float(value)) for name, value in re.findall(r"(\w+): ([0-9.e+-]+)[,}]", line.split("data:")[1]))
            rows.append({"top": re.search(r"top: (\w+)", line).group(1), "parameters": parameters,
                         "data": re.search(r"data: (\w+)", line).group(1), **figures})
    if not rows:
        raise ValueError(f"{family}: no rows")
    return rows


def per_lane(row):
    return (row["element"] + (row["row"] + row["column"]) / SHARED) / (row["parameters"].get("ROWS", 1) * row["parameters"]["LANES"])


class Element:
    """Prices of one element: pJ per lane and cycle, and the error on layers (None where none were measured)."""

    def __init__(self, rows, top, share, **parameters):
        found = [row for row in rows if row["top"] == top and
                 all(row["parameters"].get(name) == value for name, value in parameters.items())]
        drawn = [row for row in found if row["data"] in FITTED]
        self.idle = next(per_lane(row) for row in found if row["data"] == "idle")
        x, y = [share(row) for row in drawn], [per_lane(row) for row in drawn]
        mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
        slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)
        self.zero = mean_y - slope * mean_x
        self.useful = self.zero + slope
        self.mean = mean_y
        layers = [row for row in found if row["data"] == "layers"]
        self.errors = [100 * ((self.zero + slope * share(row)) / per_lane(row) - 1) for row in layers]
        self.mean_errors = [100 * (self.mean / per_lane(row) - 1) for row in layers]


def activations(row):
    return 1 - row["zeros"]


def pairs(row):
    return row["pairs"]


def line(points):
    """The straight line of least squares through (x, y)."""
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return lambda x: mean_y + slope * (x - mean_x)


def said(error):
    return "no layers measured" if not error else f"{'; '.join(f'{value:+.0f} %' for value in error)} on layers of a trained network"


def row(event, pj, source, kind="measured", widths=None):
    width = "" if widths is None else f"width_activation: {widths[0]}, width_weight: {widths[1]}, "
    return (f"  - {{component: engine.array, event: {event}, {width}pj: {pj:.3g}, kind: {kind}, "
            f"uncertainty_percent: {UNCERTAINTY}, source: \"{source}\"}}\n")


def netlist(element, text):
    return f"netlist of {text}, 16 lanes, {NODE}, glitches included (accelerators/array/energy); {said(element.errors)}"


def products(rows, top, text, measured, others, fixed):
    """multiply_accumulate, zero_multiply and idle_multiply by widths: measured, and for the others a line in the product of the widths."""
    found = {}
    for a, w in measured:
        found[a, w] = Element(rows, top, activations, LANES=16, ACTIVATION_BITS=a, WEIGHT_BITS=w, **fixed)
    lines = ""
    for event, name in (("multiply_accumulate", "useful"), ("zero_multiply", "zero"), ("idle_multiply", "idle")):
        through = line([(a * w, getattr(e, name)) for (a, w), e in found.items()]) if len(found) > 1 else None
        of = {widths: row(event, getattr(e, name), netlist(e, text), widths=widths) for widths, e in found.items()}
        for a, w in others:
            of[a, w] = row(event, through(a * w), f"a line in the product of the widths through the netlists of {text}", "fitted", (a, w))
        lines += "".join(of[widths] for widths in sorted(of, key=lambda pair: (pair[0] * pair[1], pair)))
    return lines


MAC_MEASURED = ((2, 2), (4, 4), (8, 4), (8, 8))
MAC_OTHERS = ((2, 4), (4, 2), (2, 8), (8, 2), (4, 8), (16, 8))


def mac():
    return products(read("mac"), "mac_element", "mac_element", MAC_MEASURED, MAC_OTHERS, {})


def by_activation(events, elements, text, others, weight=8):
    """Events (name, price of an element) by the activations' width: measured, and for the others a line through them."""
    lines = ""
    for event, price in events:
        through = line([(bits, price(element)) for bits, element in elements.items()])
        of = {bits: row(event, price(element), netlist(element, text), widths=(bits, weight)) for bits, element in elements.items()}
        for bits in others:
            of[bits] = row(event, through(bits), f"a line in the activations' width through the netlists of {text}", "fitted", (bits, weight))
        lines += "".join(of[bits] for bits in sorted(of))
    return lines


def ternary():
    rows = read("ternary")
    gated = {bits: Element(rows, "gated_element", pairs, LANES=16, ACTIVATION_BITS=bits)
             for bits in (8, 4)}
    lines = by_activation((("add", lambda e: e.useful), ("zero_add", lambda e: e.zero), ("idle_add", lambda e: e.idle)), gated,
                          "gated_element", (2, 16))
    zero = line([(bits, element.zero) for bits, element in gated.items()])
    for bits in (2, 4, 8, 16):
        lines += row("gated_add", zero(bits), "as zero_add: no twin has the latches", "rule", (bits, 8))
    popcount = Element(rows, "popcount_element", pairs, LANES=16)
    for event, pj in (("bit_match", popcount.useful), ("bit_zero", popcount.zero), ("bit_idle", popcount.idle)):
        lines += row(event, pj, netlist(popcount, "popcount_element"))
    return lines


def gated_zero(rows, top, useful, **parameters):
    """Price of a gated zero: what the gated netlist takes beyond useful lanes at the price of the netlist without gates."""
    drawn = [r for r in rows if r["top"] == top and r["data"] in FITTED and
             all(r["parameters"].get(name) == value for name, value in parameters.items())]
    zeros = [1 - pairs(r) for r in drawn]
    return sum(z * (per_lane(r) - (1 - z) * useful) for z, r in zip(zeros, drawn)) / sum(z * z for z in zeros)


def shift_add():
    rows = read("shift_add")
    lines = ""
    for top, text, names in (("power_of_two_element", "power_of_two_element", ("shift_add", "zero_shift_add", "gated_shift_add", "idle_shift")),
                             ("sub_filters_element", "sub_filters_element", ("plane_add", "zero_plane_add", "gated_plane_add", "idle_plane_add"))):
        # sub-filters: a lane of each of the planes, of which an element has PARALLEL
        planes = 2 if top == "sub_filters_element" else 1
        plain = Element(rows, top, pairs, LANES=16, ACTIVATION_BITS=8, ZERO_GATING=0)
        gated = {bits: Element(rows, top, pairs, LANES=16, ACTIVATION_BITS=bits, ZERO_GATING=1) for bits in (8, 4)}
        # without gates only 8 bits were measured; 4 bits differ as the gated netlists do
        scale = {8: 1.0, 4: gated[4].useful / gated[8].useful}
        zero_scale = {8: 1.0, 4: gated[4].zero / gated[8].zero}
        held = {8: gated_zero(rows, top, plain.useful, LANES=16, ACTIVATION_BITS=8, ZERO_GATING=1)}
        held[4] = held[8] * zero_scale[4]
        prices = {names[0]: {b: plain.useful * scale[b] for b in (8, 4)}, names[1]: {b: plain.zero * zero_scale[b] for b in (8, 4)},
                  names[2]: held, names[3]: {8: plain.idle, 4: plain.idle * gated[4].idle / gated[8].idle}}
        for name in names:
            through = line([(b, p) for b, p in prices[name].items()])
            for bits in (2, 4, 8, 16):
                if bits == 8:
                    lines += row(name, prices[name][8] / planes, netlist(gated[8] if name == names[2] else plain, text), widths=(8, 8))
                else:
                    lines += row(name, through(bits) / planes, f"a line in the activations' width through the netlists of {text}", "fitted", (bits, 8))
    return lines


def bit_serial():
    rows = read("bit_serial")
    adds = {bits: Element(rows, "serial_element", activations, PAIRS=0, LANES=16, ACTIVATION_BITS=bits) for bits in (8, 4)}
    lines = by_activation((("plane_add", lambda e: e.useful), ("zero_add", lambda e: e.zero), ("idle_add", lambda e: e.idle)), adds,
                          "serial_element", (2,))
    pair = Element(rows, "serial_element", activations, PAIRS=1, LANES=64)
    for event, pj in (("plane_pair", pair.useful), ("zero_pair", pair.zero), ("idle_pair", pair.idle)):
        lines += row(event, pj, netlist(pair, "serial_element with pairs").replace("16 lanes", "64 lanes"), widths=(8, 8))
    return lines


GROUP = 4  # activations of a table


def lut():
    rows = read("lut")
    tables = {bits: Element(rows, "lut_element", activations, LANES=16, ACTIVATION_BITS=bits) for bits in (8, 4)}
    lines = ""
    for event, name in (("lookup", "mean"), ("idle_lookup", "idle")):
        through = line([(bits, getattr(e, name) * GROUP) for bits, e in tables.items()])
        for bits in (2, 4, 8, 16):
            if bits in tables:
                e = tables[bits]
                lines += row(event, getattr(e, name) * GROUP,
                             f"netlist of lut_element, its share of the table's build and of the tree, mean of drawn data with 0 to 75 % zeros, "
                             f"{NODE}, glitches included (accelerators/array/energy); {said(e.mean_errors)}", widths=(bits, 8))
            else:
                lines += row(event, through(bits), "a line in the activations' width through the netlists of lut_element", "fitted", (bits, 8))
    codebook = Element(rows, "lut_codebook_element", activations, LANES=16)
    multiplier = Element(read("mac"), "mac_element", activations, LANES=16, ACTIVATION_BITS=8, WEIGHT_BITS=8)
    rows_of_mac = read("mac")
    for event, name in (("multiply_accumulate", "useful"), ("zero_multiply", "zero"), ("idle_multiply", "idle")):
        lines += row(event, getattr(codebook, name), netlist(codebook, "lut_codebook_element"), widths=(8, 8))
        more = getattr(codebook, name) / getattr(multiplier, name)
        for a, w in ((2, 2), (4, 4), (8, 4)):
            e = Element(rows_of_mac, "mac_element", activations, LANES=16, ACTIVATION_BITS=a, WEIGHT_BITS=w)
            lines += row(event, getattr(e, name) * more, "that of mac_element, times what the codebook's element takes more at 8 x 8 bits", "fitted", (a, w))
    return lines


MEASURED = {
    "mac": (mac, ("multiply_accumulate", "zero_multiply", "idle_multiply")),
    "ternary": (ternary, ("add", "zero_add", "gated_add", "idle_add", "bit_match", "bit_zero", "bit_idle")),
    "shift_add": (shift_add, ("shift_add", "zero_shift_add", "gated_shift_add", "idle_shift", "plane_add", "zero_plane_add",
                              "gated_plane_add", "idle_plane_add")),
    "bit_serial": (bit_serial, ("plane_add", "zero_add", "idle_add", "plane_pair", "zero_pair", "idle_pair")),
    "lut": (lut, ("lookup", "idle_lookup", "multiply_accumulate", "zero_multiply", "idle_multiply")),
}


def rewritten(family):
    rows, events = MEASURED[family]
    with open(os.path.join(ROOT, f"accelerators/{family}/costs/asic_{NODE}.yaml")) as file:
        text = file.read()
    kept = [l for l in text.splitlines(keepends=True) if not any(f"event: {event}," in l for event in events)]
    at = kept.index("energy:\n") + 1
    return text, "".join(kept[:at]) + rows() + "".join(kept[at:])


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    stale = []
    for family in MEASURED:
        old, new = rewritten(family)
        if old == new:
            continue
        stale.append(family)
        if not check:
            with open(os.path.join(ROOT, f"accelerators/{family}/costs/asic_{NODE}.yaml"), "w") as file:
                file.write(new)
    if check and stale:
        sys.exit(f"prices.py: not what the measured energies give: {', '.join(stale)}")


if __name__ == "__main__":
    main()
