"""numpy model bidirectional-final-state: many-to-one, bidirectional.

For inference: it needs numpy alone, and the weights of the PyTorch model.
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


def _check_shape(name: str, x: Array, shape: tuple[int | None, ...]) -> None:
    """Refuse an input of another shape than (batch, *shape); None is any number."""
    sizes = zip(x.shape[1:], shape)
    if x.ndim != 1 + len(shape) or any(size not in (None, n) for n, size in sizes):
        expected = ", ".join(["batch", *map(str, shape)])
        raise ValueError(f"{name} should have the shape ({expected}), it has {x.shape}")


def _vectors(
    name: str, x: Array, shape: tuple[int | None, ...], dtype: np.dtype[Any]
) -> Array:
    """An input of numbers, (batch, *shape)."""
    x = np.asarray(x, dtype)
    _check_shape(name, x, shape)
    return x


def _sigmoid(x: Array) -> Array:
    # 1 / (1 + exp(-x)), without its overflow.
    return 0.5 * np.tanh(0.5 * x) + 0.5


def _affine(x: Array, weight: Array, bias: Array | int) -> Array:
    """``x @ weight.T + bias`` as one product; numpy would compute one a sample."""
    rows = x.reshape(-1, x.shape[-1]) @ weight.T + bias
    return rows.reshape(*x.shape[:-1], len(weight))


def _dense(x: Array, w: Weights, name: str) -> Array:
    """An affine map of the last axis."""
    return _affine(x, w[f"{name}.weight"], w.get(f"{name}.bias", 0))


def _scan(
    step: Callable[[Array, State], State],
    x: Array,
    state: State,
    backward: bool,
) -> tuple[Array, State]:
    """Run a cell over (batch, steps, features): all its outputs, and its last state."""
    outputs = np.empty((*x.shape[:2], state[0].shape[-1]), x.dtype)
    steps = range(x.shape[1])
    for t in reversed(steps) if backward else steps:
        state = step(x[:, t], state)
        outputs[:, t] = state[0]
    return outputs, state


def _lstm(
    x: Array,
    w: Weights,
    name: str,
    suffix: str = "_l0",
    backward: bool = False,
) -> tuple[Array, State]:
    """An LSTM (Hochreiter and Schmidhuber 1997): all h, and the last h and c."""
    weight, recurrent = w[f"{name}.weight_ih{suffix}"], w[f"{name}.weight_hh{suffix}"].T
    bias = w.get(f"{name}.bias_ih{suffix}", 0) + w.get(f"{name}.bias_hh{suffix}", 0)
    units = len(recurrent)
    # Only the state depends on the step before: what is read is projected at once.
    projected = _affine(x, weight, bias)

    def step(x: Array, state: State) -> State:
        h, c = state
        gates = x + h @ recurrent
        i, f, g, o = gates.reshape(-1, 4, units).swapaxes(0, 1)
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        return _sigmoid(o) * np.tanh(c), c

    state = (np.zeros((len(x), units), x.dtype),) * 2
    return _scan(step, projected, state, backward)


def _bidirectional(
    layer: Callable[..., tuple[Array, State]],
    x: Array,
    w: Weights,
    name: str,
    suffix: str = "_l0",
) -> tuple[Array, tuple[State, State]]:
    """Run a layer in both directions: outputs side by side, and both last states."""
    forward, last = layer(x, w, name, suffix)
    backward, first = layer(x, w, name, suffix + "_reverse", backward=True)
    return np.concatenate([forward, backward], axis=-1), (last, first)


class BidirectionalFinalState:
    """Map a sequence ``x`` to a vector ``y``.

    It predicts with trained weights; see `load` and `predict`.

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
        """Take the arrays of the PyTorch model's ``state_dict()``, by name.

        Raises:
            ValueError: arrays are missing, of other shapes, or not part of the model.
        """
        expected = {
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
        }
        check_weights(weights, expected)
        self.weights = weights
        floats = [item.dtype for item in weights.values() if item.dtype.kind == "f"]
        self.dtype = np.result_type(*floats)

    def predict(self, x: Array) -> Array:
        """Run the model on a batch.

        Args:
            x: numbers, (batch, 5, 8).

        Returns:
            y, (batch, 1).

        Raises:
            ValueError: an input has another shape.
        """
        w = self.weights
        x = _vectors("x", x, (5, 8), self.dtype)
        _, lstm_b_state = _bidirectional(_lstm, x, w, "lstm_b")
        lstm_b_final = np.concatenate([lstm_b_state[0][0], lstm_b_state[1][0]], axis=-1)
        return _sigmoid(_dense(lstm_b_final, w, "dense_y"))


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
    """The arrays in a file of safetensors, by name.

    Raises:
        ValueError: the file is damaged, or has a type of numbers that numpy lacks.
    """
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
    """The model with the weights in a file of safetensors.

    It is what ``safetensors.torch.save_file`` writes of the PyTorch model's
    ``state_dict()``, or ``seqdsl transfer`` of any trained model.

    Raises:
        ValueError: the file is damaged, or holds the weights of another model.
    """
    return BidirectionalFinalState(load_weights(path))
