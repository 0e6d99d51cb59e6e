#!/usr/bin/env python3
"""Prices of the arrays' events, from the measured energies of their elements.

    prices.py            rewrites the measured rows of accelerators/*/costs/asic_45nm.yaml
    prices.py --check    exits with 1 where a table is not what it would write

A lane's cycle has an operand that counts, a zero, or nothing: a price each. Useful and zero are fitted by least squares to drawn
data (bell-shaped, with 25, 50 and 75 % zero activations); nothing is the element that holds its operands. What a price has of an
element, a row and a column is told apart. The error in a row's `source` is that on layers of networks, which were not fitted, in an
array of SHARED rows and columns. README.md.
"""

import functools
import os
import re
import sys
from dataclasses import dataclass

import files

NODE = "45nm"
LANES = 16
SHARED = 16
PIPELINE = 1
DEPTHS = (0, 1, 2, 3, 16)
FITTED = ("bell_25", "bell_50", "bell_75")
HELD = ("idle",)
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
    with open(os.path.join(files.ROOT, "accelerators/array/energy/tables", f"{family}_{NODE}.yaml")) as file:
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


def mean(values):
    values = list(values)
    return sum(values) / len(values)


class Line:
    """The straight line of least squares through (x, y)."""

    def __init__(self, points):
        mean_x, mean_y = (mean(values) for values in zip(*points))
        self.slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
        self.at_zero = mean_y - self.slope * mean_x

    def at(self, x):
        return self.at_zero + self.slope * x


@dataclass(frozen=True)
class Price:
    """pJ of a lane's cycle: its own, and its element's, row's and column's, which lanes, columns and rows share."""

    lane: float
    element: float
    row: float
    column: float

    def parts(self):
        return (self.lane, self.element, self.row, self.column)

    def of_array(self, lanes):
        return self.lane + self.element / lanes + (self.row + self.column) / SHARED

    def times(self, factor):
        return Price(*(factor * part for part in self.parts()))


def through(points):
    """The line through prices by x, part by part."""
    lines = [Line([(x, price.parts()[i]) for x, price in points.items()]) for i in range(4)]
    return lambda x: Price(*(max(line.at(x), 0.0) for line in lines))


def lanes_of(row):
    return row["parameters"].get("ROWS", 1) * row["parameters"]["LANES"]


def per_lane(row):
    """pJ of a lane in an array of SHARED rows and columns."""
    return (row["element"] + row["row"] / SHARED) / lanes_of(row) + row["column"] / row["parameters"]["LANES"] / SHARED


def chosen(family, top, cases, **parameters):
    return [row for row in read(family) if row["top"] == top and row["data"] in cases and
            all(row["parameters"].get(name) == value for name, value in parameters.items())]


def element_part(family, top, cases, **parameters):
    """pJ of an element's cycle that more lanes do not add to: from elements measured with two numbers of lanes."""
    by_lanes = {}
    for row in chosen(family, top, cases, PIPELINE=PIPELINE, **parameters):
        key = tuple(sorted(item for item in row["parameters"].items() if item[0] != "LANES"))
        by_lanes.setdefault(key, {}).setdefault(row["parameters"]["LANES"], []).append(row["element"])
    parts = []
    for found in by_lanes.values():
        if len(found) == 2:
            (few, small), (many, whole) = sorted(found.items())
            parts.append((many * mean(small) - few * mean(whole)) / (many - few))
    return max(mean(parts), 0.0) if parts else 0.0


