"""Padding that no mask skips: of a single node, and of the places within a step."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze

SENT = "model sent\n\n    V   dense(2)\n    |\nH-H-H   gru(4)\n| | |\n{read}\n\nmodel text\n\n{whole}\n"
OPEN = "X X X   input(4)"
MASKED = "W W W   embedding(4, mask=true)\n| | |\nX X X   tokens(30)"
VALUES = "X X X   input(4, mask=0)"
ROW = "S S S   sent\n| | |\n{row}\n| | |\nX X X   {source}"
DIRECT = "S S S   sent\n| | |\nX X X   {source}"
ONE = "S   sent\n|\n{row}X   {source}"
WORDS = "W W W   embedding(4, mask=true)"
IMAGE = "F   flatten\n|\nX   input(4, 4, 1, mask=0)"
# W reads a sentence, and one word: it is one layer, whose mask is of the sentence.
SHARED = (
    "      Y Y\n      | |\nH-H-H-+ |\n| | |   |\nW W W   W\n| | |   |\nX X X   Z\n\n"
    "X = tokens(9)\nZ = tokens(9)\nW = embedding(4, mask=true)\nH = gru(4)\nY = dense(4)\n"
)


def found(text: str) -> list[str]:
    analysis = analyze(text)
    assert analysis.models, [item.message for item in analysis.diagnostics]
    return [item.hint for item in analysis.diagnostics if item.code == "SEQ415"]


@pytest.mark.parametrize(
    ("read", "whole", "hint"),
    [
        (OPEN, ROW.format(row=WORDS, source="tokens(30, 3)"), "`embedding(mask=true)`"),
        (OPEN, ROW.format(row="D D D   dense(4)", source="input(3, 2, mask=0)"), "`mask=` on its"),
        # What it reads may be masked by itself: in the called picture, or not at all.
        (MASKED, DIRECT.format(source="tokens(30, 3, mask=true)"), ""),
        (OPEN, DIRECT.format(source="input(3, 4, mask=0)"), ""),
        (VALUES, ROW.format(row=WORDS, source="tokens(30, 3)"), ""),
        (OPEN, ROW.format(row="W W W   embedding(4)", source="tokens(30, 3)"), ""),
        # A single node
        (
            OPEN,
            ONE.format(row="W   embedding(4, mask=true)\n|\n", source="tokens(30, 3)"),
            "called",
        ),
        (OPEN, ONE.format(row="", source="input(3, 4, mask=0)"), "called above"),
        (OPEN, ONE.format(row="", source="input(3, 4)"), ""),
        (OPEN, IMAGE, "draw a node for each step"),
        (OPEN, "D   dense(3)\n|\nX   input(4, mask=0)", "draw a node for each step"),
    ],
)
def test_padding_that_is_read_as_data(read: str, whole: str, hint: str) -> None:
    hints = found(SENT.format(read=read, whole=whole))
    assert len(hints) == bool(hint) and all(hint in item for item in hints), hints


def test_a_layer_that_is_a_row_as_well_keeps_its_mask() -> None:
    assert found(SHARED) == []
