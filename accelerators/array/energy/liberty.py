"""Reads what energy and delay need of a Liberty file: functions, capacitances, delay, slew and energy tables."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass
class Table:
    """A figure over slew and load, both in the unit of the file; a scalar has neither."""

    slews: list
    loads: list
    rows: list  # [slew][load]

    def at(self, slew, load):
        """The figure, bilinear between the table's points and held beyond them."""
        i, x = _place(self.slews, slew)
        j, y = _place(self.loads, load)
        low = self.rows[i]
        high = self.rows[min(i + 1, len(self.rows) - 1)]
        k = min(j + 1, len(low) - 1)
        return (1 - x) * ((1 - y) * low[j] + y * low[k]) + x * ((1 - y) * high[j] + y * high[k])


def _place(axis, value):
    if len(axis) < 2 or value <= axis[0]:
        return 0, 0.0
    if value >= axis[-1]:
        return len(axis) - 1, 0.0
    i = bisect_right(axis, value) - 1
    return i, (value - axis[i]) / (axis[i + 1] - axis[i])


@dataclass
class Arc:
    """What a change of `related` costs this pin: `tables` by their Liberty name, under `when`."""

    related: str
    kind: str
    sense: str
    when: str
    tables: dict


@dataclass
class Pin:
    output: bool
    capacitance: float
    function: str
    clock: bool
    timing: list = field(default_factory=list)
    power: list = field(default_factory=list)


@dataclass
class Cell:
    name: str
    area: float
    pins: dict
    next_state: str  # of a flip-flop, else ""
    state: tuple  # its two variables

    def data_pin(self):
        return re.sub(r"\W", "", self.next_state)

    def clock_pin(self):
        return next(name for name, pin in self.pins.items() if pin.clock)

    def outputs(self):
        return [name for name, pin in self.pins.items() if pin.output]


@dataclass
class Library:
    cells: dict
    voltage: float
    time_ps: float  # of the file's unit
    capacitance_ff: float
    wire_capacitance: list  # of a net by its fan-out, in the file's unit; empty: the file has no wire load


class _Group:
    def __init__(self, kind, name):
        self.kind, self.name, self.values, self.groups = kind, name, {}, []

    def of(self, kind):
        return [group for group in self.groups if group.kind == kind]

    def text(self, key, default=""):
        return self.values.get(key, [default])[0]


_token = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s(){};:,"\\]+|[(){};:]', re.S)


def _parse(text):
    root = _Group("", "")
    stack, words, i = [root], [], 0
    tokens = _token.findall(text)
    count = len(tokens)
    while i < count:
        token = tokens[i]
        if token == "}":
            stack.pop()
        elif token == ":":
            key, value = words.pop(), []
            i += 1
            while tokens[i] not in ";}":
                if len(value) == 1 and i + 1 < count and tokens[i + 1] in (":", "("):
                    break
                value.append(tokens[i].strip('"'))
                i += 1
            stack[-1].values[key] = [" ".join(value)]
            words = []
            if tokens[i] != ";":
                i -= 1
        elif token == "(":
            key, values = words.pop(), []
            i += 1
            while tokens[i] != ")":
                values.append(tokens[i].strip('"'))
                i += 1
            if i + 1 < count and tokens[i + 1] == "{":
                group = _Group(key, " ".join(values))
                stack[-1].groups.append(group)
                stack.append(group)
                i += 1
            else:
                stack[-1].values[key] = values
            words = []
        elif token != ";":
            words.append(token)
        i += 1
    return root.groups[0]


def _numbers(texts):
    return [float(word) for text in texts for word in text.replace(",", " ").replace("\\", " ").split()]


def _table(group, templates):
    template = templates.get(group.name)
    axes = []
    for key in ("index_1", "index_2"):
        values = group.values.get(key) or (template.values.get(key) if template else None)
        axes.append(_numbers(values) if values else [0.0])
    rows = [_numbers([text]) for text in group.values["values"]]
    flat = [value for row in rows for value in row]
    if len(flat) == 1:
        return Table([0.0], [0.0], [flat])
    width = len(axes[1])
    rows = [flat[i : i + width] for i in range(0, len(flat), width)]
    first = template.text("variable_1") if template else ""
    if "capacitance" in first:
        if len(axes[1]) == 1:  # over the load alone
            return Table([0.0], axes[0], [[row[0] for row in rows]])
        axes.reverse()
        rows = [list(column) for column in zip(*rows)]
    return Table(axes[0], axes[1], rows)


_delays = ("cell_rise", "cell_fall", "rise_transition", "fall_transition")
_energies = ("rise_power", "fall_power", "power")


