#!/usr/bin/env python3
"""Prices of the arrays' events, from the measured energies of their elements.

    prices.py            rewrites the measured rows of accelerators/*/costs/asic_45nm.yaml
    prices.py --check    exits with 1 where a table is not what it would write

A lane's cycle has an operand that counts, a zero, or nothing: a price each. Useful and zero are fitted by least squares to drawn
data (uniform, and with 25, 50 and 75 % zero activations); nothing is the element that holds its operands. The operand registers of
a row and of a column are shared by SHARED elements. The error in a row's `source` is that on layers of networks, which were not
fitted. README.md.
"""

import functools
import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
NODE = "45nm"
LANES = 16
SHARED = 16
FITTED = ("uniform", "zeros_25", "zeros_50", "zeros_75")
UNCERTAINTY = 60  # a rule: README.md, "Prices"


def activations(row):
    return 1 - row["zeros"]


def pairs(row):
    return row["pairs"]


# What of a lane's cycles counts, as the family's model counts it.
SHARE = {
    "mac_element": activations,
    "gated_element": pairs,
    "popcount_element": pairs,
    "power_of_two_element": pairs,
    "sub_filters_element": pairs,
    "serial_element": activations,
    "lut_element": activations,
    "lut_codebook_element": activations,
}


@functools.lru_cache
def read(family):
    """Rows of a table of measure.py: top, parameters, data and figures."""
    rows = []
    with open(os.path.join(ROOT, "accelerators/array/energy/tables", f"{family}_{NODE}.yaml")) as file:
        for line in file:
            if not line.startswith("  - {"):
                continue
            parameters = {name: int(value) for name, value in re.findall(r"(\w+): (\d+)", re.search(r"parameters: \{([^}]*)\}", line).group(1))}
            figures = {name: float(value) for name, value in re.findall(r"(\w+): ([0-9.e+-]+)[,}]", line.split("data:")[1])}
            rows.append({"top": re.search(r"top: (\w+)", line).group(1), "parameters": parameters,
                         "data": re.search(r"data: (\w+)", line).group(1), **figures})
    if not rows:
        raise ValueError(f"{family}: no rows")
    return rows


def per_lane(row):
    lanes = row["parameters"].get("ROWS", 1) * row["parameters"]["LANES"]
    return (row["element"] + (row["row"] + row["column"]) / SHARED) / lanes


class Line:
    """The straight line of least squares through (x, y)."""

    def __init__(self, points):
        mean_x, mean_y = (sum(values) / len(points) for values in zip(*points))
        self.slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
        self.at_zero = mean_y - self.slope * mean_x

    def at(self, x):
        return self.at_zero + self.slope * x


class Element:
    """Prices of one element, pJ per lane and cycle, and its errors in % on layers, where there are some."""

    def __init__(self, family, top, **parameters):
        parameters.setdefault("LANES", LANES)
        self.top, self.lanes = top, parameters["LANES"]
        found = [row for row in read(family) if row["top"] == top and
                 all(row["parameters"].get(name) == value for name, value in parameters.items())]
        self.drawn = [row for row in found if row["data"] in FITTED]
        line = Line([(SHARE[top](row), per_lane(row)) for row in self.drawn])
        self.zero, self.useful = line.at(0), line.at(1)
        self.mean = sum(per_lane(row) for row in self.drawn) / len(self.drawn)
        self.idle = next(per_lane(row) for row in found if row["data"] == "idle")
        layers = [row for row in found if row["data"] == "layers"]
        self.errors = [100 * (line.at(SHARE[top](row)) / per_lane(row) - 1) for row in layers]
        self.errors_of_mean = [100 * (self.mean / per_lane(row) - 1) for row in layers]

    def source(self, price, more=""):
        errors = self.errors_of_mean if price == "mean" else self.errors
        said = "; ".join(f"{error:+.0f} % on layers of a trained network" for error in errors) or "no layers measured"
        if price == "idle":
            said = "operands held"
        return f"netlist of {self.top}{more}, {self.lanes} lanes, {NODE}, glitches included (accelerators/array/energy); {said}"


