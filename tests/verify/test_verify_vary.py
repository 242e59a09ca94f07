"""A builder is tried with other values of its parameters: those that the picture can have."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

import seqdsl
from seqdsl.verify.jobs import from_dict, job_for
from seqdsl.verify.vary import varied

PLAIN = """
    Y   dense(2)
    |
H H H   lstm(units)
| | |
X X X   input(wide)

wide = 3
"""

HEADS = """
Y   Y   Y   attention(heads=4)
|   |   |
+---+---+
|   |   |
X   X   X   input(wide)

wide = 8
"""

LENGTH = """
A A ..n.. A   dense(2)
| |       |
X X ..n.. X   input(3)

n = 9
"""

DIVIDED = """
Y   Y   Y   split
|   |   |
+---+---+
    |
    X

X = input(wide)
wide = 6
"""

NONE = PLAIN.replace("(units)", "(4)").replace("(wide)", "(3)").replace("wide = 3", "")
RATE = PLAIN.replace("lstm(units)", "lstm(4, dropout=rate)").replace(
    "wide = 3", "wide = 3\nrate = 0.5"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN, {"units": 33, "wide": 5}),
        (LENGTH, {"n": 10}),
        (DIVIDED, {"wide": 12}),
        (RATE, {"wide": 4}),
    ],
)
def test_all_that_can_change(text: str, expected: dict[str, int]) -> None:
    found = varied(seqdsl.compile(text, "picture.seq"))
    assert found
    values, model = found
    assert values == expected
    assert {**model.spec.defaults, **values} == model.spec.defaults


def test_nothing_can_change() -> None:
    assert varied(seqdsl.compile(NONE, "picture.seq")) is None


def test_what_must_divide_still_does() -> None:
    found = varied(seqdsl.compile(HEADS, "picture.seq"))
    assert found and found[0]["wide"] % 4 == 0 and found[0]["wide"] != 8


def test_the_trial_is_what_the_compiler_says() -> None:
    job = job_for(seqdsl.compile(PLAIN, "picture.seq"), "keras")
    trial = job.trial
    assert trial and str(trial) == "build_model(units=33, wide=5)"
    assert trial.parameters == 4 * 33 * (5 + 33 + 1) + (33 + 1) * 2
    assert trial.inputs[0].shape == (3, 5) and trial.case.inputs == ((1, 3, 5),)
    assert from_dict(json.loads(json.dumps(asdict(job)))) == job


def test_a_count_is_no_argument_of_the_builder() -> None:
    text = HEADS.replace("heads=4", "heads=many") + "many = 4\n"
    model = seqdsl.compile(text, "picture.seq")
    assert [item.name for item in model.spec.parameters] == ["wide"]
    for target in ("keras", "torch"):
        assert "many" not in model.source(target).partition("def build_model")[2].partition(")")[0]
