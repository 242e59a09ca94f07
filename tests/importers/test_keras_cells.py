"""Cells that people write themselves become equations, whichever way they keep their weights."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from seqdsl.importers.keras.alike import do_the_same
from seqdsl.importers.keras.read import read_keras
from seqdsl.runtime.parted_weights import PartOf, part_binding, parted, parts_in
from seqdsl.runtime.weight_binding import NoSuchWeights
from tests.ported.keras_models import cells

EQUATIONS = {
    "cell_by_one_layer": """
cell remembering(units):
    gate = sigmoid(dense(x, h))
    gate_2 = sigmoid(dense(x, h))
    gate_3 = sigmoid(dense(x, h) + 1)
    c = gate_3 * c + gate * tanh(dense(x, h))
    h = gate_2 * tanh(layernorm(c))
""",
    "cell_after_embedding": """
cell gated(units):
    r = sigmoid(dense(x) + dense(c))
    z = sigmoid(dense(x) + dense(c))
    c = (1 - z) * tanh(dense(x) + r * dense(c)) + z * c
    h = relu(c)
""",
    "cell_states_handed_over": """
cell crossing(units):
    new_c = h / 2 + scale(c)
    new_h = tanh(dense(x, c, bias=false))
    c = new_c
    h = new_h
""",
}


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations(name: str) -> None:
    found = read_keras(getattr(cells, name)())
    assert found.wirings is not None, found.unread
    assert found.wirings.cells == (EQUATIONS[name].lstrip(),)


@pytest.mark.parametrize("wrap", [lambda row: row, layers.Bidirectional])
def test_a_gru_that_resets_first_is_equations(wrap: Any) -> None:
    row = layers.GRU(3, reset_after=False, return_sequences=True)
    found = read_keras(keras.Sequential([keras.Input((4, 3)), wrap(row)]))
    assert found.wirings is not None, found.unread
    assert found.wirings.cells == (
        "cell own_gru(units):\n"
        "    r = sigmoid(dense(x, h))\n"
        "    z = sigmoid(dense(x, h))\n"
        "    h = z * h + (1 - z) * tanh(dense(x, r * h))\n",
    )


def test_a_model_stays_as_it_is() -> None:
    model = cells.cell_by_one_layer()
    cell = model.get_layer("run").cell
    before, weights = dict(vars(cell)), [item.path for item in model.weights]
    read_keras(model)
    assert all(vars(cell)[name] is item for name, item in before.items())
    assert vars(cell).keys() == before.keys()
    assert [item.path for item in model.weights] == weights


def test_a_cell_is_followed_once_for_all_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    model, called = cells.cell_after_embedding(), list[object]()
    usual = cells.Gated.call

    def call(self: Any, *args: Any) -> Any:
        called.append(self)
        return usual(self, *args)

    monkeypatch.setattr(cells.Gated, "call", call)
    found = read_keras(model)
    # Three lengths tell n - 2 from n / 2.
    assert found.wirings is not None and len(found.wirings.at) == 3
    assert called == [model.get_layer("run").cell]


class _Counting(layers.Layer):
    """It is called at each step, which has the same shape at all lengths."""

    called = 0

    def call(self, x: Any) -> Any:
        type(self).called += 1
        return keras.ops.tanh(x)


def test_the_code_of_a_layer_is_followed_once_for_each_of_its_calls() -> None:
    x = keras.Input((None, 3))
    inner = keras.Input((3,))
    twice = _Counting()
    step = keras.Model(inner, layers.Dense(2)(twice(twice(inner))))
    model = keras.Model(x, layers.TimeDistributed(step)(x))
    _Counting.called = 0
    found = read_keras(model)
    assert found.wirings is not None and len(found.wirings.at) == 3
    # Two calls, in that of the model at each step, and by themselves.
    assert _Counting.called == 4


DENSE = layers.Dense(3)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (lambda x, y: keras.ops.tanh(DENSE(x) + y) * 2, None, True),
        (lambda x, y: keras.ops.split(x + y, 3, -1)[1], None, True),
        (lambda x, y: x, None, True),
        (lambda x, y: x + y, lambda x, y: y + x, False),
        (lambda x, y: x + y, lambda x, y: x * y, False),
        (lambda x, y: x * 2, lambda x, y: x * 3, False),
        (
            lambda x, y: keras.ops.split(x, 3, -1)[1],
            lambda x, y: keras.ops.split(x, 3, -1)[2],
            False,
        ),
        (lambda x, y: keras.ops.sum(x, axis=1), lambda x, y: keras.ops.sum(x, axis=0), False),
        (lambda x, y: DENSE(x), lambda x, y: layers.Dense(3)(x), False),
        # It is told that it is trained, which only its reader knows not to matter.
        (layers.Dropout(0.0), None, False),
        (lambda x, y: [x, y], lambda x, y: [x], False),
    ],
)
def test_whether_calls_do_the_same(one: Any, other: Any, is_same: bool) -> None:
    x, y = keras.Input((3,)), keras.Input((3,))
    if isinstance(one, layers.Layer):
        results = [one(x, training=training) for training in (False, True)]
    else:
        results = [one(x, y), (other or one)(x, y)]
    assert do_the_same(*results) is is_same


def test_equal_cells_are_one_and_others_are_told_apart() -> None:
    x = keras.Input((4, 3))
    rows: Any = [layers.RNN(cells.Gated(units), return_sequences=True) for units in (3, 3, 5)]
    for row in rows:
        x = row(x)
    again = keras.Sequential([keras.Input((4, 3)), layers.RNN(cells.Crossing(3))])
    model = keras.Model(again.inputs, [*again.outputs, rows[0](again.inputs[0])])
    for made, names in ((keras.Model(rows[0].input, x), ["gated"]), (model, ["crossing", "gated"])):
        found = read_keras(made)
        assert found.wirings is not None, found.unread
        texts = found.wirings.cells
        assert sorted(text.split("(")[0].removeprefix("cell ") for text in texts) == names


def test_a_part_of_a_variable_is_written_and_the_rest_stays() -> None:
    variable = keras.Variable(np.arange(12.0).reshape(3, 4))
    binding = part_binding("run/i_x", variable, (2, 3), PartOf((0, 3), (1, 3), is_turned=True))
    assert binding.take is not None
    np.testing.assert_array_equal(binding.take(np.asarray(variable)), [[1, 5, 9], [2, 6, 10]])
    changed = binding.put(np.full((2, 3), -1.0))
    np.testing.assert_array_equal(changed, [[0, -1, -1, 3], [4, -1, -1, 7], [8, -1, -1, 11]])
    with pytest.raises(NoSuchWeights):
        part_binding("run/i_x", variable, (2, 2), PartOf((0, 3), (1, 3)))


def test_places_of_parts() -> None:
    part = PartOf((0, 3), (8, 16), is_turned=True)
    place = parted("#2 run", {"forward/i_x": part.written(4)})
    assert parts_in(place) == ("#2 run", {"forward/i_x": (4, part)})
    assert parts_in("*score.kernel")[1] == parts_in("run i_x=1[0:2,0:2]")[1] == {}