def row(event, pj, source, kind="measured", widths=None):
    width = "" if widths is None else f"width_activation: {widths[0]}, width_weight: {widths[1]}, "
    return (f"  - {{component: engine.array, event: {event}, {width}pj: {pj:.3g}, kind: {kind}, "
            f"uncertainty_percent: {UNCERTAINTY}, source: \"{source}\"}}\n")


ANY_WEIGHT = 8  # width_weight of an array whose lanes take weights of any width


def priced(elements, price, more="", lanes=1):
    """What by_activation takes of elements by their activations' width; `lanes`: of what the event counts."""
    return ({bits: getattr(element, price) * lanes for bits, element in elements.items()},
            {bits: element.source(price, more) for bits, element in elements.items()})


def by_activation(event, prices, sources, text, others):
    """An event by the activations' width: `prices` by width, of which those in `sources` are measured, and a line through them for
    the `others`."""
    line = Line(list(prices.items()))
    lines = ""
    for bits in sorted({*prices, *others}):
        if bits in sources:
            lines += row(event, prices[bits], sources[bits], widths=(bits, ANY_WEIGHT))
        else:
            lines += row(event, line.at(bits), f"a line in the activations' width through the netlists of {text}", "fitted", (bits, ANY_WEIGHT))
    return lines


MULTIPLY = {"multiply_accumulate": "useful", "zero_multiply": "zero", "idle_multiply": "idle"}


def multiplier(activation_bits, weight_bits):
    return Element("mac", "mac_element", ACTIVATION_BITS=activation_bits, WEIGHT_BITS=weight_bits)


def mac():
    measured = {widths: multiplier(*widths) for widths in ((2, 2), (4, 4), (8, 4), (8, 8))}
    fitted = ((2, 4), (4, 2), (2, 8), (8, 2), (4, 8), (16, 8))
    lines = ""
    for event, price in MULTIPLY.items():
        line = Line([(a * w, getattr(element, price)) for (a, w), element in measured.items()])
        for a, w in sorted({*measured, *fitted}, key=lambda widths: (widths[0] * widths[1], widths)):
            if (a, w) in measured:
                element = measured[a, w]
                lines += row(event, getattr(element, price), element.source(price), widths=(a, w))
            else:
                lines += row(event, line.at(a * w), "a line in the product of the widths through the netlists of mac_element", "fitted", (a, w))
    return lines


def ternary():
    gated = {bits: Element("ternary", "gated_element", ACTIVATION_BITS=bits) for bits in (4, 8)}
    lines = ""
    for event, price in (("add", "useful"), ("zero_add", "zero"), ("idle_add", "idle")):
        lines += by_activation(event, *priced(gated, price), "gated_element", (2, 16))
    zero = Line([(bits, element.zero) for bits, element in gated.items()])
    for bits in (2, 4, 8, 16):
        lines += row("gated_add", zero.at(bits), "as zero_add: no twin has the latches", "rule", (bits, ANY_WEIGHT))
    popcount = Element("ternary", "popcount_element")
    for event, price in (("bit_match", "useful"), ("bit_zero", "zero"), ("bit_idle", "idle")):
        lines += row(event, getattr(popcount, price), popcount.source(price))
    return lines


def gated_zero(gated, useful):
    """Price of a gated zero: what the gated netlist takes beyond useful lanes at the price of the netlist without gates."""
    shares = [(1 - SHARE[gated.top](drawn), per_lane(drawn)) for drawn in gated.drawn]
    return sum(zeros * (energy - (1 - zeros) * useful) for zeros, energy in shares) / sum(zeros * zeros for zeros, _ in shares)


