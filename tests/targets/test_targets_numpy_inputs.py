"""numpy source: what `predict` takes and gives, in which precision, and what it refuses, by the input's name."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.cells import ACTIVATIONS
from seqdsl.ir import operations
from seqdsl.layers import layer_def
from seqdsl.runtime.named_weights import draw
from seqdsl.targets.emit.expressions import MissingFunction
from seqdsl.targets.emit.render import MissingMacro
from seqdsl.targets.numpy.emitter import NumpyEmitter
from seqdsl.targets.numpy.functions import functions
from seqdsl.targets.numpy.operations import operation
from seqdsl.targets.numpy.runtime import state_dict
from seqdsl.verify.build import load
from seqdsl.verify.spec_weights import layer_weights
from tests.targets.pictures import compiled

MODELS = compiled()


@cache
def predictor(source: str, precision: str = "float32") -> Any:
    """The class of a picture's module, with random weights."""
    (model,) = seqdsl.compile_all(source, "picture.seq")
    layers = layer_weights(model.spec)
    weights = {
        name: array if array.dtype.kind == "i" else array.astype(precision)
        for name, array in state_dict(layers, draw(layers)).items()
    }
    module = load(model.source("numpy"), "picture")
    # The pictures that it calls are classes in front of it.
    *_, made = (item for item in vars(module).values() if hasattr(item, "predict"))
    return made(weights)


VECTORS = "Y Y Y   dense(2)\n| | |\nX X X   input(4, name=series)\n"
TOKENS = "Y Y Y   embedding(2)\n| | |\nX X X   tokens(5, name=words)\n"
FREE = "Y ... Y   dense(2)\n|     |\nX ... X   input(4, name=series)\n"
PAIRS = """
  Y   ...   Y     dense(2)
  |         |
  P===...===P     gru(2)
 / \\       / \\
X   X ... X   X   input(4, name=series)
"""
SET = "Y ..n.. Y   dense(2)\n|       |\nX ..n.. X   input(4, name=series)\n\nn = 3\n"
SHARED = """
          Y   dense(1)
          |
  H-..n..-H   gru(8)
 /|      /|
Z |..n..Z |   input(2, name=weather)
  |       |
  X ..n.. X   input(4, name=power)
"""


