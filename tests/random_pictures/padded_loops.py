"""seed → loop over padded sequences: its rows begin later than others, end earlier, and read padded rows beside it.

::

        G     G-----G       a row above the loop, or none
        |     |     |
        Y     Y     Y       begins some steps late, or ends early
        |     |     |
    D---D-----D-----D
   /|  /|    /|    /|
  X | X |   y |   y |       what `D` reads before there is a `Y`: a row of its own, or nothing
    |   |     |     |
    A   A     A     A
    |   |     |     |
    Z   Z     Z     Z

Its warm-up may be of a free length: `D-...-D` before the first `Y`, or it may end so.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SPACING = 8
"""Columns from one step to the next: an ellipsis has room between them."""

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
    elided = _elided(seed, late, length - early)
    length, late = length + elided.added, late + elided.added
    columns = [2 + SPACING * step for step in range(length)]
    given = columns[late : length - early]
    # Before there is a `Y`, its delayed nodes are zero, or another row stands in their place.
    begun = min(late + rng.choice([0, 1]), length - 1) if rng.random() < 0.6 else 0
    below, above = rng.choice(BELOW), rng.choice(ABOVE)
    # X ... y could go on either way; of the two lengths of Z one is that of X ... X, or nobody knows either.
    if begun - 1 in elided.after or (not begun and len(elided.after) > 1):
        begun = late
    gaps = [columns[step] for step in elided.after]
    own = [column for column in gaps if column in given]
    rows = [*_row("G", given, own, above), _line("Y", given, own)]
    # Y ... Y of a free length is as long as what it reads beside D.
    rows += _beside(given, own) if own else [_line("|", given)]
    before = dict.fromkeys((column - 2 for column in columns[:begun]), "X")
    delayed = dict.fromkeys((column - 2 for column in columns[begun:]), "y")
    beside = dict.fromkeys(columns, "|")
    rows += [
        _chain("D", columns, gaps),
        _placed({column - 1: "/" for column in columns} | dict.fromkeys(columns, "|")),
        _placed(before | delayed | beside | _dots(gaps)),
        *_row("A", columns, gaps, below),
        _line("|", columns),
        _line("Z", columns, gaps),
    ]
    layers = {
        "Z": f"input(3{rng.choice(PADDED)})",
        "X": f"input(2{rng.choice(BESIDE)})" if before else "",
        "D": rng.choice(RECURRENT),
        "Y": rng.choice(["dense(2)", "dense(2, tanh)", "rnn(2)"]),
        "G": above,
        "A": below,
        "W": f"input(2{rng.choice(BESIDE)})" if own else "",
    }
    return "\n".join([*rows, "", *(f"{key} = {call}" for key, call in layers.items() if call), ""])


class _Elided(NamedTuple):
    """The steps that an ellipsis comes after, and how many steps more are drawn beside it."""

    after: tuple[int, ...] = ()
    added: int = 0


def _elided(seed: int, late: int, end: int) -> _Elided:
    """Where steps of a free number are: before there is a `Y`, while there is one, both, or nowhere."""
    rng = Random(f"free loop {seed}")
    if rng.random() < 0.5:
        return _Elided()
    # D ... D before the first Y: a step of these is there already, if it begins late.
    added = 2 - late if late < 2 else 0
    warm_up = (late + added - 2,)
    own = (end + added - 2,)
    if end - late < 2:
        return _Elided(warm_up, added)
    return rng.choice([_Elided(warm_up, added), _Elided((*warm_up, *own), added)])


def _row(letter: str, columns: Sequence[int], gaps: Sequence[int], call: str) -> list[str]:
    """A row above others, and its wires; nothing if it has no layer."""
    if not call:
        return []
    draw = _chain if call in ("gru(2)", *RECURRENT) else _line
    row, wires = draw(letter, columns, gaps), _line("|", columns)
    return [wires, row] if letter == "A" else [row, wires]


def _beside(columns: Sequence[int], gaps: Sequence[int]) -> list[str]:
    """A row that each node reads beside the one below it, and their wires."""
    wires = dict.fromkeys(columns, "|")
    return [
        _placed(dict.fromkeys((column - 1 for column in columns), "/") | wires),
        _placed(dict.fromkeys((column - 2 for column in columns), "W") | wires | _dots(gaps)),
        _line("|", columns),
    ]


def _line(letter: str, columns: Sequence[int], gaps: Sequence[int] = ()) -> str:
    return _placed(dict.fromkeys(columns, letter) | _dots(gaps))


def _chain(letter: str, columns: Sequence[int], gaps: Sequence[int]) -> str:
    between = (place for left, right in pairwise(columns) for place in range(left + 1, right))
    return _placed(dict.fromkeys(between, "-") | dict.fromkeys(columns, letter) | _dots(gaps))


def _dots(gaps: Sequence[int]) -> dict[int, str]:
    """An ellipsis behind each of some columns, with room on both sides."""
    return {gap + place: "." for gap in gaps for place in (2, 3, 4)}


def _placed(letters: dict[int, str]) -> str:
    return "".join(letters.get(place, " ") for place in range(max(letters) + 1))
