"""Models that one process builds one after the other begin alike, and keep what TensorFlow has made of operations."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python import pywrap_tfe

from seqdsl.targets.keras import session
from seqdsl.targets.keras.runtime import reset


@pytest.fixture
def cleared(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How often TensorFlow has forgotten its operations."""
    usual: Callable[[object], None] = pywrap_tfe.TFE_ContextClearCaches
    found: list[object] = []

    def clear(context: object) -> None:
        found.append(context)
        usual(context)

    # Before its first operation it has nothing to forget.
    tf.zeros(1)
    monkeypatch.setattr(pywrap_tfe, "TFE_ContextClearCaches", clear)
    monkeypatch.setattr(session, "_begun", count(1))
    return found


def test_operations_of_generated_models_are_kept_for_some_time(cleared: list[object]) -> None:
    for _ in range(session._KEPT - 1):
        session.begin(generated=True)
    assert not cleared
    session.begin(generated=True)
    assert cleared


def test_a_model_of_the_user_draws_the_same_each_time(cleared: list[object]) -> None:
    drawn = []
    for _ in range(2):
        reset()
        # What it draws by TensorFlow itself is a state of the operation.
        drawn.append([tf.random.normal((3,)).numpy() for _ in range(2)])
    np.testing.assert_array_equal(*drawn)
    assert cleared


@pytest.mark.usefixtures("cleared")
def test_names_and_weights_begin_anew() -> None:
    made = []
    for generated in (False, True, True):
        reset(generated=generated)
        made.append(keras.layers.Dense(3))
        made[-1].build((None, 2))
    assert {layer.name for layer in made} == {"dense"}
    for layer in made[1:]:
        np.testing.assert_array_equal(layer.kernel, made[0].kernel)
