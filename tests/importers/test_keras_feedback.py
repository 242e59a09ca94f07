"""Keras models whose outputs become inputs → pictures with delayed nodes that compute the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
from click.testing import CliRunner

import seqdsl
from seqdsl.cli.main import cli
from seqdsl.importers.folding import folded
from seqdsl.importers.keras.read import read_keras
from seqdsl.ir.direction import Direction
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.wiring import Block, Passed, Source, Steps, Wiring
from seqdsl.targets.keras.weights import read, write
from seqdsl.verify.spec_weights import layer_weights
from tests.importers import keras_feedback
from tests.importers.wires import lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXPECTED = {
    "forecaster": """
        x: input(3)
        past = lstm(6) x[5]
        future = lstm(6) x.4 head.0 head.1 head.2 begins past
        head = dense(3) future[4]
        -> head
    """,
    "warmed_up": """
        x: input(2)
        lstm = lstm(5) x.0 x.1 x.2 x.3 head.0 head.1 head.2
        head = dense(2) lstm[3:7]
        -> head
    """,
    "attending": """
        x: input(3)
        first: input(2)
        encoder = gru(6) x[5]
        attend = attention encoder.4 decoder.0 decoder.1 & of encoder[5]
        decoder = gru(6) attend.0+first.0 attend.1+head.0 attend.2+head.1 begins encoder
        head = dense(2) decoder[3]
        -> head
    """,
    "cells": """
        input: input(3)
        encoder = gru(6) input[5]
        cell = gru(6) 0 head.0 head.1 head.2 begins encoder
        head = dense(2) cell[4]
        -> head
    """,
    "jordan": """
        x: input(3)
        hidden = dense(7, tanh) x.0+0 x.1+out.0 x.2+out.1 x.3+out.2
        out = dense(2, sigmoid) hidden[4]
        -> out
    """,
    "greedy": """
        x: input(3)
        first: tokens(9)
        words = embedding(4) first.0 argmax.0 argmax.1
        encoder = lstm(6) x[5]
        decoder = lstm(6) words[3] begins encoder
        head = dense(9) decoder[3]
        argmax = argmax head[2]
        y = output head[3]
        -> y
    """,
}
"""The wires of each model, worked out by hand."""


@pytest.mark.filterwarnings("ignore:__array__ implementation")
@pytest.mark.parametrize("name", keras_feedback.MODELS)
def test_the_picture_computes_the_same(name: str) -> None:
    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    original = keras_feedback.MODELS[name]()
    reading = read_keras(original)
    assert reading.wirings is not None, reading.unread
    wanted = [line.strip() for line in EXPECTED[name].split("\n") if line.strip()]
    assert lines(reading.wirings.at[0]) == wanted
    (model,) = seqdsl.compile_all(draw_wirings(reading.wirings))
    generated = model.build("keras")
    own = layer_weights(model.spec)
    placed = [replace(item, place=reading.places[item.name]) for item in own]
    arrays = {
        name: np.random.default_rng(1).normal(size=array.shape)
        for name, array in read(original, placed).items()
    }
    # Biases of new layers are zero, and would not tell.
    write(original, placed, arrays)
    write(generated, own, arrays)
    given = [_random(item) for item in model.inputs]
    expected, found = (
        keras.ops.convert_to_numpy(one(given if len(given) > 1 else given[0]))
        for one in (original, generated)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def _random(item: Any) -> NDArray[Any]:
    rng = np.random.default_rng(2)
    shape = (3, *(size.value({}) for size in item.shape))
    if item.dtype == "int32":
        return rng.integers(1, 9, shape).astype("int32")
    return rng.normal(size=shape).astype("float32")


def test_the_command_imports_a_forecaster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    picture = tmp_path / "forecaster.seq"
    done = CliRunner().invoke(cli, ["import", "keras_feedback:forecaster", "-o", str(picture)])
    assert done.exit_code == 0, done.output
    assert "X X X X X   y y y" in picture.read_text("utf-8")


def _run(block: int | None, read: Source) -> Block:
    initial = None if block is None else Passed(block)
    return Block("h", "gru(3)", None, (Steps(((read,),)),), Direction.FORWARD, initial)


def test_a_state_that_two_runs_go_on_from_is_passed_to_both() -> None:
    """Only what goes on in one way is one row."""
    x = Block("x", "input(3)", 3)
    chain = (x, _run(None, Source(0, 0)), _run(1, Source(0, 1)), _run(2, Source(0, 2)))
    one = folded(Wiring(chain, (0,), (3,)))
    assert [block.steps for block in one.blocks] == [3, 3, None]
    # The last step of the row is what is given.
    assert one.blocks[2].operands == (Steps(((Source(1, 2),),)),)
    branched = (*chain[:3], _run(1, Source(0, 2)))
    assert len(folded(Wiring(branched, (0,), (2, 3))).blocks) == 4


def test_windows_of_two_parts_of_a_row_stay_apart() -> None:
    """A convolution of each half is not one of the whole; a dense layer is."""
    x = Block("x", "input(3)", 4)
    for call, rows in (("conv(3, 3)", 2), ("dense(3)", 1)):
        parts = [
            Block("f", call, 2, (Steps(tuple((Source(0, at + step),) for step in range(2))),))
            for at in (0, 2)
        ]
        joined = folded(Wiring((x, *parts, _both()), (0,), (3,)))
        assert len(joined.blocks) == rows + 2
        # Two results stay two.
        assert len(folded(Wiring((x, *parts), (0,), (1, 2))).blocks) == 3


def _both() -> Block:
    """All steps of both parts."""
    read = tuple((Source(at, step),) for at in (1, 2) for step in range(2))
    return Block("g", "gru(3)", 4, (Steps(read),), Direction.FORWARD)
