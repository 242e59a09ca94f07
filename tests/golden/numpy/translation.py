"""numpy model translation: encoder-decoder, state handoff, feedback.

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


def _tokens(name: str, ids: Array, shape: tuple[int | None, ...], count: int) -> Array:
    """An input of token ids, (batch, *shape), each less than ``count``."""
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise ValueError(f"{name} should be integers, it is {ids.dtype}")
    _check_shape(name, ids, shape)
    if ids.size and not 0 <= ids.min() <= ids.max() < count:
        found = f"{ids.min()} to {ids.max()}"
        raise ValueError(f"{name} should be ids from 0 to {count - 1}, it is {found}")
    return ids


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


def _lstm(
    x: Array,
    w: Weights,
    name: str,
    state: State | None = None,
) -> tuple[Array, State]:
    """An LSTM (Hochreiter and Schmidhuber 1997): all h, and the last h and c."""
    weight, recurrent = w[f"{name}.weight_ih_l0"], w[f"{name}.weight_hh_l0"].T
    bias = w.get(f"{name}.bias_ih_l0", 0) + w.get(f"{name}.bias_hh_l0", 0)
    units = len(recurrent)
    # Only the state depends on the step before: what is read is projected at once.
    projected = _affine(x, weight, bias)

    def step(x: Array, state: State) -> State:
        h, c = state
        gates = x + h @ recurrent
        i, f, g, o = gates.reshape(-1, 4, units).swapaxes(0, 1)
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        return _sigmoid(o) * np.tanh(c), c

    if state is None:
        state = (np.zeros((len(x), units), x.dtype),) * 2
    return _scan(step, projected, state)


def _prompt(start: Array, axes: int) -> Array:
    """What is fed first, (batch, steps, ...): of a first step, a prompt of one."""
    start = np.asarray(start)
    start = start[:, None] if start.ndim == axes - 1 else start
    if 0 in start.shape[1:2]:
        raise ValueError("start should have at least one step")
    return start


def _choose_probable(
    probabilities: Array, temperature: float, random: np.random.Generator
) -> Array:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        ids: Array = probabilities.argmax(axis=-1)
        return ids
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities)
    # By the largest of logits with Gumbel noise an id has its probability.
    ids = (logits / temperature + random.gumbel(size=logits.shape)).argmax(axis=-1)
    return ids


class Translation:
    """Map sequences ``x`` and ``z`` to a sequence ``y``.

    It predicts with trained weights; see `load` and `predict`.

                    Y Y Y Y Y
                    | | | | |
        E-E-E-E-E-E-D-D-D-D-D
        | | | | | | | | | | |
        M M M M M M N N N N N
        | | | | | | | | | | |
        X X X X X X Z Z Z Z Z

        X = tokens(40)
        Z = tokens(50, feedback=Y)
        M = embedding(24)
        N = embedding(24)
        E = lstm(32, name=encoder)
        D = lstm(32, name=decoder)
        Y = dense(50, softmax)

    Shapes, without the batch:
        input x: (6,) int32
        input z: (5,) int32
        output y: (5, 50)
    """

    def __init__(self, weights: Weights) -> None:
        """Take the arrays of the PyTorch model's ``state_dict()``, by name.

        Raises:
            ValueError: arrays are missing, of other shapes, or not part of the model.
        """
        expected = {
            "embedding_m.weight": (40, 24),
            "embedding_n.weight": (50, 24),
            "encoder.weight_ih_l0": (128, 24),
            "encoder.weight_hh_l0": (128, 32),
            "encoder.bias_ih_l0": (128,),
            "encoder.bias_hh_l0": (128,),
            "decoder.weight_ih_l0": (128, 24),
            "decoder.weight_hh_l0": (128, 32),
            "decoder.bias_ih_l0": (128,),
            "decoder.bias_hh_l0": (128,),
            "dense_y.weight": (50, 32),
            "dense_y.bias": (50,),
        }
        check_weights(weights, expected)
        self.weights = weights

    def predict(self, x: Array, z: Array) -> Array:
        """Run the model on a batch.

        Args:
            x: ids from 0 to 39, (batch, 6).
            z: ids from 0 to 49, (batch, 5).

        Returns:
            y, (batch, 5, 50).

        Raises:
            ValueError: an input has another shape, or ids that are out of range.
        """
        w = self.weights
        x = _tokens("x", x, (6,), 40)
        z = _tokens("z", z, (5,), 50)
        embedding_m = w["embedding_m.weight"][x]
        embedding_n = w["embedding_n.weight"][z]
        _, encoder_state = _lstm(embedding_m, w, "encoder")
        decoder, _ = _lstm(embedding_n, w, "decoder", state=encoder_state)
        return _softmax(_dense(decoder, w, "dense_y"))

    def encode(self, x: Array) -> State:
        """What is computed once, whatever is generated."""
        w = self.weights
        embedding_m = w["embedding_m.weight"][x]
        _, encoder_state = _lstm(embedding_m, w, "encoder")
        return encoder_state

    def decode(self, z: Array, decoder_state: State) -> tuple[Array, State]:
        """The next steps, and the state behind them."""
        w = self.weights
        embedding_n = w["embedding_n.weight"][z]
        decoder, decoder_state = _lstm(embedding_n, w, "decoder", state=decoder_state)
        y = _softmax(_dense(decoder, w, "dense_y"))
        return y, decoder_state

    def generate(
        self,
        x: Array,
        *,
        start: Array,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        seed: int | None = None,
    ) -> Array:
        """Let the model run free: each step of ``y`` is the next ``z``.

        Args:
            x: ids, (batch, steps).
            start: the first ids, (batch,), or those of a prompt, (batch, steps).
            steps: how many ids to generate.
            temperature: 0 takes the most probable id, above it ids are drawn.
            stop: the id behind which a sample is filled with it.
            seed: draws the same again; without it ids differ from call to call.

        Returns:
            Ids, (batch, steps), without the prompt.

        Raises:
            ValueError: an argument has another shape, or values that are out of range.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        if temperature < 0:
            raise ValueError(f"temperature should be at least 0, it is {temperature}")
        x = _tokens("x", x, (6,), 40)
        decoder_state = self.encode(x)
        z = _tokens("start", _prompt(start, 2), (None,), 50)
        random = np.random.default_rng(seed)
        generated: list[Array] = []
        for _ in range(steps):
            y, decoder_state = self.decode(z, decoder_state)
            ids = _choose_probable(y[:, -1], temperature, random)
            if stop is not None and generated:
                ids = np.where(generated[-1] == stop, stop, ids)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            z = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return np.stack(generated, axis=1)


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


def load(path: str | Path) -> Translation:
    """The model with the weights in a file of safetensors.

    It is what ``safetensors.torch.save_file`` writes of the PyTorch model's
    ``state_dict()``, or ``seqdsl transfer`` of any trained model.

    Raises:
        ValueError: the file is damaged, or holds the weights of another model.
    """
    return Translation(load_weights(path))
