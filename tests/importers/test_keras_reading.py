"""Keras models as people write them: what each step reads, where weights are, and what is refused."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import seqdsl
from seqdsl.importers.keras.read import read_keras, read_keras_file
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.targets.keras.weights import bindings
from seqdsl.verify.spec_weights import layer_weights
from tests.importers.keras_called_models import MODELS, REFUSED
from tests.importers.keras_models import COMPUTING, READABLE, computing
from tests.importers.wires import lines

if TYPE_CHECKING:
    from pathlib import Path

    from seqdsl.importers.reading import Reading
    from seqdsl.runtime.named_weights import LayerWeights

# Their pictures cannot be laid out yet.
UNDRAWN = {"text_windows"}
# Only one direction of a bidirectional layer is read; a softmax over steps does not depend on the bias of all scores.
UNUSED = {
    "forward_state_alone",
    "pooled_by_dot",
    "pooled_where_valid",
    "asked_by_the_state",
    "asked_at_each_step",
}


@pytest.mark.parametrize("name", MODELS)
def test_wires_pictures_and_places(name: str) -> None:
    build, expected = MODELS[name]
    # Keras numbers layers without names.
    keras.utils.clear_session()
    model = build()
    found = read_keras(model)
    assert found.wirings is not None, found.unread
    assert lines(found.wirings.at[0]) == expected
    if name in UNDRAWN:
        return
    spec = seqdsl.compile(draw_wirings(found.wirings)).spec
    for item in layer_weights(spec):
        # As many numbers as the picture's layer has, where it is said that they are.
        there = bindings(model, [replace(item, place=found.places[item.name])])
        sizes = dict(item.shapes)
        for binding in there:
            part = binding.name.removeprefix(f"{item.name}/")
            assert np.prod(tuple(binding.tensor.shape)) == np.prod(sizes[part])
    held = {id(weight) for item in layer_weights(spec) for weight in _tensors(model, item, found)}
    every = {id(weight) for weight in model.weights if "seed" not in weight.path}
    # Of a row that nothing reads the picture has no weights.
    assert held == every or (held < every and name in UNUSED)


def _tensors(model: keras.Model, item: LayerWeights, found: Reading) -> list[Any]:
    place = found.places[item.name]
    return [binding.tensor for binding in bindings(model, [replace(item, place=place)])]


@pytest.mark.parametrize("name", COMPUTING)
def test_a_function_that_computes_is_refused(name: str) -> None:
    found = read_keras(computing(COMPUTING[name]))
    assert [item.name for item in found.unread] == ["function"]
    assert "computes new values" in found.unread[0].reason


@pytest.mark.parametrize("name", READABLE)
def test_a_function_of_what_the_language_has_is_read(name: str) -> None:
    function, call, reads = READABLE[name]
    found = read_keras(computing(function))
    assert found.wirings is not None, found.unread
    block = found.wirings.at[0].blocks[1]
    assert (block.call, len(block.operands)) == (call, reads)


@pytest.mark.parametrize("name", REFUSED)
def test_all_that_cannot_be_read_is_told(name: str) -> None:
    build, expected = REFUSED[name]
    found = read_keras(build())
    assert found.wirings is None
    assert [item.name for item in found.unread] == expected


@pytest.mark.parametrize("name", ["translation_both_ways", "masked_tagger", "nested", "frames"])
def test_a_file_is_read_as_its_model_is(name: str, tmp_path: Path) -> None:
    model = MODELS[name][0]()
    path = tmp_path / "model.keras"
    model.save(path)
    assert read_keras_file(path) == read_keras(model)


def test_what_nobody_named_is_called_alike_whatever_was_built_before() -> None:
    """Keras counts its models and layers by process; names that somebody chose are kept."""
    texts = []
    for _ in range(2):
        x = keras.Input((6, 4), name="x")
        h = keras.layers.LSTM(3, return_sequences=True, name="run_7")(x)
        h = keras.layers.LSTM(3, return_sequences=True)(h)
        y = keras.layers.LSTM(2)(h)
        reading = read_keras(keras.Model(x, y))
        assert reading.wirings is not None
        texts.append(draw_wirings(reading.wirings))
    assert texts[0] == texts[1]
    for word in ("model functional\n", "name=run_7)", "name=lstm_1)", "name=lstm_2)"):
        assert word in texts[0]


GENERATOR = random.Random(3)


class Forced(keras.Model):
    """A decoder that reads the target or its own output, as chance has it."""

    def __init__(self, ratio: float, draw: Any, generator: Any = None) -> None:
        super().__init__(name="forced")
        self.cell = layers.GRUCell(6, name="cell")
        self.head = layers.Dense(2, name="head")
        self.ratio, self.draw, self.generator = ratio, draw, generator

    def call(self, targets: Any) -> Any:
        y, steps = targets[:, 0], []
        state = ops.zeros((ops.shape(y)[0], 6))
        for step in range(4):
            value, (state,) = self.cell(y, [state])
            steps.append(self.head(value))
            y = targets[:, step] if self.draw(self) < self.ratio else steps[-1]
        return ops.stack(steps, axis=1)


def forced(ratio: float, draw: Any, generator: Any = None) -> keras.Model:
    """The same, called once."""
    model = Forced(ratio, draw, generator)
    model(ops.zeros((2, 4, 2)))
    return model


DRAWS: dict[str, tuple[Any, Any]] = {
    "random": (lambda _: random.random(), None),
    "numpy": (lambda _: np.random.rand(), None),
    "own": (lambda model: model.generator.random(), np.random.default_rng(3)),
    "global": (lambda _: GENERATOR.random(), None),
}


@pytest.mark.parametrize("name", DRAWS)
def test_what_random_numbers_decide_is_told(name: str) -> None:
    draw, generator = DRAWS[name]
    (fault,) = read_keras(forced(0.999, draw, generator)).unread
    assert "random teacher forcing" in fault.reason
    assert fault.kind == "Forced" and fault.line.split(":")[0].endswith("test_keras_reading.py")


def test_random_numbers_may_decide_nothing() -> None:
    random.seed(3)
    expected = random.random()
    model = forced(1.5, lambda _: random.random())
    random.seed(3)
    assert read_keras(model).wirings is not None
    assert random.random() == expected
