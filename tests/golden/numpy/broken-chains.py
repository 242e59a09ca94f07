"""numpy model broken-chains: many-to-many aligned.

For inference, with numpy alone and the weights of the PyTorch model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Weights = Mapping[str, Array]
State = tuple[Array, ...]
Step = Callable[[Array, State, Array, Array], State]


def softmax(x: Array) -> Array:
    exp = np.exp(x - x.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


def linear(x: Array, w: Weights, name: str) -> Array:
    """An affine map of the last axis."""
    return x @ w[f"{name}.weight"].T + w.get(f"{name}.bias", 0)


def sigmoid(x: Array) -> Array:
    # Of large numbers exp would be infinite: it only sees negative ones.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def run_steps(
    cell: Callable[[Array, State], State],
    x: Array,
    state: State,
) -> tuple[Array, State]:
    """Run a cell over (batch, steps, features): all its outputs, and its last state."""
    outputs = np.zeros((*x.shape[:2], state[0].shape[-1]), x.dtype)
    steps = range(x.shape[1])
    for step in steps:
        state = cell(x[:, step], state)
        outputs[:, step] = state[0]
    return outputs, state


def run_direction(
    step: Step,
    states: int,
    x: Array,
    w: Weights,
    name: str,
    end: str = "_l0",
    **how: Any,
) -> tuple[Array, State]:
    """Run a cell with so many ``states`` in one direction, with PyTorch's weights."""
    hidden = w[f"{name}.weight_hh{end}"].T
    bias = w.get(f"{name}.bias_hh{end}", np.zeros(1, x.dtype))
    seen = x @ w[f"{name}.weight_ih{end}"].T + w.get(f"{name}.bias_ih{end}", 0)
    state = (np.zeros((len(x), len(hidden)), x.dtype),) * states
    return run_steps(lambda x, state: step(x, state, hidden, bias), seen, state, **how)


def run_row(
    step: Step,
    states: int,
    x: Array,
    w: Weights,
    name: str,
    end: str = "_l0",
    **how: Any,
) -> tuple[Array, list[State]]:
    """Run a cell: all its outputs, and its last state for each direction."""
    outputs, last = run_direction(step, states, x, w, name, end, **how)
    return outputs, [last]


def run_gru(
    x: Array,
    w: Weights,
    name: str,
    **how: Any,
) -> tuple[Array, list[State]]:
    """A GRU (Cho et al. 2014), its reset gate behind the matrix."""

    def step(x: Array, state: State, hidden: Array, bias: Array) -> State:
        (h,) = state
        r, z, n = np.split(x, 3, axis=-1)
        rh, zh, nh = np.split(h @ hidden + bias, 3, axis=-1)
        z = sigmoid(z + zh)
        return (z * h + (1 - z) * np.tanh(n + sigmoid(r + rh) * nh),)

    return run_row(step, 1, x, w, name, **how)


class BrokenChains:
    """The model.

        Y Y Y Y Y Y   dense(4, softmax)
        | | | | | |
        H-H-H H-H-H   gru(8)
        | | | | | |
        X X X X X X   input(5)

    Shapes, without the batch:
        input x: (6, 5) float32
        output y: (6, 4)
    """

    def __init__(self, weights: Weights) -> None:
        check_weights(
            weights,
            {
                "gru_h.weight_ih_l0": (24, 5),
                "gru_h.weight_hh_l0": (24, 8),
                "gru_h.bias_ih_l0": (24,),
                "gru_h.bias_hh_l0": (24,),
                "dense_y.weight": (4, 8),
                "dense_y.bias": (4,),
            },
        )
        self.weights = weights
        floats = [item.dtype for item in weights.values() if item.dtype.kind == "f"]
        self.dtype = np.result_type(*floats)

    def predict(self, x: Array) -> Array:
        """The model's results for a batch."""
        w = self.weights
        x = np.asarray(x, self.dtype)
        gru_h, _ = run_gru(x.reshape(-1, 3, 5), w, "gru_h")
        gru_h = gru_h.reshape(-1, 6, 8)
        dense_y = softmax(linear(gru_h, w, "dense_y"))
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


def load(path: str | Path) -> BrokenChains:
    """The model with the weights in a file of safetensors."""
    return BrokenChains(load_weights(path))
