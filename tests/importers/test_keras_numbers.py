"""Keras models as people write them, and the code that is generated from their pictures: the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest

import seqdsl
from seqdsl.importers.keras.read import read_keras
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.targets.keras.weights import read, write
from seqdsl.verify.spec_weights import layer_weights
from tests.importers.keras_called_models import MODELS

if TYPE_CHECKING:
    from seqdsl.importers.reading import Reading

SAMPLES = 3
# Their pictures cannot be laid out yet.
EXCEPT = {"text_windows"}


@pytest.mark.parametrize("name", [name for name in MODELS if name not in EXCEPT])
def test_the_same_numbers(name: str) -> None:
    keras.utils.clear_session()
    model = MODELS[name][0]()
    found = read_keras(model)
    assert found.wirings is not None, found.unread
    spec = seqdsl.compile(draw_wirings(found.wirings))
    mine = spec.build("keras")
    layers = layer_weights(spec.spec)
    _shuffle(model)
    places = [replace(item, place=found.places[item.name]) for item in layers]
    write(mine, layers, read(model, places))
    arrays = list(_arrays(model, found))
    for one, other in zip(_called(model, arrays), _called(mine, arrays), strict=True):
        valid = _compared(found, arrays, one)
        np.testing.assert_allclose(one[valid], other[valid], atol=2e-6)


def _compared(found: Reading, arrays: list[Any], result: Any) -> Any:
    """Which steps are compared: on padded ones results may differ, if that is said."""
    ids = arrays[0]
    if any(item.numbers for item in found.differences) and ids.shape == result.shape[:2]:
        return ids != 0
    return np.ones(result.shape, bool)


def _shuffle(model: keras.Model) -> None:
    """Weights that are no zeros and ones, as biases and scales are at first."""
    random = np.random.default_rng(7)
    for weight in model.trainable_weights:
        weight.assign(random.normal(size=weight.shape) / 2)


def _arrays(model: keras.Model, found: Reading) -> Any:
    """Data for each input, at the first lengths of a reading."""
    random = np.random.default_rng(3)
    assert found.wirings is not None
    wiring = found.wirings.at[0]
    declared = getattr(model, "inputs", None)
    # A model of a custom class has been called on six steps of three features.
    shapes: list[Any] = [item.shape for item in declared] if declared else [(None, 6, 3)]
    for shape, at in zip(shapes, wiring.inputs, strict=False):
        block = wiring.blocks[at]
        sizes = [block.steps if size is None else size for size in shape[1:]]
        if block.call.startswith("tokens"):
            # Id 0 marks padding where there is a mask: at some steps, and not at all.
            yield random.integers(0, 9, (SAMPLES, *sizes))
        else:
            yield random.normal(size=(SAMPLES, *sizes)).astype(np.float32)
    # Behind the inputs that are drawn there may be states.
    for shape in shapes[len(wiring.inputs) :]:
        yield random.normal(size=(SAMPLES, *shape[1:])).astype(np.float32)


def _called(model: keras.Model, arrays: list[Any]) -> list[Any]:
    given = model(arrays[0] if len(arrays) == 1 else arrays)
    results = given if isinstance(given, list | tuple) else [given]
    return [keras.ops.convert_to_numpy(item) for item in results]
