"""numpy model attention-decoder: encoder-decoder, attention, state handoff.

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


def _softmax(x: Array) -> Array:
    exp = np.exp(x - x.max(axis=-1, keepdims=True))
    result: Array = exp / exp.sum(axis=-1, keepdims=True)
    return result


def _affine(x: Array, weight: Array, bias: Array | int) -> Array:
    """``x @ weight.T + bias`` as one product; numpy would compute one a sample."""
    rows = x.reshape(-1, x.shape[-1]) @ weight.T + bias
    return rows.reshape(*x.shape[:-1], len(weight))


def _dense(x: Array, w: Weights, name: str) -> Array:
    """An affine map of the last axis."""
    return _affine(x, w[f"{name}.weight"], w.get(f"{name}.bias", 0))


def _attend(query: Array, keys: Array, values: Array) -> Array:
    """Attention by dot products (Luong et al. 2015)."""
    return _softmax(query @ keys.swapaxes(-1, -2)) @ values


def _scan(
    step: Callable[[Array, State], State],
    x: Array,
    state: State,
) -> tuple[Array, State]:
    """Run a cell over (batch, steps, features): all its outputs, and its last state."""
    outputs = np.empty((*x.shape[:2], state[0].shape[-1]), x.dtype)
    for t in range(x.shape[1]):
        state = step(x[:, t], state)
        outputs[:, t] = state[0]
    return outputs, state


def _gru(
    x: Array,
    w: Weights,
    name: str,
    state: State | None = None,
) -> tuple[Array, State]:
    """A GRU (Cho et al. 2014), reset after the product: all h, and the last."""
    weight, recurrent = w[f"{name}.weight_ih_l0"], w[f"{name}.weight_hh_l0"].T
    bias = w.get(f"{name}.bias_hh_l0", 0)
    units = len(recurrent)
    # Only the state depends on the step before: what is read is projected at once.
    projected = _affine(x, weight, w.get(f"{name}.bias_ih_l0", 0))

    def step(x: Array, state: State) -> State:
        (h,) = state
        r, z, n = x.reshape(-1, 3, units).swapaxes(0, 1)
        rh, zh, nh = (h @ recurrent + bias).reshape(-1, 3, units).swapaxes(0, 1)
        z = _sigmoid(z + zh)
        return (z * h + (1 - z) * np.tanh(n + _sigmoid(r + rh) * nh),)

    if state is None:
        state = (np.zeros((len(x), units), x.dtype),)
    return _scan(step, projected, state)


class AttentionDecoder:
    """Map sequences ``x`` and ``z`` to a sequence ``y``.

    It predicts with trained weights; see `load` and `predict`.

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
        """Take the arrays of the PyTorch model's ``state_dict()``, by name.

        Raises:
            ValueError: arrays are missing, of other shapes, or not part of the model.
        """
        expected = {
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
        }
        check_weights(weights, expected)
        self.weights = weights
        floats = [item.dtype for item in weights.values() if item.dtype.kind == "f"]
        self.dtype = np.result_type(*floats)

    def predict(self, x: Array, z: Array) -> Array:
        """Run the model on a batch.

        Args:
            x: numbers, (batch, 3, 8).
            z: numbers, (batch, 3, 6).

        Returns:
            y, (batch, 3, 9).

        Raises:
            ValueError: an input has another shape.
        """
        w = self.weights
        x = _vectors("x", x, (3, 8), self.dtype)
        z = _vectors("z", z, (3, 6), self.dtype)
        gru_e, gru_e_state = _gru(x, w, "gru_e")
        gru_d, _ = _gru(z, w, "gru_d", state=gru_e_state)
        attention_c = _attend(gru_d, gru_e, gru_e)
        return _softmax(_dense(attention_c, w, "dense_y"))


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


def load(path: str | Path) -> AttentionDecoder:
    """The model with the weights in a file of safetensors.

    It is what ``safetensors.torch.save_file`` writes of the PyTorch model's
    ``state_dict()``, or ``seqdsl transfer`` of any trained model.

    Raises:
        ValueError: the file is damaged, or holds the weights of another model.
    """
    return AttentionDecoder(load_weights(path))
