"""Trains the residual network of the embedded data set and writes it as ONNX (opset 13, float, batch norm kept).

    cmake --build build/release --target lutra_export_embedded
    build/release/software/network/zoo/lutra_export_embedded /tmp/embedded
    /usr/bin/python3 software/network/zoo/train_embedded.py /tmp/embedded software/network/zoo/embedded_resnet.onnx

Needs Debian 12's python3-torch. One thread, so that the sums of a run are those of the next.
"""

import argparse
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

SEED = 20240611
SIDE = 16
CHANNELS = 3
CLASSES = 10
WIDTHS = (8, 16, 32)
BLOCKS = 2
BATCH = 64
EPOCHS = 40
PEAK_RATE = 0.1
WEIGHT_DECAY = 5e-4
MEAN = 0.5
DEVIATION = 0.25


class Block(nn.Module):
    """Two 3x3 convolutions; the shortcut subsamples and pads the channels (option A of CIFAR ResNets)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.stride = stride
        self.padding = (outputs - inputs) // 2

    def forward(self, x):
        skip = x
        if self.stride > 1:
            skip = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.padding, self.padding))
        x = self.relu1(self.bn1(self.conv1(x)))
        return self.relu2(self.bn2(self.conv2(x)) + skip)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(CHANNELS, WIDTHS[0], 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(WIDTHS[0])
        self.relu = nn.ReLU()
        blocks = []
        inputs = WIDTHS[0]
        for stage, outputs in enumerate(WIDTHS):
            for block in range(BLOCKS):
                blocks.append(Block(inputs, outputs, 2 if stage > 0 and block == 0 else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.linear = nn.Linear(inputs, CLASSES)

    def forward(self, x):
        x = self.blocks(self.relu(self.bn(self.conv(x))))
        return self.linear(torch.flatten(self.pool(x), 1))


def load(path):
    records = np.fromfile(path, np.uint8).reshape(-1, 1 + CHANNELS * SIDE * SIDE)
    images = torch.from_numpy(records[:, 1:].reshape(-1, CHANNELS, SIDE, SIDE).astype(np.float32))
    return (images / 255 - MEAN) / DEVIATION, torch.from_numpy(records[:, 0].astype(np.int64))


def augment(images):
    """A random flip and quarter turn per batch, a random order and sign of the colours per image: the class stays."""
    images = torch.rot90(images, int(torch.randint(4, (1,))), (2, 3))
    if torch.rand(1) < 0.5:
        images = images.flip(3)
    order = torch.stack([torch.randperm(CHANNELS) for _ in images])
    images = images.gather(1, order[:, :, None, None].expand_as(images))
    signs = torch.randint(0, 2, (len(images), CHANNELS, 1, 1)) * 2 - 1
    return images * signs


def train(model, images, labels, epochs, peak_rate):
    optimiser = torch.optim.SGD(model.parameters(), peak_rate, momentum=0.9, nesterov=True, weight_decay=WEIGHT_DECAY)
    steps = epochs * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak_rate, total_steps=steps, pct_start=0.2)
    start = time.time()
    for epoch in range(epochs):
        model.train()
        total = 0.0
        order = torch.randperm(len(images))
        for first in range(0, len(images) - BATCH + 1, BATCH):
            chosen = order[first : first + BATCH]
            optimiser.zero_grad()
            loss = F.cross_entropy(model(augment(images[chosen])), labels[chosen])
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss)
        if epoch % 5 == 4 or epoch == epochs - 1:
            loss = total / (len(images) // BATCH)
            print(f"epoch {epoch + 1}: loss {loss:.4f}, {time.time() - start:.0f} s", flush=True)


def correct(model, images, labels):
    model.eval()
    with torch.no_grad():
        chunks = zip(images.split(500), labels.split(500))
        return sum(int((model(chunk).argmax(1) == expected).sum()) for chunk, expected in chunks)


def export_pad(graph, x, pad, mode, value):
    """The default export computes the pads with a subgraph of constants; this writes them down."""
    widths = torch.onnx.symbolic_helper._maybe_get_const(pad, "is")
    widths = list(widths) + [0] * (8 - len(widths))
    pads = torch.tensor(widths[-2::-2] + widths[-1::-2])
    return graph.op("Pad", x, graph.op("Constant", value_t=pads), mode_s="constant")


def export(model, path):
    torch.onnx.register_custom_op_symbolic("aten::pad", export_pad, 13)
    torch.onnx.export(
        model.eval(),
        torch.zeros(1, CHANNELS, SIDE, SIDE),
        path,
        opset_version=13,
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        input_names=["input"],
        output_names=["logits"],
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="folder with train.bin and test.bin")
    parser.add_argument("output", help="the ONNX file to write")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    arguments = parser.parse_args()

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    train_set = load(f"{arguments.data}/train.bin")
    test_set = load(f"{arguments.data}/test.bin")
    model = ResNet()
    print(f"{sum(p.numel() for p in model.parameters())} parameters")
    train(model, *train_set, arguments.epochs, PEAK_RATE)
    for name, data in (("train", train_set), ("test", test_set)):
        print(f"correct: {correct(model, *data)} of {len(data[0])} {name}")
    export(model, arguments.output)


if __name__ == "__main__":
    main()
