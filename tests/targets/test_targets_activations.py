"""activations: what the generated code of each target computes, from where nothing is left to where all is."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import torch

import seqdsl
from seqdsl.cells import ACTIVATIONS
from seqdsl.verify.build import load
from seqdsl.verify.oracle.functions import FUNCTIONS

X = np.linspace(-40, 40, 81 * 3).reshape(81, 3)
"""Beyond all limits: of random numbers hardly any is as large as the 6 of `relu6`."""

CALLS = {
    "keras": lambda made, x: keras.ops.convert_to_numpy(made.build_model()(x.astype("float32"))),
    "torch": lambda made, x: made.build_model()(torch.from_numpy(x)).numpy(),
    "numpy": lambda made, x: made.Words({}).predict(x),
}


@pytest.mark.parametrize("word", ACTIVATIONS)
@pytest.mark.parametrize("target", CALLS)
def test_an_activation_is_the_oracles(target: str, word: str) -> None:
    model = seqdsl.compile(f"Y   activation({word})\n|\nX   input(3)\n", "words.seq")
    made: Any = load(model.source(target), "words")
    # In single precision, Keras's results are as exact as their size allows.
    np.testing.assert_allclose(CALLS[target](made, X), FUNCTIONS[word](X), rtol=2e-5, atol=1e-5)
