"""Keras models take any length where a graph does not know the number of steps, as in `predict`, `fit` and exports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

import seqdsl  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

# A layer at each step of grids; at those of padded ones; a picture that is called at each step, of ids and of numbers.
NAMES = (
    "spectrogram-tagger",
    "video-masked-frames",
    "video-recurrent-q-network",
    "hierarchical-attention",
    "words-by-character-convolution",
    "words-of-characters",
)

LENGTHS = (7, 5, 6)
"""Steps of one call after the other, none of which are as many as the samples; the second makes a graph for any."""


def given(model: Any, steps: int) -> list[Any]:
    """Random arguments, three samples each; ids are small."""
    dice = np.random.default_rng(steps)
    shapes = [
        (3, *(steps if size is None else size for size in item.shape[1:])) for item in model.inputs
    ]
    return [
        dice.integers(1, 3, shape) if "int" in item.dtype else dice.random(shape, np.float32)
        for item, shape in zip(model.inputs, shapes, strict=True)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_second_length_is_predicted_as_it_is_called(name: str) -> None:
    text = (EXAMPLES / f"{name}.seq").read_text("utf-8")
    model = seqdsl.compile_all(text)[-1].build("keras")
    for steps in LENGTHS:
        arguments = given(model, steps)
        arguments = arguments if len(arguments) > 1 else arguments[0]
        called = keras.tree.flatten(model(arguments))
        predicted = keras.tree.flatten(model.predict(arguments, verbose=0))
        for one, other in zip(called, predicted, strict=True):
            np.testing.assert_allclose(other, keras.ops.convert_to_numpy(one), rtol=1e-4, atol=1e-6)


def test_what_is_trained_at_each_step_knows_that_it_is() -> None:
    """Dropout within a called picture drops in training alone."""
    picture = """
model frame

Y   dropout(0.5)
|
X   input(8)

model frames

Y Y ... Y   frame
| |     |
X X ... X   input(8)
"""
    model = seqdsl.compile_all(picture)[-1].build("keras")
    ones = np.ones((4, 6, 8), np.float32)
    assert (keras.ops.convert_to_numpy(model(ones)) == 1).all()
    assert (keras.ops.convert_to_numpy(model(ones, training=True)) == 0).any()