def shift_add():
    lines = ""
    for top, planes, names in (("power_of_two_element", 1, ("shift_add", "zero_shift_add", "gated_shift_add", "idle_shift")),
                               ("sub_filters_element", 2, ("plane_add", "zero_plane_add", "gated_plane_add", "idle_plane_add"))):
        plain = Element("shift_add", top, ACTIVATION_BITS=8, ZERO_GATING=0)
        gated = {bits: Element("shift_add", top, ACTIVATION_BITS=bits, ZERO_GATING=1) for bits in (4, 8)}
        at_8 = {"useful": plain.useful, "zero": plain.zero, "gated": gated_zero(gated[8], plain.useful), "idle": plain.idle}
        for name, price in zip(names, at_8):
            # without gates only 8 bits were measured; 4 bits differ as the gated netlists do
            as_measured = "zero" if price == "gated" else price
            ratio = getattr(gated[4], as_measured) / getattr(gated[8], as_measured)
            source = (gated[8] if price == "gated" else plain).source(price)
            lines += by_activation(name, {4: at_8[price] * ratio / planes, 8: at_8[price] / planes}, {8: source}, top, (2, 16))
    return lines


def bit_serial():
    adds = {bits: Element("bit_serial", "serial_element", PAIRS=0, ACTIVATION_BITS=bits) for bits in (4, 8)}
    lines = ""
    for event, price in (("plane_add", "useful"), ("zero_add", "zero"), ("idle_add", "idle")):
        lines += by_activation(event, *priced(adds, price), "serial_element", (2,))
    pair = Element("bit_serial", "serial_element", PAIRS=1, LANES=64)
    for event, price in (("plane_pair", "useful"), ("zero_pair", "zero"), ("idle_pair", "idle")):
        lines += row(event, getattr(pair, price), pair.source(price, " with pairs"), widths=(8, ANY_WEIGHT))
    return lines


GROUP = 4  # activations of a table


def lut():
    tables = {bits: Element("lut", "lut_element", ACTIVATION_BITS=bits) for bits in (4, 8)}
    lines = ""
    for event, price, more in (("lookup", "mean", ", its share of the table's build and of the tree, mean of drawn data with 0 to 75 % zeros"),
                               ("idle_lookup", "idle", "")):
        lines += by_activation(event, *priced(tables, price, more, GROUP), "lut_element", (2, 16))
    codebook = Element("lut", "lut_codebook_element")
    for event, price in MULTIPLY.items():
        lines += row(event, getattr(codebook, price), codebook.source(price), widths=(8, 8))
        ratio = getattr(codebook, price) / getattr(multiplier(8, 8), price)
        for widths in ((2, 2), (4, 4), (8, 4)):
            lines += row(event, getattr(multiplier(*widths), price) * ratio,
                         "that of mac_element, times what the codebook's element takes more at 8 x 8 bits", "fitted", widths)
    return lines


MEASURED = {
    "mac": (mac, tuple(MULTIPLY)),
    "ternary": (ternary, ("add", "zero_add", "gated_add", "idle_add", "bit_match", "bit_zero", "bit_idle")),
    "shift_add": (shift_add, ("shift_add", "zero_shift_add", "gated_shift_add", "idle_shift", "plane_add", "zero_plane_add",
                              "gated_plane_add", "idle_plane_add")),
    "bit_serial": (bit_serial, ("plane_add", "zero_add", "idle_add", "plane_pair", "zero_pair", "idle_pair")),
    "lut": (lut, ("lookup", "idle_lookup", *MULTIPLY)),
}


def table_of(family):
    return os.path.join(ROOT, f"accelerators/{family}/costs/asic_{NODE}.yaml")


def rewritten(family):
    """A family's cost table, and what it should be."""
    rows, events = MEASURED[family]
    with open(table_of(family)) as file:
        text = file.read()
    kept = [line for line in text.splitlines(keepends=True) if not any(f"event: {event}," in line for event in events)]
    at = kept.index("energy:\n") + 1
    return text, "".join(kept[:at]) + rows() + "".join(kept[at:])


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    stale = {family: made for family in MEASURED for table, made in [rewritten(family)] if table != made}
    if check and stale:
        sys.exit(f"prices.py: not what the measured energies give: {', '.join(stale)}")
    for family, made in stale.items():
        with open(table_of(family) + ".part", "w") as file:
            file.write(made)
        os.replace(table_of(family) + ".part", table_of(family))


if __name__ == "__main__":
    main()
