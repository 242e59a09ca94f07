"""Where padding may stand: `padding=` on inputs and tokens, and what it makes of the views."""

from __future__ import annotations

import pytest

from seqdsl.api import Model, analyze
from seqdsl.ir.expressions import LastSteps, Pad, Slice, ValidFirst, walk

FIRST_TWO = "F F\n| |\nH H H   gru(4)\n| | |\nX X X   {}\n\nF = rnn(5)\n"
EMBEDDED = "Y\n|\nH H H   gru(4)\n| | |\nW W W   {}\n| | |\nX X X   {}\n\nY = dense(5)\n"


def model(text: str) -> Model:
    (found,) = analyze(text).models
    return found


def view_types(text: str) -> set[type]:
    """The kinds of views that the top row of a picture is made of."""
    top = next(block for block in model(text).spec.blocks if block.letter in "FY")
    return {type(item) for view in top.views for item in walk(view)}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (FIRST_TWO.format("input(3, padding=end)"), 18),
        (FIRST_TWO.format("input(3, padding=any)"), 18),
        (EMBEDDED.format("embedding(8)", "tokens(9, padding=end)"), 19),
        (EMBEDDED.format("embedding(8, mask=false)", "tokens(9, padding=end)"), 19),
    ],
)
def test_padding_without_a_mask_is_refused(text: str, column: int) -> None:
    found = [item for item in analyze(text).diagnostics if item.is_error]
    assert [item.code for item in found] == ["SEQ304"]
    assert "no mask says which steps are padding" in found[0].message
    assert found[0].span.column == column


def test_padding_stands_at_the_end_or_anywhere() -> None:
    # What says where it is elsewhere is known: front, or "pre" to Keras, is one of the places of `any`.
    for word, hint in (("front", "write `any`"), ("somewhere", "expected `any` or `end`")):
        found = analyze(FIRST_TWO.format(f"input(3, mask=0, padding={word})")).diagnostics
        assert [(item.code, item.hint) for item in found if item.is_error] == [("SEQ304", hint)]


def test_some_steps_are_counted_over_the_valid_ones() -> None:
    for argument in ("mask=0", "mask=0, padding=any"):
        assert {Slice, ValidFirst} <= view_types(FIRST_TWO.format(f"input(3, {argument})"))


@pytest.mark.parametrize("argument", ["mask=0, padding=end", "name=x"])
def test_steps_are_cut_where_they_stand(argument: str) -> None:
    assert ValidFirst not in view_types(FIRST_TWO.format(f"input(3, {argument})"))


def test_the_last_steps_are_the_last_valid_ones_in_both_cases() -> None:
    last = FIRST_TWO.replace("F F\n| |\n", "  F F\n  | |\n")
    for argument in ("mask=0", "mask=0, padding=end"):
        assert LastSteps in view_types(last.format(f"input(3, {argument})"))


@pytest.mark.parametrize(
    ("tokens", "embedding", "message"),
    [
        ("tokens(5, mask=5)", "embedding(4)", "the vocabulary has the ids 0 to 4"),
        ("tokens(9, mask=5)", "embedding(4, mask=true)", "`mask=true` in `W` above means id 0"),
    ],
)
def test_an_id_that_cannot_mark_padding(tokens: str, embedding: str, message: str) -> None:
    found = [
        item for item in analyze(EMBEDDED.format(embedding, tokens)).diagnostics if item.is_error
    ]
    assert [item.code for item in found] == ["SEQ304"]
    assert message in found[0].message
    assert (found[0].span.line, found[0].span.column) == (7, 19)


def test_tokens_that_mark_padding_are_embeddings_that_do() -> None:
    """`embedding(mask=true)` is `mask=0` on the tokens below: both together mean no more than either."""
    marked = EMBEDDED.format("embedding(4)", "tokens(9, mask=0)")
    twice = EMBEDDED.format("embedding(4, mask=true)", "tokens(9, mask=0)")
    as_before = EMBEDDED.format("embedding(4, mask=true)", "tokens(9)")
    sources = [model(text).source("keras").split('"""')[-1] for text in (marked, twice, as_before)]
    assert "mask_zero=True" in sources[0]
    assert sources[0] == sources[1] == sources[2]


JOINED = "H H H H\n| | | |\nX X Y Y\n\nX = input(3, mask=-1)\nY = {}\nH = gru(4)\n"


@pytest.mark.parametrize("other", ["input(3)", "input(3, mask=0)", "input(3, mask=0, padding=end)"])
def test_the_mask_of_rows_joined_in_time_is_that_of_each(other: str) -> None:
    top = next(block for block in model(JOINED.format(other)).spec.blocks if block.letter == "H")
    assert top.masks == top.views
    # The padding of `x .` and `y y`, one after the other, is not at the end.
    assert not top.masking.at_end


def test_the_last_steps_of_a_masked_row_are_valid_beside_others() -> None:
    text = JOINED.replace("H H H H\n| | | |\n", "  H H H\n  | | |\n").format("input(3)")
    top = next(block for block in model(text).spec.blocks if block.letter == "H")
    assert LastSteps in {type(item) for view in top.views for item in walk(view)}
    assert not top.masks


def test_what_nothing_is_wired_to_is_valid_around_a_mask() -> None:
    for wires, at_end in (("| |    ", False), ("    | |", True)):
        below = wires.replace("|", "X")
        text = f"H H H H\n{wires}\n{below}\n\nX = input(3, mask=0, padding=end)\nH = gru(4)\n"
        top = next(block for block in model(text).spec.blocks if block.letter == "H")
        assert [type(mask) for mask in top.masks] == [Pad]
        # `u u x .`: padding is at the end; `x . u u`: it is not.
        assert top.masking.at_end == at_end
