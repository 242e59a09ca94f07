"""Masks as Keras keeps them: what a picture says of padding, and where both differ."""

from __future__ import annotations

from collections.abc import Callable

import keras
import pytest
from keras import layers

from seqdsl.importers.keras.read import read_keras

Build = Callable[[keras.KerasTensor], keras.KerasTensor]


def _pooled(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.GlobalMaxPooling1D(name="top")(layers.Conv1D(3, 3, padding="same")(x))


def _mean(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.GlobalAveragePooling1D(name="mean")(x)


def _run(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.GRU(3, return_sequences=True, zero_output_for_mask=True, name="run")(x)


def _repeating(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Dense(2, name="y")(layers.GRU(3, return_sequences=True, name="run")(x))


def _attending(x: keras.KerasTensor) -> keras.KerasTensor:
    read = layers.MultiHeadAttention(2, 2, name="read")(x, x)
    return layers.GRU(3, name="run")(layers.Add()([x, read]))


def _within(inner: Build, shape: tuple[int | None, int] = (5, 4)) -> keras.Model:
    """A model of its own, which finds the mask on what it is called with."""
    read = keras.Input(shape)
    return keras.Model(read, inner(read), name="within")


def _losing(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.GRU(2, name="last")(keras.ops.tanh(_run(x)))


def _within_losing(x: keras.KerasTensor) -> keras.KerasTensor:
    return _within(_losing)(x)


def _residual(x: keras.KerasTensor) -> keras.KerasTensor:
    """Attention takes the mask from what it reads, so that the sum has none."""
    return layers.Add()([x, layers.MultiHeadAttention(2, 2, name="read")(x, x)])


def _twice(inner: Build) -> Build:
    """A model that is applied twice: a picture that is called."""

    def build(x: keras.KerasTensor) -> keras.KerasTensor:
        block = _within(inner, (None, 4))
        return layers.GRU(3, name="top")(block(block(x)))

    return build


# What is read of `Embedding(mask_zero=True)`, whether its padding is looked at, and what differs, with the layer.
CASES: dict[str, tuple[Build, bool, list[tuple[str, str]]]] = {
    "lost before anything looks at it": (_pooled, False, []),
    "a run that gives zero": (_run, True, []),
    "a run that repeats": (_repeating, True, [("run", "repeats"), ("y", "zero")]),
    "lost behind a run": (
        lambda x: _pooled(_run(x)),
        True,
        [("top", "does not skip")],
    ),
    "a mean": (_mean, True, []),
    "attention": (lambda x: layers.Attention(name="read")([x[:, -1:], x])[:, 0], True, []),
    "attention, whole": (lambda x: layers.GRU(2)(layers.Attention(name="read")([x, x])), True, []),
    "heads": (_attending, True, []),
    "in a model": (lambda x: layers.GRU(2)(_within(_run)(x)), True, []),
    "in a model, lost between": (
        _within_losing,
        True,
        [("within.last", "does not skip")],
    ),
    "heads in a model": (
        lambda x: layers.GRU(2, name="run")(_within(_residual)(x)),
        True,
        [("run", "does not skip")],
    ),
    "in a model, twice": (_twice(lambda x: layers.Dense(4)(_run(x))), True, []),
    "heads in a model, twice": (
        _twice(_residual),
        True,
        [("within", "does not skip"), ("top", "does not skip")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_padding(case: str) -> None:
    build, is_masked, differing = CASES[case]
    ids = keras.Input((5,), dtype="int32", name="words")
    embedded = layers.Embedding(9, 4, mask_zero=True, name="table")(ids)
    found = read_keras(keras.Model(ids, build(embedded)))
    assert found.wirings is not None, found.unread
    calls = {block.layer: block.call for block in found.wirings.at[0].blocks}
    assert ("mask=true" in calls["table"]) is is_masked
    assert len(found.differences) == len(differing)
    for item, (where, word) in zip(found.differences, differing, strict=True):
        assert (item.where, item.numbers) == (where, True)
        assert word in item.what


def test_a_mask_of_other_steps_is_refused() -> None:
    x = keras.Input((5, 3), name="x")
    masked = layers.Masking(name="marks")(x)
    shifted = keras.ops.flip(keras.ops.any(keras.ops.not_equal(x, 0), axis=-1), axis=1)
    run = layers.GRU(2, name="run")(masked, mask=shifted)
    found = read_keras(keras.Model(x, run))
    assert [item.name for item in found.unread] == ["run"]
    assert "mask" in found.unread[0].reason


class _Waiting(layers.Layer):
    """A loop over a cell, whose state is another value where a step is padded."""

    def __init__(self, *, to_input: bool) -> None:
        super().__init__()
        self.cell, self.to_input = layers.GRUCell(4), to_input
        self.supports_masking = True

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        x, valid = inputs
        h = keras.ops.zeros_like(x[:, 0])
        for step in range(3):
            now = x[:, step]
            new, _ = self.cell(now, [h])
            h = keras.ops.where(valid[:, step, None], new, now if self.to_input else h)
        return h

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None


@pytest.mark.parametrize("to_input", [False, True])
def test_a_state_may_wait_and_be_no_other_value(to_input: bool) -> None:
    ids = keras.Input((3,), dtype="int32", name="words")
    x = layers.Embedding(9, 4, mask_zero=True, name="table")(ids)
    found = read_keras(
        keras.Model(ids, _Waiting(to_input=to_input)([x, keras.ops.not_equal(ids, 0)]))
    )
    if to_input:
        assert "than that of the step before" in found.unread[0].reason
        return
    assert found.wirings is not None, found.unread
    table, cell = found.wirings.at[0].blocks[1:3]
    assert (table.call, cell.call, cell.steps) == ("embedding(4, mask=true)", "gru(4)", 3)
    assert found.differences == ()
