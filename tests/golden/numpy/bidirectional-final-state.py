"""numpy model bidirectional-final-state: many-to-one, bidirectional.

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


def sigmoid(x: Array) -> Array:
    # Of large numbers exp would be infinite: it only sees negative ones.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def linear(x: Array, w: Weights, name: str) -> Array:
    """An affine map of the last axis."""
    return x @ w[f"{name}.weight"].T + w.get(f"{name}.bias", 0)


def run_steps(
    cell: Callable[[Array, State], State],
    x: Array,
    state: State,
    backward: bool = False,
) -> tuple[Array, State]:
    """Run a cell over (batch, steps, features): all its outputs, and its last state."""
    outputs = np.zeros((*x.shape[:2], state[0].shape[-1]), x.dtype)
    steps = range(x.shape[1])
    for step in reversed(steps) if backward else steps:
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
    bidirectional: bool = False,
    **how: Any,
) -> tuple[Array, list[State]]:
    """Run a cell: all its outputs, and its last state for each direction."""
    outputs, last = run_direction(step, states, x, w, name, end, **how)
    if not bidirectional:
        return outputs, [last]
    how["backward"] = True
    end = f"{end}_reverse"
    second, other = run_direction(step, states, x, w, name, end, **how)
    return np.concatenate([outputs, second], axis=-1), [last, other]


def run_lstm(
    x: Array,
    w: Weights,
    name: str,
    **how: Any,
) -> tuple[Array, list[State]]:
    """An LSTM (Hochreiter and Schmidhuber 1997); its state is h and c."""

    def step(x: Array, state: State, hidden: Array, bias: Array) -> State:
        h, c = state
        i, f, g, o = np.split(x + h @ hidden + bias, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    return run_row(step, 2, x, w, name, **how)


class BidirectionalFinalState:
    """The model.

                    Y   dense(1, sigmoid)
                    |
        B=B=B=B=B---+
        | | | | |
        X X X X X

        B = lstm(16)
        X = input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (1,)
    """

    def __init__(self, weights: Weights) -> None:
        check_weights(
            weights,
            {
                "lstm_b.weight_ih_l0": (64, 8),
                "lstm_b.weight_hh_l0": (64, 16),
                "lstm_b.bias_ih_l0": (64,),
                "lstm_b.bias_hh_l0": (64,),
                "lstm_b.weight_ih_l0_reverse": (64, 8),
                "lstm_b.weight_hh_l0_reverse": (64, 16),
                "lstm_b.bias_ih_l0_reverse": (64,),
                "lstm_b.bias_hh_l0_reverse": (64,),
                "dense_y.weight": (1, 32),
                "dense_y.bias": (1,),
            },
        )
        self.weights = weights
        floats = [item.dtype for item in weights.values() if item.dtype.kind == "f"]
        self.dtype = np.result_type(*floats)

    def predict(self, x: Array) -> Array:
        """The model's results for a batch."""
        w = self.weights
        x = np.asarray(x, self.dtype)
        _, lstm_b_state = run_lstm(x, w, "lstm_b", bidirectional=True)
        lstm_b_final = np.concatenate([lstm_b_state[0][0], lstm_b_state[1][0]], axis=-1)
        dense_y = sigmoid(linear(lstm_b_final, w, "dense_y"))
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


def load(path: str | Path) -> BidirectionalFinalState:
    """The model with the weights in a file of safetensors."""
    return BidirectionalFinalState(load_weights(path))
