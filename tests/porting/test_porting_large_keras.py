"""Of a large weight of a Keras model there is one array in memory, that of the one model which lives."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
from keras import layers

from seqdsl import targets
from seqdsl.targets.keras import large, tracing
from seqdsl.targets.keras.large import assign, dense, numbers, undrawn
from seqdsl.verify import build, set_aside
from tests.ported.catalog import Entry
from tests.ported.running import imported, ported

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

IDS, FEATURES = 50, 8

FEW = IDS * FEATURES - 1
"""Numbers of an array that is not large here; those of the table are one more."""


class _Tables:
    """The arrays of a table's size that numpy has made for TensorFlow."""

    def __init__(self) -> None:
        self.alive = self.most = self.made = 0

    def zeros(self, shape: Any, dtype: str) -> NDArray[Any]:
        array = ZEROS(shape, dtype)
        if array.size > FEW:
            self.made, self.alive = self.made + 1, self.alive + 1
            self.most = max(self.most, self.alive)
            # The memory itself: TensorFlow holds a view of it.
            weakref.finalize(array.base, self._gone)
        return array

    def _gone(self) -> None:
        self.alive -= 1


ZEROS = large._zeros


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> _Tables:
    """Tables are large, and counted."""
    counted = _Tables()
    monkeypatch.setattr(large, "AT_ONCE", FEW)
    monkeypatch.setattr(large, "_zeros", counted.zeros)
    monkeypatch.setattr(set_aside, "AT_ONCE", FEW)
    monkeypatch.setattr(build, "SMALL", FEW)
    # Models are traced, however short a call is.
    monkeypatch.setattr(tracing, "_SHORT", -1.0)
    return counted


def _model() -> Any:
    ids = keras.Input((4,), dtype="int32", name="x")
    rows = layers.Embedding(IDS, FEATURES, name="table")(ids)
    return keras.Model(ids, layers.LSTM(2, name="lstm")(rows), name="small")


def test_a_variable_has_the_memory_that_was_made_for_it(tables: _Tables) -> None:
    variable = keras.Variable(np.zeros((IDS, FEATURES)), dtype="float64")
    assign(variable, np.full((IDS, FEATURES), 2, np.float32))
    before, copy = numbers(variable, copied=False), numbers(variable)
    again = numbers(variable, copied=False)
    assert before.ctypes.data == again.ctypes.data != copy.ctypes.data
    assert (tables.made, tables.alive) == (1, 1)
    assert before.dtype == np.float64
    assert (before == 2).all()
    copy[:] = 3
    assign(variable, copy)
    # Whoever reads the weights that the model had keeps them.
    assert (before == 2).all()
    assert (numbers(variable, copied=False) == 3).all()
    copy[:] = 4
    assert (numbers(variable) == 3).all()


def test_large_weights_begin_with_zeros_where_they_are_to_be_given_others(tables: _Tables) -> None:
    with undrawn():
        blank = _model()
    table, kernel, *_ = blank.weights
    assert not numbers(table).any()
    assert numbers(kernel).all()
    assert tables.alive == 1
    drawn = _model()
    assert numbers(drawn.weights[0]).all()
    assert tables.made == 1


def test_rows_of_a_gradient_are_added_up() -> None:
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    found = dense(np.array([2, 0, 2]), rows, (4, 2))
    assert found.tolist() == [[3, 4], [0, 0], [6, 8], [0, 0]]


def test_a_model_that_was_run_is_gone_with_what_was_compiled_of_it(tables: _Tables) -> None:
    framework, model = targets.runtime("keras"), _model()
    ids = np.zeros((2, 4), np.int32)
    with framework.aside():
        copy = framework.copy(model, "float64")
        for count in (2, 2, 2):
            framework.call(copy, [ids[:1].repeat(count, 0)])
        framework.gradients(copy, [], [ids], [np.zeros((2, 2))])
    del copy
    build.release(IDS * FEATURES)
    assert tables.made > 0
    assert tables.alive == 0


def test_one_model_has_large_weights_at_a_time(tables: _Tables, tmp_path: Path) -> None:
    """What they begin with counts as one, though it takes no memory."""
    found = imported(Entry("small", _model), tmp_path)
    ported(found, "keras", tmp_path)
    # Of the copy, of the generated model and of the port.
    assert tables.made == 6
    assert tables.most == 2
