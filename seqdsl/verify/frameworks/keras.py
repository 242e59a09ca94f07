"""Keras model → plain numbers: the adapter for ``keras``, whatever its backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.verify.frameworks import Array, Declared


def version() -> str:
    """The framework's name and version, with its backend's name."""
    return f"keras {keras.__version__} ({keras.backend.backend()})"


def is_model(value: object) -> bool:
    """Whether ``value`` is a `keras.Model`."""
    return isinstance(value, keras.Model)


def declared(model: Any) -> tuple[list[Declared], list[Declared]] | None:
    """The shapes of a functional or sequential model; a subclassed one declares none."""
    try:
        ends = model.inputs, model.outputs
    # Which of the two depends on whether the model has been called.
    except (AttributeError, ValueError):
        return None
    inputs, outputs = ([tuple(tensor.shape[1:]) for tensor in end or ()] for end in ends)
    return (inputs, outputs) if inputs else None


def count_parameters(model: Any) -> int:
    """The number of weights; the state of a dropout's random generator is none."""
    return int(model.count_params())


def call(model: Any, arrays: Sequence[Array]) -> list[Array]:
    """The model's results for ``arrays``, as in inference."""
    result = model(arrays[0] if len(arrays) == 1 else list(arrays), training=False)
    several = result if isinstance(result, list | tuple) else [result]
    return [np.asarray(keras.ops.convert_to_numpy(tensor)) for tensor in several]


def reset() -> None:
    """Forget earlier models and seed the weights of the next."""
    keras.backend.clear_session()
    keras.saving.get_custom_objects().clear()
    keras.utils.set_random_seed(0)
