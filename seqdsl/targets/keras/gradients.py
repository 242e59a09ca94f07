"""loss of a Keras model → its gradients, whatever computes them: Keras itself has no word for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from seqdsl.targets.keras.large import dense

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from seqdsl.runtime.adapter import Array


_COMPILED: dict[tuple[Hashable, ...], Any] = {}
"""The compiled functions of the current model, which keep the model in memory until `forget` is called."""


def forget() -> None:
    """Forget what was compiled for earlier models."""
    _COMPILED.clear()


def slope(
    forward: Callable[[Any], Any],
    given: Any,
    variables: Sequence[Any],
    others: Sequence[Any],
    *what: Hashable,
) -> tuple[float, list[Array | None]]:
    """The loss that ``forward`` computes, and its gradient by each of ``variables``.

    Args:
        forward: computes the loss.
        given: tensors that it takes, in lists.
        variables: what it is derived by.
        others: what else may change on the way: statistics, the states of random generators.
        what: a key for what ``forward`` computes, to compile it once; empty: it is compiled at each call.

    Raises:
        NotImplementedError: the backend has no gradients (OpenVINO), or is not known.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        return _tensorflow(forward, given, variables)
    if backend == "torch":
        return _torch(forward, given, variables)
    if backend == "jax":
        return _jax(forward, given, variables, others, what)
    raise NotImplementedError(
        f"gradients of Keras on {backend} are not read; set KERAS_BACKEND to tensorflow, torch or jax"
    )


def _tensorflow(
    forward: Callable[[Any], Any], given: Any, variables: Sequence[Any]
) -> tuple[float, list[Array | None]]:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        found = forward(given)
    slopes = tape.gradient(found, [variable.value for variable in variables])
    return float(found), [None if item is None else _array(item) for item in slopes]


def _array(slope: Any) -> Array:
    import tensorflow as tf

    if not isinstance(slope, tf.IndexedSlices):
        return np.asarray(slope)
    # The gradient of an embedding comes as the rows that were looked up.
    return dense(np.asarray(slope.indices), np.asarray(slope.values), slope.dense_shape.numpy())


def _torch(
    forward: Callable[[Any], Any], given: Any, variables: Sequence[Any]
) -> tuple[float, list[Array | None]]:
    # PyTorch adds to gradients that are there.
    for variable in variables:
        variable.value.grad = None
    found = forward(given)
    found.backward()
    slopes = [variable.value.grad for variable in variables]
    return float(found), [None if item is None else item.numpy(force=True) for item in slopes]


def _jax(
    forward: Callable[[Any], Any],
    given: Any,
    variables: Sequence[Any],
    others: Sequence[Any],
    what: tuple[Hashable, ...],
) -> tuple[float, list[Array | None]]:
    import jax

    def loss(values: list[Any], kept: list[Any], given: Any) -> tuple[Any, list[Any]]:
        # JAX derives pure functions: what the variables hold comes in, and what they are to hold goes out.
        pairs = zip([*variables, *others], [*values, *kept], strict=True)
        with keras.StatelessScope(list(pairs)) as scope:
            found = forward(given)
        return found, [scope.get_current_value(variable) for variable in others]

    # Compiled as a whole: every operation of it by itself takes several times as long.
    derive = _COMPILED.get(what) or jax.jit(jax.value_and_grad(loss, has_aux=True))
    if what:
        _COMPILED[what] = derive
    (found, states), slopes = derive(
        *([variable.value for variable in group] for group in (variables, others)), given
    )
    for variable, state in zip(others, states, strict=True):
        # None was changed.
        if state is not None:
            variable.assign(state)
    return float(found), [np.asarray(item) for item in slopes]
