"""numpy model causal-convolution: many-to-many aligned, convolutional.

For inference, with numpy alone and the weights of the PyTorch model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Weights = Mapping[str, Array]


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def conv(x: Array, w: Weights, name: str, stride: int = 1, dilation: int = 1) -> Array:
    """A convolution over (batch, steps, features)."""
    kernel = w[f"{name}.weight"]  # (filters, features, kernel)
    reach = (kernel.shape[2] - 1) * dilation + 1
    windows = np.lib.stride_tricks.sliding_window_view(x, reach, axis=1)
    windows = windows[:, ::stride, :, ::dilation]
    found = np.tensordot(windows, kernel, axes=((2, 3), (1, 2)))
    return found + w.get(f"{name}.bias", 0)


class CausalConvolution:
    """The model.

        Y Y Y Y Y Y   dense(16, relu)
        |/|/|/|/|/|
        X X X X X X   input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (6, 16)
    """

    def __init__(self, weights: Weights) -> None:
        check_weights(
            weights,
            {
                "dense_y.weight": (16, 8, 2),
                "dense_y.bias": (16,),
            },
        )
        self.weights = weights
        floats = [item.dtype for item in weights.values() if item.dtype.kind == "f"]
        self.dtype = np.result_type(*floats)

    def predict(self, x: Array) -> Array:
        """The model's results for a batch."""
        w = self.weights
        x = np.asarray(x, self.dtype)
        padded = np.pad(x, ((0, 0), (1, 0), (0, 0)))
        dense_y = relu(conv(padded, w, "dense_y"))
        return dense_y


def check_weights(weights: Weights, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse weights that are missing, of other shapes, or no part of the model."""
    missing = [name for name in shapes if name not in weights]
    extra = [name for name in weights if name not in shapes]
    wrong = [
        f"{name} is {weights[name].shape}, not {shape}"
        for name, shape in shapes.items()
        if name in weights and weights[name].shape != shape
    ]
    problems = [f"missing: {', '.join(missing)}"] if missing else []
    problems += [f"not in the model: {', '.join(extra)}"] if extra else []
    if problems + wrong:
        raise ValueError("; ".join(problems + wrong))


def load_weights(path: str | Path) -> dict[str, Array]:
    """The arrays in a file of safetensors."""
    types = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}
    data = Path(path).read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    values = data[begin:]
    weights = {}
    try:
        header = json.loads(data[8:begin])
        header.pop("__metadata__", None)
        for name, item in header.items():
            if item["dtype"] not in types:
                raise ValueError(f"{name}: numpy has no {item['dtype']}")
            start, end = item["data_offsets"]
            if not 0 <= start <= end <= len(values):
                raise ValueError(f"{name} is not within the file")
            array = np.frombuffer(values[start:end], types[item["dtype"]])
            weights[name] = array.reshape(item["shape"])
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"cannot read {path} as safetensors: {error}") from error
    return weights


def load(path: str | Path) -> CausalConvolution:
    """The model with the weights in a file of safetensors."""
    return CausalConvolution(load_weights(path))
