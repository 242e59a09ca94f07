"""Phrases are made of phrases by what they hold."""

from __future__ import annotations

import pytest

from seqdsl.explain.phrases import (
    All,
    Back,
    Ends,
    Every,
    Phrase,
    Run,
    Steps,
    beside,
    enumerated,
    ordinal,
)
from seqdsl.explain.words import ANY, listed


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        (Phrase("`X`"), "`X`"),
        (Phrase("`X`", All(6)), "all 6 steps of `X`"),
        (Phrase("`X`", All(ANY)), "all steps of `X`"),
        (Phrase("`X`", All(1)), "the only step of `X`"),
        (Phrase("`X`", All(2)), "both steps of `X`"),
        (Phrase("`X`", Back(4, 2)), "the fourth to the second step from the end of `X`"),
        (Phrase("`X`", Ends("last", 1, "of the 6 steps")), "the last step of `X`"),
        (Phrase("`X`", Ends("last", 3, "of the 6 steps")), "the last 3 of the 6 steps of `X`"),
        (Phrase("`X`", Run(2, "n + 1", " of the n steps")), "steps 2 to n + 1 of the n steps of `X`"),
        (Phrase("`X`", Every(2, "step")), "every second step of `X`"),
        (Phrase("`X`", Every(6, "step")), "every 6th step of `X`"),
    ],
)  # fmt: skip
def test_words(phrase: Phrase, words: str) -> None:
    assert str(phrase) == words


@pytest.mark.parametrize(
    ("phrase", "total", "owner"),
    [
        (Phrase("`X`", All(6)), 6, "`X`"),
        (Phrase("`X`", All("n")), "n", "`X`"),
        (Phrase("`X`", All(ANY)), ANY, "`X`"),
        (Phrase("`X`", All(3)), 6, "all 3 steps of `X`"),
        (Phrase("`X`", All(1)), 1, "the only step of `X`"),
        (Phrase("`X`", Ends("last", 1, "steps")), 6, "the last step of `X`"),
        (Phrase("`all 6 steps of`"), 6, "`all 6 steps of`"),
    ],
)
def test_steps_that_are_counted_are_not_counted_twice(
    phrase: Phrase, total: int | str, owner: str
) -> None:
    assert phrase.of(total) == owner


@pytest.mark.parametrize(
    ("steps", "is_one"),
    [
        (None, True),
        (All(1), True),
        (All(ANY), False),
        (Ends("last", 1, "steps"), True),
        (Ends("last", 2, "steps"), False),
        (Run(1, 2), False),
        (Back(4, 2), False),
        (Every(2, "step"), True),
    ],
)
def test_verbs_behind_a_phrase_agree_with_it(steps: Steps | None, is_one: bool) -> None:
    assert Phrase("`X`", steps).is_one is is_one


def test_lists_of_what_has_commas_have_one_more() -> None:
    repeated = Phrase("`C`").then(", repeated at each of 3 steps")
    assert str(enumerated([repeated, Phrase("`Z`")])) == "`C`, repeated at each of 3 steps, and `Z`"
    assert listed(["`h` (6,)", "`c` (6,)"]) == "`h` (6,) and `c` (6,)"


def test_what_is_spoken_of_one_by_one_is_not_said_to_be_so_twice() -> None:
    assert Phrase("`X`", Every(2, "step")).each == "every second step of `X`"
    assert Phrase("`X`", Run(1, 2)).each == "each of steps 1 to 2 of `X`"


def test_several_begin_with_the_steps_of_the_first() -> None:
    both = beside([Phrase("`A`", All(6)), Phrase("`B`", All(6))], " beside ")
    assert str(both) == "all 6 steps of `A` beside all 6 steps of `B`"
    assert both.of(6) == "`A` beside all 6 steps of `B`"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"), (2, "second"), (5, "fifth"), (6, "6th"), (10, "10th"), (11, "11th"), (12, "12th"),
        (13, "13th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (24, "24th"), (100, "100th"), (101, "101st"),
        (111, "111th"), (112, "112th"), (113, "113th"), (121, "121st"), (1_011, "1011th"),
    ],
)  # fmt: skip
def test_a_place_is_written_as_it_is_said(number: int, words: str) -> None:
    assert ordinal(number) == words
