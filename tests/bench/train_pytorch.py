"""Training steps of CIFAR ResNet-20 in plain PyTorch, batches of 128 images, to set beside train_bench.

    /usr/bin/python3 tests/bench/train_pytorch.py     # Debian 12: python3-torch

Prints images a second for float32 and for bfloat16 under autocast, with channels in the usual order and innermost, on one
thread and on two. Without data loading and augmentation, which train_bench includes.
"""

import time

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH = 128
STEPS = 12


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.padding = (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.padding:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.padding, self.padding))
        return F.relu(x + y)


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    inputs = 16
    for outputs in (16, 32, 64):
        for block in range(3):
            layers.append(Block(inputs, outputs, 2 if outputs != inputs else 1))
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def images_per_second(narrow, innermost, threads):
    torch.set_num_threads(threads)
    model = resnet20()
    images = torch.randn(BATCH, 3, 32, 32)
    labels = torch.randint(0, 10, (BATCH,))
    if innermost:
        model = model.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, nesterov=True)
    for step in range(STEPS + 3):
        if step == 3:
            start = time.time()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=narrow):
            outputs = model(images)
        optimiser.zero_grad()
        F.cross_entropy(outputs.float(), labels).backward()
        optimiser.step()
    return STEPS * BATCH / (time.time() - start)


for narrow in (False, True):
    for innermost in (False, True):
        for threads in (1, 2):
            name = ("bfloat16" if narrow else "float32") + (", channels innermost" if innermost else "")
            print(f"{name}, {threads} thread(s): {images_per_second(narrow, innermost, threads):.0f} images/s")