def _pin(group, templates, grounds):
    pin = Pin(group.text("direction") == "output", float(group.text("capacitance", "0")), group.text("function"),
              group.text("clock") == "true")
    for kind, names, arcs in (("timing", _delays, pin.timing), ("internal_power", _energies, pin.power)):
        for part in group.of(kind):
            if part.text("related_pg_pin") in grounds:
                continue  # the same energy, seen from the ground
            tables = {name: _table(part.of(name)[0], templates) for name in names if part.of(name)}
            if tables:
                arcs.append(Arc(part.text("related_pin"), part.text("timing_type", "combinational"),
                                part.text("timing_sense"), part.text("when"), tables))
    return pin


def _wires(root):
    loads = {group.name: group for group in root.of("wire_load")}
    load = loads.get(root.text("default_wire_load"))
    if load is None:
        return []
    per_length = float(load.text("capacitance"))
    lengths = {}
    for match in load.all_lengths:
        lengths[int(match[0])] = float(match[1])
    slope, last = float(load.text("slope")), max(lengths)
    return [0.0] + [per_length * (lengths[n] if n in lengths else lengths[last] + slope * (n - last)) for n in range(1, 200)]


def _scale(text, letters):
    number, unit = re.match(r"([\d.]+)([a-zA-Z]+)", text.replace(" ", "")).groups()
    return float(number) * letters[unit.lower()]


def read_library(path):
    """The library in a Liberty file."""
    with open(path) as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S).replace("\\\n", " ")
    root = _parse(text)
    for group in root.of("wire_load"):
        name = re.escape(group.name)
        body = re.search(r'wire_load *\( *"?' + name + r'"? *\) *\{(.*?)\}', text, re.S).group(1)
        group.all_lengths = re.findall(r"fanout_length *\( *(\d+) *, *([\d.]+)", body)
    templates = {group.name: group for kind in ("lu_table_template", "power_lut_template") for group in root.of(kind)}
    grounds = set(re.findall(r"voltage_map *\( *(\w+) *, *0(?:\.0+)? *\)", text))
    cells = {}
    for group in root.of("cell"):
        pins = {pin.name: _pin(pin, templates, grounds) for pin in group.of("pin")}
        flip_flops = group.of("ff")
        state = tuple(flip_flops[0].name.replace(",", " ").replace('"', " ").split()) if flip_flops else ()
        cells[group.name] = Cell(group.name, float(group.text("area", "0")), pins,
                                 flip_flops[0].text("next_state") if flip_flops else "", state)
    number, unit = root.values["capacitive_load_unit"][:2]
    return Library(cells, float(root.text("nom_voltage")), _scale(root.text("time_unit"), {"ns": 1e3, "ps": 1.0}),
                   float(number.rstrip(",")) * {"ff": 1.0, "pf": 1e3}[unit.lower()], _wires(root))


_function_token = re.compile(r"[A-Za-z_]\w*|[01]|[!'()&*|+^]")


class _Function:
    """A Liberty function over truth tables: complement before exclusive or, before and (`&`, `*` or nothing), before or."""

    def __init__(self, text, columns, mask):
        text = text.replace('"', " ")
        self.tokens, self.columns, self.mask = _function_token.findall(text), columns, mask
        if "".join(self.tokens) != re.sub(r"\s", "", text):
            raise ValueError(f"'{text}' is no Liberty function")
        self.at = 0

    def value(self):
        found = self._or()
        if self._next():
            raise ValueError(f"'{' '.join(self.tokens)}': '{self._next()}' stands where an operator is expected")
        return found

    def _next(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self):
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def _or(self):
        found = self._and()
        while self._next() in ("|", "+"):
            self._take()
            found |= self._and()
        return found

    def _and(self):
        found = self._exclusive_or()
        while self._next() not in ("", ")", "|", "+"):
            if self._next() in ("&", "*"):
                self._take()
            found &= self._exclusive_or()
        return found

    def _exclusive_or(self):
        found = self._complement()
        while self._next() == "^":
            self._take()
            found ^= self._complement()
        return found

    def _complement(self):
        token = self._take()
        if token == "!":
            return self.mask ^ self._complement()
        if token == "(":
            found = self._or()
            if self._take() != ")":
                raise ValueError(f"'{' '.join(self.tokens)}': a bracket is not closed")
        elif token in ("0", "1"):
            found = self.mask * int(token)
        elif token in self.columns:
            found = self.columns[token]
        else:
            raise ValueError(f"'{' '.join(self.tokens)}': '{token}' is no pin")
        while self._next() == "'":
            self._take()
            found ^= self.mask
        return found


def truth(function, inputs):
    """The truth table of a Liberty function as an integer: bit i is its value where input k is bit k of i."""
    size = 1 << len(inputs)
    columns = {name: sum(1 << i for i in range(size) if i >> k & 1) for k, name in enumerate(inputs)}
    return _Function(function, columns, (1 << size) - 1).value()
