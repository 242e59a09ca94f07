"""Columns that are repeated, left out or elided."""

from __future__ import annotations

import pytest

from seqdsl.catalogue.stretch import TooShort, stretch

LAST = ["    Y Y Y", "    | | |", "X X X X X"]
RULER = "  n   m"


@pytest.mark.parametrize(
    ("lengths", "rows"),
    [
        ({"n": 5, "m": 3}, LAST),
        ({"n": 3, "m": 2}, ["  Y Y", "  | |", "X X X"]),
        ({"n": 8, "m": 2}, ["            Y Y", "            | |", "X X X X X X X X"]),
        ({"n": 9, "m": 2}, ["          Y Y", "          | |", "X X ..n.. X X"]),
        ({"n": None, "m": 2}, ["      Y Y", "      | |", "X ... X X"]),
        (
            {"n": 30, "m": 9},
            ["          Y Y ..m.. Y", "          | |       |", "X X ..n.. X X  ...  X"],
        ),
    ],
)
def test_lengths(lengths: dict[str, int | None], rows: list[str]) -> None:
    assert stretch(LAST, RULER, lengths) == rows


@pytest.mark.parametrize(("n", "m"), [(5, 1), (3, 3), (1, 2)])
def test_too_short(n: int, m: int) -> None:
    with pytest.raises(TooShort, match="at least"):
        stretch(LAST, RULER, {"n": n, "m": m})


def test_a_state_wire_goes_on_across_the_ellipsis() -> None:
    rows = ["H-H-H", "| | |", "+-+-+", "|", "X"]
    drawn = ["H-H-..n..-H", "| |       |", "+-+-------+", "|", "X"]
    assert stretch(rows, "  n", {"n": 9}) == drawn


def test_a_length_that_is_no_multiple() -> None:
    rows = ["  M     M     M", "X   X X   X X   X"]
    with pytest.raises(TooShort, match="multiple of 2, and 7 is not"):
        stretch(rows, "      nnnnnn", {"n": 7})
