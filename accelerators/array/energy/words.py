"""Words of activations and weights as a processing element sees them: drawn, or from the layers of a network."""

import json
import math
import random
from dataclasses import dataclass


@dataclass
class Layer:
    activation_bits: int
    activation_signed: bool
    weights: dict  # kind and its parameters, as tests/bench/layer_words.cpp prints them
    words: list  # [activations, weight values], or None where a dot product ends


DOT_PRODUCT_WORDS = 9  # of drawn words: 144 products of 16 lanes, a 3 x 3 window of 16 channels

TERNARY = {"kind": "ternary"}
POWERS = {"kind": "powers", "terms": [[0, 1, 2, 3, 4, 5, 6]]}
SUB_FILTERS = {"kind": "planes", "alphabets": [0, 0], "coefficients": [1, 2]}
CODEBOOK = {"kind": "codebook", "bits": 4, "table": [-127 + 17 * i for i in range(16)]}


def integers(bits):
    return {"kind": "integers", "bits": bits}


def _values(weights):
    kind = weights["kind"]
    if kind == "integers":
        return list(range(-(1 << weights["bits"] - 1), 1 << weights["bits"] - 1))
    if kind == "ternary":
        return [-1, 0, 1]
    if kind == "powers":
        return [0] + [sign << exponent if sign > 0 else -(1 << exponent) for exponent in weights["terms"][0] for sign in (1, -1)]
    if kind == "codebook":
        return weights["table"]
    sums = [0]
    for alphabet, coefficient in zip(weights["alphabets"], weights["coefficients"]):
        sums = [before + letter * coefficient for before in sums for letter in ((-1, 1), (0, 1), (0, -1))[alphabet]]
    return sums


# Largest value of a bell-shaped quantity in standard deviations, by bits: where clipping and rounding err least together (Banner,
# Nahshan, Hoffer and Soudry, "Post training 4-bit quantization of convolutional networks", NeurIPS 2019, for a Gaussian).
CLIPPED_AT = {1: 1.24, 2: 1.71, 3: 2.15, 4: 2.55, 5: 2.93, 6: 3.28, 7: 3.61, 8: 3.92, 9: 4.23}


def _bell(draw, largest, bits):
    return abs(min(draw.gauss(0, largest / CLIPPED_AT[bits]), largest, key=abs))


def _bell_weight(draw, choices):
    """The choice nearest to a bell-shaped value; any where there are but three."""
    if len(choices) == 3:
        return draw.choice(choices)
    largest = max(choices)  # of integers the lowest has no counterpart and is not used
    drawn = _bell(draw, largest, math.ceil(math.log2(len(choices)))) * draw.choice((-1, 1))
    return min(choices, key=lambda value: abs(value - drawn))


def bell(lanes, activation_bits, weights, count, seed, zeros, ternary=False):
    """Bell-shaped weights, and activations that are the positive half of a bell and, as to a share of `zeros`, zero."""
    draw = random.Random(seed)
    choices = _values(weights)
    largest = (1 << activation_bits) - 1

    def activation():
        if draw.random() < zeros:
            return 0
        return draw.choice((-1, 1)) if ternary else max(round(_bell(draw, largest, activation_bits + 1)), 1)

    words = [None if i % (DOT_PRODUCT_WORDS + 1) == DOT_PRODUCT_WORDS else
             [[activation() for _ in range(lanes)], [_bell_weight(draw, choices) for _ in range(lanes)]] for i in range(count)]
    return [Layer(activation_bits, ternary, weights, words)]


def uniform(lanes, activation_bits, weights, count, seed, zeros=None, repeats=0.0, ternary=False):
    """Independent values. `zeros`: the share of activations that are zero (None: as it falls); `repeats`: of those that
    stay as they were in the word before."""
    draw = random.Random(seed)
    choices = _values(weights)
    words, last = [], [0] * lanes
    for i in range(count):
        if i % (DOT_PRODUCT_WORDS + 1) == DOT_PRODUCT_WORDS:
            words.append(None)
            continue
        for lane in range(lanes):
            if draw.random() < repeats:
                continue
            if ternary:
                last[lane] = draw.choice((-1, 1)) if zeros is not None else draw.choice((-1, 0, 1))
            else:
                last[lane] = draw.randrange(1 if zeros is not None else 0, 1 << activation_bits)
            if zeros is not None and draw.random() < zeros:
                last[lane] = 0
        words.append([list(last), [draw.choice(choices) for _ in range(lanes)]])
    return [Layer(activation_bits, ternary, weights, words)]


def of_network(path, kinds, bits):
    """The layers that `layer_words` printed whose weights are of a kind and whose activations fit `bits`; first and last
    layer, whose widths are others', are left out."""
    layers = []
    with open(path) as file:
        for line in file:
            layer = json.loads(line)
            layers.append(Layer(layer["activation_bits"], layer["activation_signed"], layer["weights"], layer["words"]))
    kept = [layer for layer in layers[1:-1] if layer.weights["kind"] in kinds and layer.activation_bits <= bits]
    if not kept:
        raise ValueError(f"{path}: no layer of {kinds} with activations of {bits} bits")
    return kept


def statistics(layers):
    """Shares of the lane-words: activation zero, weight zero, both other than zero, activation as in the word before."""
    count = zero = weight_zero = pairs = same = 0
    for layer in layers:
        before = None
        for word in layer.words:
            if word is None:
                continue
            for lane, (activation, weight) in enumerate(zip(*word)):
                count += 1
                zero += activation == 0
                weight_zero += weight == 0
                pairs += activation != 0 and weight != 0
                same += before is not None and before[lane] == activation
            before = word[0]
    return {"zeros": zero / count, "weight_zeros": weight_zero / count, "pairs": pairs / count, "repeats": same / count}
