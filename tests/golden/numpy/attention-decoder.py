"""numpy model attention-decoder: encoder-decoder, attention, state handoff.

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


def attend(
    query: Array, keys: Array, values: Array, mask: Array | None = None
) -> Array:
    """Attention by dot products, to the steps that are true in ``mask``; zero if none is."""
    scores = query @ keys.swapaxes(-1, -2)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    peak = scores.max(axis=-1, keepdims=True)
    exp = np.exp(scores - np.where(np.isfinite(peak), peak, 0))
    total = exp.sum(axis=-1, keepdims=True)
    return exp / np.where(total == 0, 1, total) @ values


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
    state: State | None = None,
    **how: Any,
) -> tuple[Array, State]:
    """Run a cell with so many ``states`` in one direction, with PyTorch's weights."""
    hidden = w[f"{name}.weight_hh{end}"].T
    bias = w.get(f"{name}.bias_hh{end}", np.zeros(1, x.dtype))
    seen = x @ w[f"{name}.weight_ih{end}"].T + w.get(f"{name}.bias_ih{end}", 0)
    if state is None:
        state = (np.zeros((len(x), len(hidden)), x.dtype),) * states
    return run_steps(lambda x, state: step(x, state, hidden, bias), seen, state, **how)


def run_row(
    step: Step,
    states: int,
    x: Array,
    w: Weights,
    name: str,
    end: str = "_l0",
    state: list[State | None] | None = None,
    **how: Any,
) -> tuple[Array, list[State]]:
    """Run a cell: all its outputs, and its last state for each direction."""
    begin = state or [None, None]
    outputs, last = run_direction(step, states, x, w, name, end, begin[0], **how)
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


class AttentionDecoder:
    """The model.

                  Y   Y   Y
                  |   |   |
                  C   C   C
                 /|  /|  /|
        +-+-+---+-|-+-|-+ |
        | | |     |   |   |
        E-E-E-----D---D---D
        | | |     |   |   |
        X X X     Z   Z   Z

        X = input(8)
        Z = input(6)
        E = gru(16)
        D = gru(16)
        C = attention
        Y = dense(9, softmax)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """

    def __init__(self, weights: Weights) -> None:
        check_weights(
            weights,
            {
                "gru_e.weight_ih_l0": (48, 8),
                "gru_e.weight_hh_l0": (48, 16),
                "gru_e.bias_ih_l0": (48,),
                "gru_e.bias_hh_l0": (48,),
                "gru_d.weight_ih_l0": (48, 6),
                "gru_d.weight_hh_l0": (48, 16),
                "gru_d.bias_ih_l0": (48,),
                "gru_d.bias_hh_l0": (48,),
                "dense_y.weight": (9, 16),
                "dense_y.bias": (9,),
            },
        )
        self.weights = weights
        floats = [item.dtype for item in weights.values() if item.dtype.kind == "f"]
        self.dtype = np.result_type(*floats)

    def predict(self, x: Array, z: Array) -> Array:
        """The model's results for a batch."""
        w = self.weights
        x = np.asarray(x, self.dtype)
        z = np.asarray(z, self.dtype)
        gru_e, gru_e_state = run_gru(x, w, "gru_e")
        gru_d, _ = run_gru(z, w, "gru_d", state=gru_e_state)
        attention_c = attend(gru_d, gru_e, gru_e)
        dense_y = softmax(linear(attention_c, w, "dense_y"))
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


def load(path: str | Path) -> AttentionDecoder:
    """The model with the weights in a file of safetensors."""
    return AttentionDecoder(load_weights(path))