@pytest.mark.parametrize(
    ("picture", "given", "said"),
    [
        (VECTORS, np.zeros((2, 4, 4)), "series should have the shape (batch, 3, 4), it has (2, 4, 4)"),
        (VECTORS, np.zeros((2, 3, 5)), "series should have the shape (batch, 3, 4), it has (2, 3, 5)"),
        (VECTORS, np.zeros((3, 4)), "series should have the shape (batch, 3, 4), it has (3, 4)"),
        (FREE, np.zeros((2, 7, 5)), "series should have the shape (batch, None, 4), it has (2, 7, 5)"),
        (SET, np.zeros((2, 4, 4)), "series should have the shape (batch, 3, 4), it has (2, 4, 4)"),
        (PAIRS, np.zeros((2, 5, 4)), "series should have a multiple of 2 steps, it has 5"),
        (TOKENS, np.zeros((2, 3)), "words should be integers, it is float64"),
        (TOKENS, np.ones((2, 3), bool), "words should be integers, it is bool"),
        (TOKENS, np.ones((2, 4), int), "words should have the shape (batch, 3), it has (2, 4)"),
        (TOKENS, np.array([[1, 2, 5]]), "words should be ids from 0 to 4, it is 1 to 5"),
        (TOKENS, np.array([[-1, 2, 3]]), "words should be ids from 0 to 4, it is -1 to 3"),
    ],
)  # fmt: skip
def test_other_inputs_are_refused(picture: str, given: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        predictor(picture).predict(given)


def test_padding_before_a_valid_step_is_refused() -> None:
    padded = predictor("H-H-H   lstm(2)\n| | |\nX X X   input(1, mask=0, padding=end)\n")
    said = r"^x breaks padding=end: a padded step comes before a valid step$"
    with pytest.raises(ValueError, match=said):
        padded.predict(np.array([[[0.0], [1.0], [1.0]]]))


@pytest.mark.parametrize("steps", [1, 2, 9])
def test_a_free_length_is_any(steps: int) -> None:
    assert predictor(FREE).predict(np.zeros((2, steps, 4))).shape == (2, steps, 2)


def test_a_set_length_is_a_parameter_of_the_class() -> None:
    model = seqdsl.compile(SET)
    assert "def __init__(self, weights: Weights, n: int = 3)" in model.source("numpy")


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int64"])
def test_all_integers_are_ids(dtype: str) -> None:
    ids = np.array([[0, 1, 4]], dtype)
    expected = predictor(TOKENS).predict([[0, 1, 4]])
    np.testing.assert_array_equal(predictor(TOKENS).predict(ids), expected)


def test_an_empty_batch() -> None:
    assert predictor(VECTORS).predict(np.zeros((0, 3, 4))).shape == (0, 3, 2)
    assert predictor(TOKENS).predict(np.zeros((0, 3), int)).shape == (0, 3, 2)


def test_two_inputs_of_one_length() -> None:
    model = predictor(SHARED)
    assert model.predict(np.zeros((2, 7, 2)), np.zeros((2, 7, 4))).shape == (2, 1)
    said = "power should have the shape (batch, 7, 4), it has (2, 6, 4)"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        model.predict(np.zeros((2, 7, 2)), np.zeros((2, 6, 4)))


def inputs(model: seqdsl.Model) -> list[Any]:
    spec = model.spec
    lengths = {
        name: spec.minimum[name] + 3 * spec.multiple[name] for name in spec.free
    } | spec.defaults
    shapes = [(2, *(size.value(lengths) for size in item.shape)) for item in spec.inputs]
    arrays = [
        np.ones(shape, "float32" if item.vocabulary is None else "int64")
        for shape, item in zip(shapes, spec.inputs, strict=True)
    ]
    return arrays + [np.ones(2, "int64") for _ in spec.lengths]


@pytest.mark.parametrize("name", sorted(MODELS))
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_outputs_are_as_precise_as_weights(name: str, precision: str) -> None:
    model = MODELS[name]
    if not layer_weights(model.spec):
        precision = "float32"
    layers = layer_weights(model.spec)
    weights = {
        key: array if array.dtype.kind == "i" else array.astype(precision)
        for key, array in state_dict(layers, draw(layers)).items()
    }
    module = load(model.source("numpy"), name)
    # The pictures that it calls are classes in front of it.
    *_, made = (item for item in vars(module).values() if hasattr(item, "predict"))
    found = made(weights).predict(*inputs(model))
    # The states of the next call stand behind the outputs.
    results = found if isinstance(found, tuple) else (found,)
    assert len(results) == len(model.outputs) + len(model.spec.given)
    # Ids, and the number of a stream's next step, are whole.
    whole = [layer_def(model.spec.blocks[item.block].kind).gives_ids for item in model.spec.outputs]
    whole += [item.dtype != "float32" for item in model.spec.given]
    expected = ["int32" if is_whole else precision for is_whole in whole]
    assert [item.dtype.name for item in results] == expected


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_without_weights_outputs_are_as_precise_as_inputs(precision: str) -> None:
    model = predictor("M   mean\n|\n+-+-+\n| | |\nX X X   input(2)\n")
    assert model.predict(np.ones((1, 3, 2), precision)).dtype == precision
    # Whole numbers are computed with as numpy does.
    assert model.predict(np.ones((1, 3, 2), int)).dtype == "float64"


def test_gelu_is_exact() -> None:
    gelu = load(seqdsl.compile("Y   dense(2, gelu)\n|\nX   input(2)\n").source("numpy"), "gelu")
    x = np.concatenate([np.linspace(-9, 9, 20_001), [-1e300, -1e-300, 0, 1e-9, 1e300]])
    expected = np.vectorize(math.erf)(x)
    np.testing.assert_allclose(gelu._erf(x), expected, rtol=0, atol=1e-14)
    assert gelu._erf(np.float32([0, 1, -9])).dtype == "float32"


def test_nothing_overflows() -> None:
    with np.errstate(all="raise", under="ignore"):
        for word in ACTIVATIONS:
            model = predictor(f"Y   dense(2, {word})\n|\nX   input(2)\n")
            assert np.isfinite(model.predict(np.array([[1e4, -1e4], [-1e4, 1e4]]))).all()


def test_what_has_no_function_is_an_error_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    model = seqdsl.compile(VECTORS)
    monkeypatch.delitem(operation.__globals__["_TABLE"], operations.Apply)
    with pytest.raises(MissingFunction, match="no function for Apply"):
        model.source("numpy")


def test_a_layer_without_a_macro_is_an_error_by_name() -> None:
    to = NumpyEmitter(seqdsl.compile(VECTORS).spec, classes={})
    to.function("not_there")
    with pytest.raises(MissingMacro, match="no macro for not_there"):
        functions(to)