class Element:
    """Prices of the cycles of an element's lanes, and its errors in % on layers, where there are some."""

    def __init__(self, family, top, **parameters):
        self.family, self.top, self.parameters = family, top, {"LANES": LANES, "PIPELINE": PIPELINE, **parameters}
        self.lanes, self.share = self.parameters["LANES"], SHARE[top]
        self.drawn = chosen(family, top, FITTED, **self.parameters)
        line = Line([(self.share(row), row["element"] / lanes_of(row)) for row in self.drawn])
        self.useful, self.zero = self._price(line.at(1), FITTED), self._price(line.at(0), FITTED)
        self.mean, self.idle = (self._price(mean(row["element"] / lanes_of(row) for row in chosen(family, top, cases, **self.parameters)),
                                            cases) for cases in (FITTED, HELD))
        layers = chosen(family, top, ("layers",), **self.parameters)
        self.errors = [100 * (self.predicted(row) / per_lane(row) - 1) for row in layers]
        self.errors_of_mean = [100 * (self.mean.of_array(self.lanes) / per_lane(row) - 1) for row in layers]

    def _price(self, lane, cases):
        rows = chosen(self.family, self.top, cases, **self.parameters)
        same = {name: value for name, value in self.parameters.items() if name in ("PAIRS", "ZERO_GATING")}
        element = min(element_part(self.family, self.top, cases, **same), lane * self.lanes)
        return Price(lane - element / self.lanes, element, mean(row["row"] / lanes_of(row) for row in rows),
                     mean(row["column"] / self.lanes for row in rows))

    def predicted(self, row):
        counts = self.share(row)
        return counts * self.useful.of_array(self.lanes) + (1 - counts) * self.zero.of_array(self.lanes)

    def by_pipeline(self, price):
        """Factors on a price by depth of the pipeline, as measured on this element."""
        cases = HELD if price == "idle" else FITTED
        of_depth = [mean(per_lane(row) for row in chosen(self.family, self.top, cases, **{**self.parameters, "PIPELINE": depth}))
                    for depth in DEPTHS]
        return [found / of_depth[DEPTHS.index(PIPELINE)] for found in of_depth]

    def source(self, price, more=""):
        errors = self.errors_of_mean if price == "mean" else self.errors
        said = "; ".join(f"{error:+.0f} % on layers of a trained network" for error in errors) or "no layers measured"
        if price == "idle":
            said = "operands held"
        return f"netlist of {self.top}{more}, {self.lanes} lanes, {NODE}, glitches included (accelerators/array/energy); {said}"


def row(event, price, source, depths, kind="measured", widths=None):
    """`depths`: of Element.by_pipeline."""
    width = "" if widths is None else f"width_activation: {widths[0]}, width_weight: {widths[1]}, "
    parts = ", ".join(f"{name}pj: {part:.3g}" for name, part in zip(("", "element_", "row_", "column_"), price.parts()))
    return (f"  - {{component: engine.array, event: {event}, {width}{parts}, by_pipeline: [{', '.join(f'{f:.3g}' for f in depths)}], "
            f"kind: {kind}, uncertainty_percent: {UNCERTAINTY}, source: \"{source}\"}}\n")


ANY_WEIGHT = 8  # width_weight of an array whose lanes take weights of any width


def by_activation(event, elements, price, text, others, more="", lanes=1):
    """An event by the activations' width: measured for `elements`, a line through them for `others`. `lanes`: of what it counts."""
    prices = {bits: getattr(element, price).times(lanes) for bits, element in elements.items()}
    line = through(prices)
    depths = next(iter(elements.values())).by_pipeline(price)
    lines = ""
    for bits in sorted({*prices, *others}):
        if bits in prices:
            lines += row(event, prices[bits], elements[bits].source(price, more), depths, widths=(bits, ANY_WEIGHT))
        else:
            lines += row(event, line(bits), f"a line in the activations' width through the netlists of {text}", depths, "fitted", (bits, ANY_WEIGHT))
    return lines


MULTIPLY = {"multiply_accumulate": "useful", "zero_multiply": "zero", "idle_multiply": "idle"}


def multiplier(activation_bits, weight_bits):
    return Element("mac", "mac_element", ACTIVATION_BITS=activation_bits, WEIGHT_BITS=weight_bits)


def mac():
    measured = {widths: multiplier(*widths) for widths in ((2, 2), (4, 4), (8, 4), (8, 8))}
    fitted = ((2, 4), (4, 2), (2, 8), (8, 2), (4, 8), (16, 8))
    lines = ""
    for event, price in MULTIPLY.items():
        line = through({a * w: getattr(element, price) for (a, w), element in measured.items()})
        depths = measured[8, 8].by_pipeline(price)
        for a, w in sorted({*measured, *fitted}, key=lambda widths: (widths[0] * widths[1], widths)):
            if (a, w) in measured:
                lines += row(event, getattr(measured[a, w], price), measured[a, w].source(price), depths, widths=(a, w))
            else:
                lines += row(event, line(a * w), "a line in the product of the widths through the netlists of mac_element", depths, "fitted", (a, w))
    return lines


