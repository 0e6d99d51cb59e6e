"""What is measured: elements, the data they see, and how many passes a word takes."""

from dataclasses import dataclass, replace

import words

DEFAULT_PIPELINE = 1  # of engine.pipeline
OTHER_PIPELINES = (0, 2, 3, 16)  # 16: a register behind every step

def _zoo(name):
    return f"quantized: cifar10_resnet20/{name}.onnx"


def _scheme(name, weight_bits):
    return f"scheme: {{name: {name}; weight_bits: {weight_bits}; activation_bits: 8; first_last_bits: 8}}"


@dataclass(frozen=True)
class Point:
    top: str
    parameters: dict
    weights: dict  # of drawn data
    network: str = ""  # the keys of a scenario that yield the network whose layers are the data
    kinds: tuple = ("integers",)  # of the weights of the layers that count
    passes: int = 1
    ternary: bool = False  # activations are -1, 0, 1

    def __post_init__(self):
        self.parameters.setdefault("PIPELINE", DEFAULT_PIPELINE)

    @property
    def activation_bits(self):
        return self.parameters["ACTIVATION_BITS"]

    def with_pipeline(self, depth):
        return replace(self, parameters={**self.parameters, "PIPELINE": depth})


def _mac(lanes, activation_bits, weight_bits, network=""):
    return Point("mac_element", {"LANES": lanes, "ACTIVATION_BITS": activation_bits, "WEIGHT_BITS": weight_bits,
                                 "ACCUMULATOR_BITS": 24}, words.integers(weight_bits), network)


def _gated(lanes, activation_bits, network=""):
    return Point("gated_element", {"LANES": lanes, "ACTIVATION_BITS": activation_bits, "ACCUMULATOR_BITS": 24}, words.TERNARY,
                 network, ("ternary",))


def _popcount(lanes, network=""):
    return Point("popcount_element", {"LANES": lanes, "ACTIVATION_BITS": 2, "ACCUMULATOR_BITS": 24}, words.TERNARY, network,
                 ("ternary",), ternary=True)


def _power(lanes, activation_bits, network="", gating=1):
    return Point("power_of_two_element", {"LANES": lanes, "TERMS": 1, "ACTIVATION_BITS": activation_bits, "WEIGHT_BITS": 8,
                                          "ACCUMULATOR_BITS": 24, "ZERO_GATING": gating}, words.POWERS, network, ("powers",))


def _sub_filters(lanes, activation_bits, network="", gating=1):
    return Point("sub_filters_element", {"LANES": lanes, "PARALLEL": 2, "ACTIVATION_BITS": activation_bits, "ACCUMULATOR_BITS": 24,
                                         "ZERO_GATING": gating}, words.SUB_FILTERS, network, ("planes",))


def _serial(lanes, activation_bits, weight_bits, pairs, network=""):
    return Point("serial_element", {"PAIRS": pairs, "LANES": lanes, "ACTIVATION_BITS": activation_bits, "WEIGHT_BITS": 8,
                                    "ACCUMULATOR_BITS": 24}, words.integers(weight_bits), network,
                 passes=weight_bits * (activation_bits if pairs else 1))


def _tables(lanes, activation_bits, weight_bits, network=""):
    return Point("lut_element", {"ROWS": 4, "LANES": lanes, "GROUP": 4, "HALF": 0, "ACTIVATION_BITS": activation_bits,
                                 "WEIGHT_BITS": weight_bits, "ACCUMULATOR_BITS": 24}, words.integers(weight_bits), network,
                 passes=weight_bits)


def _codebook(lanes, network=""):
    return Point("lut_codebook_element", {"LANES": lanes, "ACTIVATION_BITS": 8, "WEIGHT_BITS": 8, "CODEBOOK_BITS": 4,
                                          "ACCUMULATOR_BITS": 24}, words.CODEBOOK, network, ("codebook",))


W8A8 = _scheme("uniform", 8)

_POINTS = {
    "mac": [_mac(16, 8, 8, W8A8), _mac(4, 8, 8, W8A8), _mac(16, 4, 4, _zoo("uniform_w4a4")), _mac(4, 4, 4, _zoo("uniform_w4a4")),
            _mac(16, 2, 2, _zoo("uniform_w2a2")), _mac(16, 8, 4)],
    "ternary": [_gated(16, 8, _zoo("twn_a8")), _gated(4, 8, _zoo("twn_a8")), _gated(16, 4), _popcount(16, _zoo("sttn_ternary")),
                _popcount(64, _zoo("sttn_ternary"))],
    "shift_add": [_power(16, 8, _scheme("power_of_two", 4)), _power(4, 8, _scheme("power_of_two", 4)),
                  _power(16, 8, _scheme("power_of_two", 4), 0), _power(16, 4),
                  _sub_filters(16, 8, _zoo("aptq_a8")), _sub_filters(4, 8, _zoo("aptq_a8")),
                  _sub_filters(16, 8, _zoo("aptq_a8"), 0), _sub_filters(16, 4)],
    "bit_serial": [_serial(16, 8, 8, 0, W8A8), _serial(4, 8, 8, 0, W8A8), _serial(16, 4, 4, 0, _zoo("uniform_w4a4")),
                   _serial(16, 2, 2, 1, _zoo("uniform_w2a2")), _serial(64, 2, 2, 1, _zoo("uniform_w2a2"))],
    "lut": [_tables(16, 4, 4, _zoo("uniform_w4a4")), _tables(16, 8, 8, W8A8), _codebook(16, _scheme("codebook", 4)),
            _codebook(4, _scheme("codebook", 4))],
}


def _with_depths(family):
    """The family's points, and the first of each element at other depths of the pipeline."""
    first = {(point.top, point.parameters.get("PAIRS")): point for point in reversed(family)}
    return family + [point.with_pipeline(depth) for point in first.values() for depth in OTHER_PIPELINES]


POINTS = {name: _with_depths(family) for name, family in _POINTS.items()}
