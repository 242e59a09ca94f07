"""What checks find of a picture decides whether it is written, and what is named."""

from __future__ import annotations

from typing import Any

import pytest

from seqdsl.importers.reading import Difference
from seqdsl.porting.grading import outcome_of
from seqdsl.porting.outcome import Comparison, Grade
from seqdsl.porting.sentences import differing, equal, refused

RIGHT = Comparison(3, "float64", 1e-17, gradients=2)
SAID = (Difference("drop", "its dropout is another"),)


def result(check: str, message: str = "") -> dict[str, Any]:
    return {"result": {"check": check, "passed": not message, "message": message}}


def own(**changes: Any) -> dict[str, Any]:
    return {"own": {**RIGHT.to_json(), **changes}}


CASES: dict[str, tuple[list[dict[str, Any]], tuple[Difference, ...], Grade, str]] = {
    "exact": ([own(), result("shapes")], (), Grade.EXACT, "largest difference 1.0e-17"),
    "nothing compared": ([], (), Grade.REFUSED, "Nothing"),
    "values": ([own(fault="`y` differs")], (), Grade.REFUSED, "own weights: `y` differs"),
    "padding": ([own(padding="`y` (batch 5)")], (), Grade.EQUAL_BUT, "padded steps"),
    "a check": ([own(), result("reference", "no")], SAID, Grade.REFUSED, "reference: no"),
    "in training": ([own(), result("training", "no")], (), Grade.REFUSED, "training: no"),
    "in training, named": (
        [own(), result("training", "no")],
        SAID,
        Grade.EQUAL_BUT,
        "in training: no",
    ),
    "named": ([own()], SAID, Grade.EQUAL_BUT, "`drop`: its dropout"),
    "unused": ([own(), {"unused": 4}], (), Grade.EQUAL_BUT, "4 weights"),
    "too many": ([own(), {"unused": -4}], (), Grade.REFUSED, "4 weights more"),
    "taken": ([own(taken="SORTED")], (), Grade.EQUAL_BUT, "not sorted by length"),
    "reshaped": ([own(reshaped=["y"])], (), Grade.EQUAL_BUT, "`y` has an axis"),
}


@pytest.mark.parametrize("name", CASES)
def test_grades(name: str) -> None:
    answers, differences, grade, words = CASES[name]
    outcome = outcome_of(answers, differences, "torch 2", "")
    assert outcome.grade is grade
    told = " ".join([equal(outcome), *differing(outcome), *refused(outcome)])
    assert words in told
