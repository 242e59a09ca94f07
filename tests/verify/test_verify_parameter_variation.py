"""A builder is tried with other values of its parameters: those that the picture can have."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

import seqdsl
from seqdsl import targets
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.jobs import from_dict
from seqdsl.verify.parameter_variation import compiled_with, varied
from seqdsl.verify.report import Result
from seqdsl.verify.runner import run

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

TWICE = """
    Y Y   dense(9)
    | |
E=E-D-D
| | | |
X X Z Z

units = 6
X = input(8)
Z = input(7)
E = lstm(units)
D = lstm(twice)
"""

BOUND = """
  H H   gru(units)
  | |
  M M   max
  | |
+-+-+
| |
F B B B

F = input(wide)
B = input(features)
units = 32
wide = 1
features = 1
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
    assert found.model and found.values == expected and found.fixed == ()
    assert {**found.model.spec.defaults, **expected} == found.model.spec.defaults


def test_nothing_can_change() -> None:
    assert varied(seqdsl.compile(NONE, "picture.seq")) == ({}, None, ())


def test_what_cannot_change_is_named() -> None:
    text = TWICE.replace("(twice)", "(12)")
    assert varied(seqdsl.compile(text, "picture.seq")) == ({}, None, ("units",))
    found = varied(seqdsl.compile(TWICE.replace("(twice)", "(2 * units)"), "picture.seq"))
    assert (found.values, found.fixed) == ({"units": 7}, ())


def test_a_number_that_no_file_may_hold_is_not_compiled_with() -> None:
    model = seqdsl.compile(PLAIN, "picture.seq")
    assert compiled_with(model, {"wide": 2**31 - 1})
    assert compiled_with(model, {"wide": 2**31}) is None


def test_what_fits_its_default_only_is_not_varied() -> None:
    # Both are 1 wide: for the compiler `max` may spread either, which the generated code does not.
    found = varied(seqdsl.compile(BOUND, "picture.seq"))
    assert found.values.keys() == {"units"} and set(found.fixed) == {"features", "wide"}
    assert all(item.passed for item in verified(BOUND))


def test_what_must_divide_still_does() -> None:
    found = varied(seqdsl.compile(HEADS, "picture.seq"))
    assert found.values["wide"] % 4 == 0 and found.values["wide"] != 8


def test_the_alternate_build_is_what_the_compiler_says() -> None:
    job = job_for(seqdsl.compile(PLAIN, "picture.seq"), "keras")
    alternate = job.alternate
    assert alternate and str(alternate) == "build_model(units=33, wide=5)"
    assert alternate.parameters == 4 * 33 * (5 + 33 + 1) + (33 + 1) * 2
    assert alternate.inputs[0].shape == (3, 5) and alternate.case.inputs == ((1, 3, 5),)
    assert from_dict(json.loads(json.dumps(asdict(job)))) == job


def test_a_count_is_an_argument_of_the_builder_as_well() -> None:
    text = HEADS.replace("heads=4", "heads=many") + "many = 4\n"
    model = seqdsl.compile(text, "picture.seq")
    assert [item.name for item in model.spec.parameters] == ["wide", "many"]
    assert varied(model).values == {"wide": 16, "many": 8}
    assert " ".join(model.source("keras").split()).count("many, key_dim=wide // many,") == 1
    assert "nn.MultiheadAttention(wide, many," in model.source("torch")


def verified(text: str, source: str = "") -> list[Result]:
    """The results of the checks without a proof, in PyTorch, of a picture or of a source in its place."""
    model = seqdsl.compile(text, "picture.seq")
    job = job_for(model, "torch")
    framework = targets.runtime("torch")
    return list(run(replace(job, source=source or job.source), framework, lambda _: None))


def test_a_report_says_what_was_not_tried() -> None:
    results = verified(TWICE.replace("(twice)", "(12)"))
    assert all(item.passed for item in results)
    assert [item.message for item in results if item.message] == [
        "no other value of `units` was tried: the picture has errors with them, "
        "or works with the default only (SEQ410)"
    ]
    results = verified(TWICE.replace("(twice)", "(2 * units)"))
    assert all(item.passed and not item.message for item in results)


def test_a_failed_alternate_build_names_its_arguments() -> None:
    text = TWICE.replace("(twice)", "(2 * units)")
    source = seqdsl.compile(text, "picture.seq").source("torch").replace("2 * units", "12")
    (result,) = verified(text, source)
    assert not result.passed and result.check == "build"
    assert result.message.startswith("build_model(units=7) fails: RuntimeError")
    assert "of the generated code" in result.message
