"""What uniform fake quantisation costs the embedded network: evidence that the data set is hard enough.

    /usr/bin/python3 software/network/zoo/study_embedded.py DATA software/network/zoo/embedded_resnet.onnx

DATA is the folder of train_embedded.py. Prints correct test images for several widths, after training and, for low
widths, retrained. Needs Debian 12's python3-torch and python3-onnx.
"""

import argparse
import copy

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import torch.nn as nn
from torch.nn.utils.parametrize import register_parametrization

from train_embedded import SEED, ResNet, correct, load, train

RETRAIN_EPOCHS = 8
RETRAIN_RATE = 0.02
CALIBRATION_IMAGES = 256


class QuantizeWeights(nn.Module):
    """Symmetric, per output channel, the step of least squared error."""

    def __init__(self, bits):
        super().__init__()
        self.top = 2 ** (bits - 1) - 1

    def forward(self, weights):
        flat = weights.detach().reshape(len(weights), -1)
        largest = flat.abs().amax(1, keepdim=True).clamp_min(1e-8)
        best_step, best_error = None, None
        for ratio in np.linspace(0.3, 1.0, 15):
            step = largest * float(ratio) / self.top
            error = ((flat / step).round().clamp(-self.top, self.top) * step - flat).pow(2).sum(1, keepdim=True)
            if best_step is None:
                best_step, best_error = step, error
            else:
                best_step = torch.where(error < best_error, step, best_step)
                best_error = torch.minimum(error, best_error)
        step = best_step.reshape(-1, *[1] * (weights.dim() - 1))
        rounded = (weights / step).round().clamp(-self.top, self.top) * step
        return weights + (rounded - weights).detach()


class QuantizeActivations(nn.Module):
    """Unsigned, per tensor; learns its largest value, starting from the 99.9 % quantile of the first batch."""

    def __init__(self, bits):
        super().__init__()
        self.top = 2**bits - 1
        self.largest = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        if float(self.largest) == 0.0:
            self.largest.data = torch.quantile(x.detach().flatten()[::7][:1000000], 0.999).clamp_min(1e-3)
        clipped = torch.minimum(x, self.largest)
        step = self.largest / self.top
        return clipped + ((clipped / step).round() * step - clipped).detach()


def fake_quantize(model, weight_bits, activation_bits):
    """First and last layer keep 8-bit weights, as low-bit schemes do."""
    model = copy.deepcopy(model)
    for name, module in model.named_modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            inner = name.startswith("blocks")
            register_parametrization(
                module, "weight", QuantizeWeights(weight_bits if inner else 8)
            )
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.ReLU):
                setattr(module, name, nn.Sequential(child, QuantizeActivations(activation_bits)))
    return model


def load_model(path):
    initializers = onnx.load(path).graph.initializer
    tensors = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in initializers}
    model = ResNet()
    model.load_state_dict({name: tensors.get(name, value) for name, value in model.state_dict().items()})
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="folder with train.bin and test.bin")
    parser.add_argument("model", help="the ONNX file train_embedded.py wrote")
    arguments = parser.parse_args()

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    train_set = load(f"{arguments.data}/train.bin")
    test_set = load(f"{arguments.data}/test.bin")
    model = load_model(arguments.model)
    print(f"float: {correct(model, *test_set)} of {len(test_set[0])}", flush=True)
    for weight_bits, activation_bits in ((8, 8), (4, 8), (8, 4), (4, 4), (3, 3), (2, 8), (8, 2), (2, 2)):
        quantized = fake_quantize(model, weight_bits, activation_bits)
        quantized.eval()
        quantized(train_set[0][:CALIBRATION_IMAGES])
        line = f"weights {weight_bits}, activations {activation_bits}: {correct(quantized, *test_set)}"
        print(line + " after training", flush=True)
        if weight_bits + activation_bits <= 6:
            train(quantized, *train_set, RETRAIN_EPOCHS, RETRAIN_RATE)
            print(line.split(":")[0] + f": {correct(quantized, *test_set)} retrained", flush=True)


if __name__ == "__main__":
    main()
