"""An input that is fed back is one as any other while a model is trained, in every target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seqdsl.api import analyze
from seqdsl.targets import TARGETS, NotWrittenError
from seqdsl.verify import generated_job
from seqdsl.verify.cache import Cache
from seqdsl.verify.changed_only import verify_changed
from seqdsl.verify.pool import verify

if TYPE_CHECKING:
    from pathlib import Path

    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.notes import Module

TEXT = """
    Y Y ... Y
    | |     |
    H-H-...-H
    | |     |
    W W ... W
    | |     |
    Z Z ... Z

    Z = tokens(9, feedback=Y)
    W = embedding(4)
    H = gru(5)
    Y = dense(9)
"""


def test_an_input_that_is_fed_back_is_one_as_any_other() -> None:
    (model,) = analyze(TEXT, "fed.seq").models
    report = verify([model], TARGETS)
    assert report.results and not [item.message for item in report.results if not item.passed]


CHOSEN = """
    G G G   argmax
    | | |
    Y Y Y   dense(5)
    | | |
    D-D-D
    | | |
    X W W
      | |
      g g

    X = input(3)
    W = embedding(3)
    D = gru(4)
"""
"""The first id is chosen before the loop, the others in it."""

LOOKED_UP = CHOSEN.replace("    G G G ", "    V V V   embedding(2)\n    | | |\n    G G G ", 1)

CHANGED = """
    Y   Y   Y   Y   dense(2)
    |   |   |   |
    D---D---D---D
    |  /|  /|  /|
    Z Z y y Z y Z

    Z = input(2)
    D = gru(5)
"""
"""Two loops, one after the other, which run the same layers: the wires into ``D`` change places between them."""


HEADS = """
                      Y   Y   Y
                      |   |   |
    E-E-E-E           D---D---D
    | | | |          /|  /|  /|
    | | | |         C | C | C |
    | | | |         | | | | | |
    | | | |         d | d | d |
    | | | |           |   |   |
    X X X X           Z   Z   Z

    X = input(4)
    Z = input(5)
    E = gru(8)
    D = gru(6)
    C = attention(E, heads=2, key=4)
    Y = dense(5)
"""
"""As wide as the state that asks, whatever the memory is."""


STRIDED = """
    Y   Y   ... Y   dense(2)
    |   |       |
    D---D---...-D
    |\\  |\\      |\\
    | y | y ... | y
    |   |       |
    F   F   ... F
    |   |       |
    X X X X ... X X

    X = input(3)
    F = dense(4)
    D = gru(4)
"""
"""Of ``y`` as many steps are elided as of its letter, half as many as of the lowest row."""


FED_IDS = """
    Y   Y   Y   Y   dense(5)
    |   |   |   |
    | A | A | A | A   argmax
    |/  |/  |/  |/
    H---H---H---H   gru(3)
    |\\  |\\  |\\  |\\
    | V | V | V | V   embedding(3)
    | | | | | | | |
    | S | a | a | a
    |   |   |   |
    Z   Z   Z   Z

    Z = input(5, feedback=Y, choose=true)
    S = tokens(3)
"""
"""Of what a loop gave before, ids have no axis of features."""


FED_PAST = """
      Y   Y  ...  Y   dense(2)
      |   |       |
      A   A  ...  A   attention(heads=2, causal=true)
      |   |       |
      +---+-------+
      |   |       |
      D   D  ...  D   dense(units, tanh)
     /|  /|      /|
    a Z a Z ... a Z

    units = 4
    Z = input(2, feedback=Y)
"""
"""Attention to a loop's own past, however long that is; what a parameter is wide begins as zero."""

NAMED_PAST = """
    Y Y Y Y   dense(4)
    | | | |
    A A A A   attention(D, causal=true)
    | | | |
    D D D D   dense(4, tanh)
    | | | |
    S y y y

    S = input(4)
"""


JOINED = """
          Y Y   dense(2)
          | |
    E=E---D-D
    | |   | |
    X X   y y

    X = input(2)
    E = lstm(2)
    D = lstm(4)
"""
"""The loop begins with the states of both directions, side by side."""


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (STRIDED, ["numpy"]),
        (CHOSEN, TARGETS),
        (LOOKED_UP, ["numpy", "torch"]),
        (CHANGED, TARGETS),
        (HEADS, ["numpy", "torch"]),
        (FED_IDS, TARGETS),
        (FED_PAST, TARGETS),
        (NAMED_PAST, TARGETS),
        (JOINED, ["keras"]),
    ],
    ids=[
        "strided",
        "chosen",
        "looked up",
        "changed",
        "heads",
        "fed ids",
        "fed past",
        "named past",
        "joined",
    ],
)
def test_loops_compute_what_is_drawn(text: str, targets: tuple[str, ...]) -> None:
    (model,) = analyze(text, "parts.seq").models
    report = verify([model], targets)
    assert report.results and not [item.message for item in report.results if not item.passed]


@pytest.mark.parametrize("raised", [NotWrittenError("no such loop"), KeyError("no such loop")])
def test_a_model_that_cannot_be_written_does_not_end_the_run(
    raised: Exception, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    models = [
        *analyze("H   gru(2)\n|\nX   input(2)", "a.seq").models,
        *analyze("H   rnn(2)\n|\nX   input(2)", "b.seq").models,
    ]
    write = generated_job.write

    def writes_one(spec: ModelSpec, target: str) -> Module:
        if spec is models[0].spec:
            raise raised
        return write(spec, target)

    monkeypatch.setattr(generated_job, "write", writes_one)
    reports = [
        verify(models, ["numpy"], checks=["shapes"]),
        verify_changed(models, ["numpy"], Cache(tmp_path, ["numpy"]), checks=["shapes"]),
    ]
    for report in reports:
        (failure,) = report.failures
        assert (failure.check, failure.file, failure.line) == ("source", "a.seq", 1)
        assert "no such loop" in failure.message
        assert {item.file for item in report.results if item.passed} == {"b.seq"}
