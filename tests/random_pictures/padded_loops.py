"""seed → loop over padded sequences: its rows begin later than others, end earlier, and read padded rows beside it.

::

        G     G-----G       a row above the loop, or none
        |     |     |
        Y     Y     Y       begins some steps late, or ends early
        |     |     |
    D---D-----D-----D
   /|  /|    /|    /|
  X A X A   y A   y A       what `D` reads before there is a `Y`: a row of its own, or nothing
    |   |     |     |
    Z   Z     Z     Z
"""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SPACING = 6
"""Columns from one step to the next."""

PADDED = (", mask=0", ", mask=0, padding=end", ", mask=-1", ", lengths=true")
BESIDE = ("", ", mask=0", ", mask=0, padding=end")
RECURRENT = ("rnn(3)", "gru(3)", "lstm(3)")
BELOW = ("", "", "rnn(2)", "dense(2)", "conv(2, 2, padding=causal)")
ABOVE = ("", "", "dense(3)", "gru(2)")


def random_padded_loop(seed: int) -> str:
    """A picture of a loop over padded steps, the same for a seed on every machine."""
    rng = Random(f"padded loop {seed}")
    length = rng.choice([3, 4, 5])
    late, early = min(rng.choice([0, 0, 1, 2]), length - 2), rng.choice([0, 0, 1])
    # A single `Y` would be no row: what all its delayed nodes give were known at once.
    early = min(early, length - late - 2)
    columns = [2 + SPACING * step for step in range(length)]
    given = columns[late : length - early]
    # Before there is a `Y`, its delayed nodes are zero, or another row stands in their place.
    begun = min(late + rng.choice([0, 1]), length - 1) if rng.random() < 0.6 else 0
    below, above = rng.choice(BELOW), rng.choice(ABOVE)
    rows = [*_row("G", given, above), _line("Y", given), _line("|", given)]
    before = dict.fromkeys((column - 2 for column in columns[:begun]), "X")
    delayed = dict.fromkeys((column - 2 for column in columns[begun:]), "y")
    rows += [
        _chain("D", columns),
        _placed({column - 1: "/" for column in columns} | dict.fromkeys(columns, "|")),
        _placed(before | delayed | dict.fromkeys(columns, "A" if below else "|")),
        _line("|", columns),
        _line("Z", columns),
    ]
    layers = {
        "Z": f"input(3{rng.choice(PADDED)})",
        "X": f"input(2{rng.choice(BESIDE)})" if before else "",
        "D": rng.choice(RECURRENT),
        "Y": rng.choice(["dense(2)", "dense(2, tanh)", "rnn(2)"]),
        "G": above,
        "A": below,
    }
    return "\n".join([*rows, "", *(f"{key} = {call}" for key, call in layers.items() if call), ""])


def _row(letter: str, columns: Sequence[int], call: str) -> list[str]:
    """A row above others, and its wires; nothing if it has no layer."""
    if not call:
        return []
    draw = _chain if call in ("gru(2)", *RECURRENT) else _line
    return [draw(letter, columns), _line("|", columns)]


def _line(letter: str, columns: Sequence[int]) -> str:
    return _placed(dict.fromkeys(columns, letter))


def _chain(letter: str, columns: Sequence[int]) -> str:
    between = (place for left, right in pairwise(columns) for place in range(left + 1, right))
    return _placed(dict.fromkeys(between, "-") | dict.fromkeys(columns, letter))


def _placed(letters: dict[int, str]) -> str:
    return "".join(letters.get(place, " ") for place in range(max(letters) + 1))