def ternary():
    gated = {bits: Element("ternary", "gated_element", ACTIVATION_BITS=bits) for bits in (8, 4)}
    lines = ""
    for event, price in (("add", "useful"), ("zero_add", "zero"), ("idle_add", "idle")):
        lines += by_activation(event, gated, price, "gated_element", (2, 16))
    zero = through({bits: element.zero for bits, element in gated.items()})
    for bits in (2, 4, 8, 16):
        lines += row("gated_add", zero(bits), "as zero_add: no twin has the latches", gated[8].by_pipeline("zero"), "rule", (bits, ANY_WEIGHT))
    popcount = Element("ternary", "popcount_element")
    for event, price in (("bit_match", "useful"), ("bit_zero", "zero"), ("bit_idle", "idle")):
        lines += row(event, getattr(popcount, price), popcount.source(price), popcount.by_pipeline(price))
    return lines


def gated_zero(gated, plain):
    """Price of a gated zero: what the gated netlist takes beyond useful lanes at the price of the netlist without gates."""
    useful = plain.useful.of_array(plain.lanes)
    shares = [(1 - gated.share(drawn), per_lane(drawn)) for drawn in gated.drawn]
    found = sum(zeros * (energy - (1 - zeros) * useful) for zeros, energy in shares) / sum(zeros * zeros for zeros, _ in shares)
    return plain.zero.times(found / plain.zero.of_array(plain.lanes))


def shift_add():
    lines = ""
    for top, planes, names in (("power_of_two_element", 1, ("shift_add", "zero_shift_add", "gated_shift_add", "idle_shift")),
                               ("sub_filters_element", 2, ("plane_add", "zero_plane_add", "gated_plane_add", "idle_plane_add"))):
        plain = Element("shift_add", top, ACTIVATION_BITS=8, ZERO_GATING=0)
        gated = {bits: Element("shift_add", top, ACTIVATION_BITS=bits, ZERO_GATING=1) for bits in (4, 8)}
        at_8 = {"useful": plain.useful, "zero": plain.zero, "gated": gated_zero(gated[8], plain), "idle": plain.idle}
        for name, price in zip(names, at_8):
            # without gates only 8 bits were measured; 4 bits differ as the gated netlists do
            as_measured = "zero" if price == "gated" else price
            ratio = getattr(gated[4], as_measured).of_array(LANES) / getattr(gated[8], as_measured).of_array(LANES)
            eight = at_8[price].times(1 / planes)
            line = through({4: eight.times(ratio), 8: eight})
            depths = gated[8].by_pipeline(as_measured)
            for bits in (2, 4, 8, 16):
                if bits == 8:
                    source, kind = (gated[8] if price == "gated" else plain).source(price), "measured"
                else:
                    source, kind = f"a line in the activations' width through the netlists of {top}", "fitted"
                lines += row(name, line(bits), source, depths, kind, (bits, ANY_WEIGHT))
    return lines


def bit_serial():
    adds = {bits: Element("bit_serial", "serial_element", PAIRS=0, ACTIVATION_BITS=bits) for bits in (8, 4)}
    lines = ""
    for event, price in (("plane_add", "useful"), ("zero_add", "zero"), ("idle_add", "idle")):
        lines += by_activation(event, adds, price, "serial_element", (2,))
    pair = Element("bit_serial", "serial_element", PAIRS=1)
    for event, price in (("plane_pair", "useful"), ("zero_pair", "zero"), ("idle_pair", "idle")):
        lines += row(event, getattr(pair, price), pair.source(price, " with pairs"), pair.by_pipeline(price), widths=(8, ANY_WEIGHT))
    return lines


GROUP = 4  # activations of a table


def lut():
    tables = {bits: Element("lut", "lut_element", ACTIVATION_BITS=bits) for bits in (4, 8)}
    lines = ""
    for event, price, more in (("lookup", "mean", ", its share of the table's build and of the tree, mean of drawn data with 25 to 75 % zeros"),
                               ("idle_lookup", "idle", "")):
        lines += by_activation(event, tables, price, "lut_element", (2, 16), more, GROUP)
    codebook = Element("lut", "lut_codebook_element")
    for event, price in MULTIPLY.items():
        depths = codebook.by_pipeline(price)
        lines += row(event, getattr(codebook, price), codebook.source(price), depths, widths=(8, 8))
        ratio = getattr(codebook, price).of_array(LANES) / getattr(multiplier(8, 8), price).of_array(LANES)
        for widths in ((2, 2), (4, 4), (8, 4)):
            lines += row(event, getattr(multiplier(*widths), price).times(ratio),
                         "that of mac_element, times what the codebook's element takes more at 8 x 8 bits", depths, "fitted", widths)
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
    return os.path.join(files.ROOT, f"accelerators/{family}/costs/asic_{NODE}.yaml")


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
        files.write(table_of(family), made)


if __name__ == "__main__":
    main()
