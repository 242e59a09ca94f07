"""Keras variable ⇄ large array, without the copies that Keras and TensorFlow make of it on the way.

TensorFlow copies an array twice to make a tensor of it, and Keras draws the first weights of a table in three arrays of
its size. What both share instead is memory that numpy has allocated, at an address that TensorFlow takes as it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from math import prod
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.runtime.named_weights import Array

AT_ONCE = 2**20
"""Numbers of a large array: what has more is never copied without need."""

_ALIGNED = 64
"""What the addresses of TensorFlow's arrays are multiples of."""

_RANDOM = (
    keras.initializers.Orthogonal,
    keras.initializers.RandomNormal,
    keras.initializers.RandomUniform,
    keras.initializers.TruncatedNormal,
    keras.initializers.VarianceScaling,
)
"""The initializers that draw; all others of Keras that do are kinds of these."""


def assign(variable: Any, array: Array) -> None:
    """Give a variable the numbers of an array; of large ones the variable's own are never in memory twice."""
    if prod(variable.shape) <= AT_ONCE or not _shares_memory():
        variable.assign(array)
        return
    # First the memory, so that what the variable held before is gone, and then the numbers.
    held = _zeros(array.shape, variable.dtype)
    variable.assign(_tensor(held))
    held[...] = array
    if numbers(variable, copied=False).ctypes.data != held.ctypes.data:
        variable.assign(held)


def numbers(variable: Any, *, copied: bool = True) -> Array:
    """What a variable holds; if it is not to be ``copied``, it may be the variable's own memory."""
    if not copied and keras.backend.backend() == "tensorflow":
        # A tensor shows its memory, a variable of Keras gives a copy.
        return np.asarray(keras.ops.stop_gradient(variable.value))
    # `np.array` of a variable of Keras's is deprecated by numpy.
    found = np.asarray(variable)
    own = found.flags.owndata and found.flags.writeable
    return found.copy() if copied and not own else found


def dense(indices: Array, rows: Array, shape: Sequence[int]) -> Array:
    """The array that is zero but for the sums of its ``rows``: what nobody writes to takes no memory."""
    whole = np.zeros(tuple(shape), rows.dtype)
    np.add.at(whole, indices, rows)
    return whole


@contextmanager
def undrawn() -> Iterator[None]:
    """Within the block large weights begin with zeros, which take no memory, as they are to be given other numbers."""
    drawing = [(kind, kind.__call__) for kind in _RANDOM]
    for kind, draw in drawing:
        kind.__call__ = _or_zeros(draw)
    try:
        yield
    finally:
        for kind, draw in drawing:
            kind.__call__ = draw


def _or_zeros(draw: Callable[..., Any]) -> Callable[..., Any]:
    def drawn(self: Any, shape: Sequence[int], dtype: Any = None, **options: Any) -> Any:
        if prod(shape) <= AT_ONCE:
            return draw(self, shape, dtype, **options)
        precision = keras.backend.standardize_dtype(dtype)
        if not _shares_memory():
            return keras.ops.zeros(shape, precision)
        return _tensor(_zeros(shape, precision))

    return drawn


def _shares_memory() -> bool:
    """Whether tensors can be made of numpy's memory: not of what a graph is traced with."""
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return bool(tf.executing_eagerly())


def _zeros(shape: Sequence[int], dtype: str) -> Array:
    """Zeros at an address that TensorFlow takes; they take no memory before something is written to them."""
    size = prod(shape) * np.dtype(dtype).itemsize
    raw = np.zeros(size + _ALIGNED, np.uint8)
    first = -raw.ctypes.data % _ALIGNED
    return raw[first : first + size].view(dtype).reshape(shape)


def _tensor(array: Array) -> Any:
    """A tensor of TensorFlow in the memory of an aligned array."""
    import tensorflow as tf

    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
