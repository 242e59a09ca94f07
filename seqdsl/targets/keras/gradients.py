"""loss of a Keras model → its gradients, whatever computes them: Keras itself has no word for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.runtime.adapter import Array


def slope(
    forward: Callable[[], Any], variables: Sequence[Any], others: Sequence[Any]
) -> tuple[float, list[Array | None]]:
    """The loss that ``forward`` computes, and its gradient by each of ``variables``.

    Args:
        forward: computes the loss.
        variables: what it is derived by.
        others: what else may change on the way: statistics, the states of random generators.

    Raises:
        NotImplementedError: the backend has no gradients (OpenVINO), or is not known.
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        return _tensorflow(forward, variables)
    if backend == "torch":
        return _torch(forward, variables)
    if backend == "jax":
        return _jax(forward, variables, others)
    raise NotImplementedError(
        f"gradients of Keras on {backend} are not read; set KERAS_BACKEND to tensorflow, torch or jax"
    )


def _tensorflow(
    forward: Callable[[], Any], variables: Sequence[Any]
) -> tuple[float, list[Array | None]]:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        found = forward()
    slopes = tape.gradient(found, [variable.value for variable in variables])
    # The gradient of an embedding comes as the rows that were looked up.
    dense = [None if item is None else np.asarray(tf.convert_to_tensor(item)) for item in slopes]
    return float(found), dense


def _torch(
    forward: Callable[[], Any], variables: Sequence[Any]
) -> tuple[float, list[Array | None]]:
    # PyTorch adds to gradients that are there.
    for variable in variables:
        variable.value.grad = None
    found = forward()
    found.backward()
    slopes = [variable.value.grad for variable in variables]
    return float(found), [None if item is None else item.numpy(force=True) for item in slopes]


def _jax(
    forward: Callable[[], Any], variables: Sequence[Any], others: Sequence[Any]
) -> tuple[float, list[Array | None]]:
    import jax

    def loss(values: list[Any]) -> tuple[Any, list[Any]]:
        # JAX derives pure functions: what the variables hold comes in, and what they are to hold goes out.
        with keras.StatelessScope(list(zip(variables, values, strict=True))) as scope:
            found = forward()
        return found, [scope.get_current_value(variable) for variable in others]

    derive = jax.value_and_grad(loss, has_aux=True)
    (found, states), slopes = derive([variable.value for variable in variables])
    for variable, state in zip(others, states, strict=True):
        # None was changed.
        if state is not None:
            variable.assign(state)
    return float(found), [np.asarray(item) for item in slopes]
