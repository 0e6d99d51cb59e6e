#!/usr/bin/python3
"""Writes a float network in the manner of SqueezeNet, for CIFAR-10 pixels, with random weights, as ONNX.

    squeeze_like.py FILE.onnx [WIDTH]

A convolution, six fires (1 x 1, then 1 x 1 and 3 x 3 side by side, whose results are concatenated), three maximum pools,
a last convolution and the mean of its pixels. WIDTH (1) multiplies the channels; the same file for the same WIDTH. It has
no accuracy: software/compiler/README.md measures the cycles of its concatenations. Needs no package.
"""
import random
import struct
import sys

INTEGER, INTEGERS, FLOAT = 2, 7, 1  # of AttributeProto and TensorProto


def varint(number):
    number &= (1 << 64) - 1
    out = b""
    while True:
        low, number = number & 127, number >> 7
        out += bytes([low | (128 if number else 0)])
        if not number:
            return out


def field(index, value):
    """One field of a protocol buffer: a number, or what has a length."""
    if isinstance(value, int):
        return varint(index << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(index << 3 | 2) + varint(len(data)) + data


def fields(index, values):
    return b"".join(field(index, value) for value in values)


class Network:
    def __init__(self):
        self.nodes, self.tensors = [], []
        self.random = random.Random(7)

    def node(self, op, inputs, output, **attributes):
        encoded = []
        for name, value in attributes.items():
            if isinstance(value, int):
                encoded.append(field(1, name) + field(3, value) + field(20, INTEGER))
            else:
                encoded.append(field(1, name) + fields(8, value) + field(20, INTEGERS))
        self.nodes.append(fields(1, inputs) + field(2, output) + field(3, output) + field(4, op) + fields(5, encoded))
        return output

    def constant(self, name, shape, values):
        data = struct.pack("<%df" % len(values), *values)
        self.tensors.append(fields(1, shape) + field(2, FLOAT) + field(8, name) + field(9, data))
        return name

    def convolution(self, source, name, channels, outputs, window, relu=True):
        inputs = channels * window * window
        weights = [self.random.gauss(0, (2 / inputs) ** 0.5) for _ in range(inputs * outputs)]
        bias = [self.random.gauss(0, 0.05) for _ in range(outputs)]
        parameters = [
            self.constant(name + ".w", [outputs, channels, window, window], weights),
            self.constant(name + ".b", [outputs], bias),
        ]
        self.node("Conv", [source] + parameters, name + ".c" if relu else name, kernel_shape=[window] * 2,
                  pads=[window // 2] * 4, strides=[1, 1])
        return self.node("Relu", [name + ".c"], name) if relu else name

    def halve(self, source, name):
        return self.node("MaxPool", [source], name, kernel_shape=[2, 2], strides=[2, 2])

    def fire(self, source, name, channels, squeezed, expanded):
        inner = self.convolution(source, name + ".squeeze", channels, squeezed, 1)
        sides = [
            self.convolution(inner, name + ".expand1", squeezed, expanded, 1),
            self.convolution(inner, name + ".expand3", squeezed, expanded, 3),
        ]
        return self.node("Concat", sides, name, axis=1)

    def model(self):
        def value(name, shape):
            dimensions = fields(1, [field(1, size) for size in shape])
            return field(1, name) + field(2, field(1, field(1, FLOAT) + field(2, dimensions)))

        graph = (fields(1, self.nodes) + field(2, "squeezenet_like") + fields(5, self.tensors) +
                 field(11, value("input", [1, 3, 32, 32])) + field(12, value("logits", [1, 10])))
        return field(1, 8) + field(2, "lutra") + field(7, graph) + field(8, field(1, "") + field(2, 13))


def squeeze_like(width):
    net = Network()
    x = net.halve(net.convolution("input", "conv1", 3, 32 * width, 3), "pool1")
    x = net.fire(x, "fire2", 32 * width, 16 * width, 32 * width)
    x = net.halve(net.fire(x, "fire3", 64 * width, 16 * width, 32 * width), "pool3")
    x = net.fire(x, "fire4", 64 * width, 32 * width, 64 * width)
    x = net.halve(net.fire(x, "fire5", 128 * width, 32 * width, 64 * width), "pool5")
    x = net.fire(x, "fire6", 128 * width, 48 * width, 96 * width)
    x = net.fire(x, "fire7", 192 * width, 48 * width, 96 * width)
    x = net.convolution(x, "conv8", 192 * width, 10, 1, relu=False)
    net.node("GlobalAveragePool", [x], "gap")
    net.node("Flatten", ["gap"], "logits", axis=1)
    return net.model()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with open(sys.argv[1], "wb") as file:
        file.write(squeeze_like(int(sys.argv[2]) if len(sys.argv) == 3 else 1))
