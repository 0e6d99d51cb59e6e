"""What the elements' ports see, cycle by cycle: one function per module, from the words of words.py."""

import itertools


def _pack(values, bits):
    word = 0
    for lane, value in enumerate(values):
        word |= (value & ((1 << bits) - 1)) << lane * bits
    return word


def _turn(ports, turn):
    ports.update(turn_around=turn, clear=turn, accumulate=not turn, weight_read=not turn, activation_read=not turn)
    return ports


def mac(parameters, layers):
    for layer in layers:
        yield from _products(parameters, layer, lambda value: value)


def codebook(parameters, layers):
    w, lanes = parameters["WEIGHT_BITS"], parameters["LANES"]
    bytes_per_word = (lanes * w + 7) // 8
    for layer in layers:
        table = layer.weights["table"]
        for first in range(0, len(table), bytes_per_word):
            yield {"fill": 1, "fill_word": first // bytes_per_word, "weight_word": _pack(table[first : first + bytes_per_word], 8)}
        codes = {value: code for code, value in enumerate(table)}  # a lane beyond the dot product may have any code
        for ports in _products(parameters, layer, lambda value: codes.get(value, 0)):
            yield {**ports, "from_table": 1, "fill": 0, "fill_word": 0}


def _products(parameters, layer, code):
    ports = {"activation_signed": layer.activation_signed, "weight_signed": 1, "weight_digit": 0, "activation_digit": 0}
    for word in layer.words:
        ports = _turn(dict(ports), word is None)
        if word is not None:
            ports.update(activation_word=_pack(word[0], parameters["ACTIVATION_BITS"]),
                         weight_word=_pack([code(value) for value in word[1]], parameters["WEIGHT_BITS"]))
        yield ports


def gated(parameters, layers):
    for layer in layers:
        ports = {"activation_signed": layer.activation_signed, "weight_codes": 1, "top_plane": 0, "doubles": 0}
        for word in layer.words:
            ports = _turn(dict(ports), word is None)
            if word is not None:
                ports.update(activation_word=_pack(word[0], parameters["ACTIVATION_BITS"]), weight_word=_pack(_codes(word[1]), 2))
            yield ports


def popcount(parameters, layers):
    for layer in layers:
        ports = {"weight_codes": 1, "activation_codes": 1, "top_plane": 0, "doubles": 0, "activation_bit": 0, "activation_negative": 0}
        for word in layer.words:
            ports = _turn(dict(ports), word is None)
            if word is not None:
                ports.update(activation_word=_pack(_codes(word[0]), parameters["ACTIVATION_BITS"]),
                             weight_word=_pack(_codes(word[1]), 2))
            yield ports


def _codes(values):
    return [(value != 0) | (value < 0) << 1 for value in values]


def _letters(weights):
    """Bits of the planes by the value they make."""
    bits = {}
    planes = list(zip(weights["alphabets"], weights["coefficients"]))
    for choice in itertools.product((0, 1), repeat=len(planes)):
        value = sum(coefficient * ((-1, 1), (0, 1), (0, -1))[alphabet][bit] for bit, (alphabet, coefficient) in zip(choice, planes))
        bits.setdefault(value, sum(bit << k for k, bit in enumerate(choice)))
    return bits


def sub_filters(parameters, layers):
    parallel = parameters["PARALLEL"]
    for layer in layers:
        letters = _letters(layer.weights)
        coefficients = [(abs(c).bit_length() - 1 if c else 7) | (8 if c < 0 else 0) for c in layer.weights["coefficients"]]
        ports = {"alphabets": _pack(layer.weights["alphabets"], 2), "table_word": _pack(coefficients, 4),
                 "activation_signed": layer.activation_signed, "reset": 0}
        yield {**ports, "header": 1}
        yield {**ports, "header": 0, "table_turn_around": 1}
        for word in layer.words:
            ports = _turn({**ports, "header": 0, "table_turn_around": 0}, word is None)
            if word is not None:
                ports.update(activation_word=_pack(word[0], parameters["ACTIVATION_BITS"]),
                             weight_word=_pack([letters[value] for value in word[1]], parallel))
            yield ports


def power_of_two(parameters, layers):
    for layer in layers:
        exponents = layer.weights["terms"][0]
        codes = {0: 0}
        for i, exponent in enumerate(exponents):
            codes[1 << exponent], codes[-(1 << exponent)] = (i + 1) << 1, (i + 1) << 1 | 1
        ports = {"first_index": 0, "kind": 2, "choice_bits": len(exponents).bit_length(),
                 "exponents": _pack(exponents + [7] * (14 - len(exponents)), 3), "activation_signed": layer.activation_signed}
        for word in layer.words:
            ports = _turn(dict(ports), word is None)
            if word is not None:
                ports.update(activation_word=_pack(word[0], parameters["ACTIVATION_BITS"]),
                             weight_word=_pack([codes[value] for value in word[1]], parameters["WEIGHT_BITS"]))
            yield ports


def serial(parameters, layers):
    pairs = parameters.get("PAIRS", 0)
    for layer in layers:
        bits = layer.weights["bits"]
        for word in layer.words:
            ports = {"activation_signed": layer.activation_signed, "plane": 0, "shift": 0, "negative": 0}
            if word is None:
                yield _turn(ports, 1)
                continue
            for first, (x, w) in enumerate(itertools.product(range(layer.activation_bits if pairs else 1), range(bits))):
                ports = _turn(ports, 0)
                ports.update(activation_word=_pack(word[0], parameters["ACTIVATION_BITS"]), activation_read=first == 0,
                             weight_word=_pack([value >> w for value in word[1]], 1), plane=x, shift=x + w, negative=w == bits - 1)
                yield dict(ports)


def tables(parameters, layers):
    rows = parameters["ROWS"]
    for layer in layers:
        bits = layer.weights["bits"]
        for word in layer.words:
            ports = {"activation_signed": layer.activation_signed, "build": 0, "first_plane": 0}
            if word is None:
                yield _turn(ports, 1)
                continue
            # the weights of a row are those of the first, turned: rows of one layer have one distribution
            turned = [word[1][row:] + word[1][:row] for row in range(rows)]
            for plane in reversed(range(bits)):
                ports = _turn(ports, 0)
                first = plane == bits - 1
                ports.update(activation_word=_pack(word[0], parameters["ACTIVATION_BITS"]), activation_read=first,
                             build=plane == max(0, bits - 2), first_plane=first, accumulate=plane == 0,
                             weight_word=_pack([value >> plane for row in turned for value in row], 1))
                yield dict(ports)


def idle(cycles, words_before):
    """The last of `words_before`, held: nothing is read, nothing accumulates."""
    ports = {}
    for ports in words_before:
        yield ports
    held = {**ports, "weight_read": 0, "activation_read": 0, "accumulate": 0, "clear": 0, "turn_around": 0, "build": 0}
    for _ in range(cycles):
        yield dict(held)


DRIVERS = {"mac_element": mac, "lut_codebook_element": codebook, "gated_element": gated, "popcount_element": popcount,
           "sub_filters_element": sub_filters, "power_of_two_element": power_of_two, "serial_element": serial, "lut_element": tables}


def write(path, netlist, cycles):
    """Writes the cycles for simulate.cpp and yields the share of those that turn around. A port that the netlist lacks is left out; one that no cycle names is an error."""
    named, lines, turns, values = set(), 0, 0, {}
    with open(path, "w") as file:
        for cycle in cycles:
            values.update(cycle)
            named |= cycle.keys()
            text = []
            for port, nets in netlist.ports.items():
                value = int(values.get(port, 0))
                text.append(format(value & ((1 << len(nets)) - 1), f"0{len(nets)}b")[::-1])
            file.write("".join(text) + "\n")
            lines += 1
            turns += bool(values.get("turn_around"))
    missing = netlist.ports.keys() - named - {"clk"}
    if missing:
        raise ValueError(f"no cycle sets {', '.join(sorted(missing))}: accelerators/array/energy/drive.py")
    return turns / lines
