"""A copy in double precision computes in double precision, from its inputs on."""

from __future__ import annotations

import keras
import numpy as np

from seqdsl.targets.keras.copying import aside, copy


def test_inputs_are_not_rounded() -> None:
    x = keras.Input((5, 4), name="x")
    model = keras.Model(x, keras.layers.LayerNormalization(epsilon=1e-6)(x))
    values = np.random.default_rng(0).normal(size=(3, 5, 4))
    expected = (values - values.mean(-1, keepdims=True)) / np.sqrt(
        values.var(-1, keepdims=True) + 1e-6
    )
    with aside():
        copied = copy(model, "float64")
        result = keras.ops.convert_to_numpy(copied(values))
    assert copied.inputs[0].name == "x"
    assert np.abs(result - expected).max() < 1e-13
