"""Both pictures of a message are real: the right one compiles, also for data of other shapes, the wrong one differs."""

from __future__ import annotations

import re

import pytest

from seqdsl.api import analyze
from seqdsl.diagnosis.diagnose import diagnose
from seqdsl.diagnosis.kinds import BY_NAME, KINDS
from seqdsl.explain.arrays import Array

SHAPES = {
    "long": ((1000, 20, 4), (1000, 5)),
    "steps": ((1000, 5, 7), (1000, 5, 3)),
    "free": ((None, None, 4), (None, None, 2)),
    "flat": ((1000, 12), (1000,)),
    "one step": ((8, 1, 4), (8, 1, 1)),
    "images": ((8, 6, 12, 3), (8, 2)),
    "empty": ((0, 0, 0), (0,)),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_the_right_picture_has_no_findings(name: str) -> None:
    (first, *_) = diagnose(BY_NAME[name].message).explanations
    assert first.found.kind.name == name
    assert analyze(first.right, "right.seq").models
    assert not analyze(first.right, "right.seq").diagnostics


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("shapes", SHAPES)
def test_data_of_any_shape_gets_a_picture(name: str, shapes: str) -> None:
    data, target = SHAPES[shapes]
    (first, *_) = diagnose(
        BY_NAME[name].message, [Array(None, data)], [Array(None, target)]
    ).explanations
    analysis = analyze(first.right, "right.seq")
    # The numbers of some data are suspicious in any picture, as 32 units over 32 steps are: warnings are all right.
    assert analysis.models and not any(item.is_error for item in analysis.diagnostics)
    assert first.fits or first.notes


def meaning(text: str) -> list[str]:
    """What the models of a picture mean, without names and places; empty if it does not compile."""
    return [str(model.ir) for model in analyze(text, "picture.seq").models]


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if kind.wrong])
def test_the_wrong_picture_is_another_one(name: str) -> None:
    (first, *_) = diagnose(BY_NAME[name].message).explanations
    assert meaning(first.wrong) != meaning(first.right)


def test_the_shapes_of_data_are_in_the_right_picture() -> None:
    message = BY_NAME["keras-target-has-steps"].message
    data, target = Array(None, (1000, 20, 7)), Array(None, (1000, 20, 5))
    (first, *_) = diagnose(message, [data], [target]).explanations
    (model,) = analyze(first.right).models
    assert [model.length(size) for size in (*model.inputs[0].shape, *model.outputs[0].shape)] == [
        20,
        7,
        20,
        5,
    ]
    assert first.fits and not first.notes


def test_data_that_the_right_picture_does_not_take_gets_one_of_the_catalogue() -> None:
    # Many targets for many steps, but not as many: the picture that is right for as many does not fit.
    message = BY_NAME["keras-target-has-steps"].message
    data, target = Array(None, (1000, 20, 7)), Array(None, (1000, 25, 5))
    (first, *_) = diagnose(message, [data], [target]).explanations
    assert first.fits is False and "25 steps" in first.notes[0]
    assert first.instead is not None
    (model,) = analyze(first.instead.text).models
    assert [model.length(size) for size in model.outputs[0].shape] == [25, 5]


def test_numbers_of_the_message_are_in_both_pictures() -> None:
    (first, *_) = diagnose(
        "input.size(-1) must be equal to input_size. Expected 11, got 17"
    ).explanations
    assert "input(11)" in first.wrong and "input(17)" in first.right
    assert "11 features" in first.meaning and "17" in first.meaning


@pytest.mark.parametrize("number", ["0", "00", "999999999999", "²"])
def test_numbers_that_no_picture_has_are_left(number: str) -> None:
    (first, *_) = diagnose(
        f"input.size(-1) must be equal to input_size. Expected 4, got {number}"
    ).explanations
    assert analyze(first.right).models


@pytest.mark.parametrize("name", BY_NAME)
def test_what_it_means_is_said_in_two_sentences(name: str) -> None:
    (first, *_) = diagnose(BY_NAME[name].message).explanations
    code = re.sub(r"`[^`]*`", "code", first.meaning)
    assert len(re.findall(r"\.(?= |$)", code)) == 2
    assert "$" not in first.meaning + first.fix


def test_other_kinds_that_are_named_exist() -> None:
    for kind in KINDS:
        assert set(kind.also) <= set(BY_NAME) - {kind.name}
    assert len(BY_NAME) == len(KINDS)
