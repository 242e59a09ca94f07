"""An input that is fed back is one as any other while a model is trained, in every target."""

from __future__ import annotations

from seqdsl.api import analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.pool import verify

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
