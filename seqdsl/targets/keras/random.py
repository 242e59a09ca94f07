"""Keras's random draws → numbers of ours, whatever its backend."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import keras
import numpy as np

# All layers, and `keras.random`, draw from this module; there is no public name for it.
from keras.src.backend import random as backend_random

from seqdsl.runtime.controlled import normal
from seqdsl.runtime.noise import gumbel_noise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.runtime.controlled import Draws
    from seqdsl.runtime.noise import Array


@contextmanager
def controlled(draws: Draws) -> Iterator[None]:
    """Whatever is drawn within the block are numbers of ``draws``."""

    def dropout(
        inputs: Any, rate: Any, noise_shape: Sequence[int | None] | None = None, seed: Any = None
    ) -> Any:
        shape = _shape(inputs, noise_shape)
        # While a functional model is built, the batch has no size yet: nothing is drawn.
        if shape is None or not 0 < float(rate) < 1:
            return original(inputs, rate, noise_shape, seed)
        kept = draws.uniform(shape, float(rate)) < 1 - float(rate)
        return inputs * keras.ops.convert_to_tensor(kept / (1 - float(rate)), inputs.dtype)

    def uniform(
        shape: Any, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, **_: Any
    ) -> Any:
        numbers = keras.ops.convert_to_tensor(
            draws.uniform(tuple(map(int, shape))), dtype or keras.config.floatx()
        )
        return minval + (maxval - minval) * numbers

    original = backend_random.dropout
    with ExitStack() as stack:
        stack.enter_context(patch.object(backend_random, "dropout", dropout))
        stack.enter_context(patch.object(backend_random, "uniform", uniform))
        stack.enter_context(sampled())
        if keras.backend.backend() == "tensorflow":
            _control_tensorflow(stack, draws)
        yield


@contextmanager
def sampled(*, ids: bool = True) -> Iterator[None]:
    """What is sampled within the block is drawn by `seqdsl.runtime.noise`; what dropout loses stays random."""
    with ExitStack() as stack:
        for name, made in _SAMPLING.items():
            # Generated rows add Gumbel numbers; `generate` alone asks for an id by its probability.
            if ids or name != "categorical":
                stack.enter_context(patch.object(backend_random, name, made))
        yield


def is_patched() -> bool:
    """Whether numbers are drawn as within `sampled`: a program traced now would keep them for good."""
    return backend_random.normal is _noise


def _tensor(numbers: Array, shape: Any, dtype: Any) -> Any:
    """Numbers of the features, alike for all samples; how many samples there are may be a tensor."""
    made = keras.ops.convert_to_tensor(numbers, dtype or keras.config.floatx())
    return keras.ops.broadcast_to(made, shape)


def _noise(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, **_: Any) -> Any:
    return mean + stddev * _tensor(normal((int(shape[-1]),)), shape, dtype)


def _gamma(shape: Any, alpha: Any, dtype: Any = None, **_: Any) -> Any:
    # An exponential number, as alpha is 1, whose negative logarithm is a Gumbel number.
    return _tensor(np.exp(-gumbel_noise(int(shape[-1]))), shape, dtype)


def _categorical(logits: Any, num_samples: int, dtype: str = "int64", **_: Any) -> Any:
    # As hand-written models draw ids: the largest sum, as in generated ones.
    noise = keras.ops.convert_to_tensor(gumbel_noise(int(logits.shape[-1])), logits.dtype)
    ids = keras.ops.argmax(logits + noise, axis=-1)
    return keras.ops.cast(keras.ops.repeat(ids[..., None], num_samples, axis=-1), dtype)


# Dropout asks for none of these: what it loses is as random as before.
_SAMPLING = {
    "normal": _noise,
    "truncated_normal": _noise,
    "gamma": _gamma,
    "categorical": _categorical,
}


def _shape(inputs: Any, noise_shape: Sequence[int | None] | None) -> tuple[int, ...] | None:
    """The shape of what is drawn; ``None`` where it is not known yet."""
    whole = tuple(inputs.shape)
    if noise_shape is not None:
        pairs = zip(noise_shape, whole, strict=True)
        whole = tuple(size if given is None else given for given, size in pairs)
    return None if None in whole else whole


def _control_tensorflow(stack: ExitStack, draws: Draws) -> None:
    """What `tf.nn.dropout` draws."""
    import tensorflow as tf
    from tensorflow.python.ops import random_ops, stateless_random_ops

    def uniform(shape: Any, *_: Any, dtype: Any = tf.float32, **__: Any) -> Any:
        return tf.convert_to_tensor(draws.uniform(tuple(map(int, shape))), dtype)

    stack.enter_context(patch.object(random_ops, "random_uniform", uniform))
    stack.enter_context(patch.object(stateless_random_ops, "stateless_random_uniform", uniform))
