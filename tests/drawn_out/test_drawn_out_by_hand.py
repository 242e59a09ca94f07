"""The tool itself, on pictures that were drawn in full by hand."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest

from tests.drawn_out import elided
from tests.drawn_out.same import described
from tests.drawn_out.unroll import Lengths, unroll

ONE_TO_ONE = r"""
    H H ... H   lstm(4)
    | |     |
    X X ... X   input(3)
"""
LAST = r"""
          O O   dense(2)
          | |
    H ... H H   gru(4)
    |     | |
    X ... X X   input(3)
"""
WINDOW = r"""
    Y Y ... Y Y   dense(4)
    |/|     |/|
    X X ... X X   input(3)
"""
AHEAD = r"""
    Y Y ... Y Y   dense(4)
    |\|     |\|
    X X ... X X   input(3)
"""
LATE = r"""
    E E E ... E E   embedding(3)
     / /       /
    X X X ... X X   tokens(5)
"""
POOLED = r"""
    M   ...   M     mean
    |         |
    +-+       +-+
    | |       | |
    X X  ...  X X   input(3)
"""
PYRAMID = r"""
      Y   ...   Y     dense(10, softmax)
      |         |
      P===...===P     gru(8)
     / \       / \
    X   X ... X   X   input(6)
"""
REPEATED = r"""
    Y Y  ...  Y Y   output
    | |       | |
    +-+       +-+
    |         |
    X  ..n..  X     input(4)

    n = 4
"""
ACROSS_GAPS = r"""
    H H-H-H-H-H-...-H-H H   gru(2)
    | | | | | |     | | |
    +-+-+ +-+-+     +-+-+
    |     |         |
    X     X     ... X       input(4)
"""
STRIDE = r"""
    F     ... F       conv(8, 3)
    |         |
    X   X ... X   X   input(4)
"""
BUS = r"""
            Y       dense(2)
            |
    +---+---+---+
    |   |       |
    H   H  ...  H   gru(4)
    |   |       |
    X   X  ...  X   input(3)
"""
FRONT = r"""
    Y Y         dense(4)
    | |
    H-H-H-...   gru(8)
    | | |
    X X X ...   input(3)
"""
BEHIND = r"""
    ...-H-H   gru(8)
        | |
    ... X X   input(3)
"""
TWO = r"""
              Y ..t.. Y   dense(3)
              |       |
    E-..s..-E-D-..t..-D
    |       | |       |
    X ..s.. X Z ..t.. Z

    X = input(8)
    Z = input(7)
    E = gru(12)
    D = gru(12)
"""
BIDIRECTIONAL = r"""
                Y   dense(1)
                |
    H=...=H=H---+   lstm(8)
    |     | |
    X ... X X       input(3)
"""
INITIAL = r"""
      Y ... Y     dense(2)
      |     |
    +-D-...-D
    | |     |
    V X ... X

    V = input(4)
    X = input(3)
    D = gru(4)
"""
RIGHT_TO_LEFT = r"""
    Y             dense(2)
    |
    +-H<...<H<H   gru(4)
      |     | |
      X ... X X   input(3)
"""
QUERIES = r"""
    A   A  ... A   attention
    |   |      |
    +---+------+
    |   |      |
    X   X  ... X   input(3)
"""

PAIRS_AT_END = r"""
    F   F   ...   mean
    |   |
    +-+ +-+
    | | | |
    X X X X ...   input(2)
"""
TWO_TO_TWO = r"""
    Y Y  ...  Y Y   gru(3)
    | |       | |
    +-+       +-+
    | |       | |
    X X  ...  X X   input(4)
"""
ONE_LATE_AT_END = r"""
    E E E ...   embedding(3)
     / /
    X X X ...   tokens(5)
"""

CASES: dict[str, tuple[str, Lengths, str]] = {
    "one to one": (ONE_TO_ONE, (2,), r"""
        H H H H H
        | | | | |
        X X X X X
        """),
    "nothing elided": (ONE_TO_ONE, (0,), r"""
        H H H
        | | |
        X X X
        """),
    "the last two": (LAST, (2,), r"""
              O O
              | |
        H H H H H
        | | | | |
        X X X X X
        """),
    "a window of two": (WINDOW, (2,), r"""
        Y Y Y Y Y Y
        |/|/|/|/|/|
        X X X X X X
        """),
    "a window of two, nothing elided": (WINDOW, (0,), r"""
        Y Y Y Y
        |/|/|/|
        X X X X
        """),
    "a window ahead": (AHEAD, (1,), r"""
        Y Y Y Y Y
        |\|\|\|\|
        X X X X X
        """),
    "one late": (LATE, (2,), r"""
        E E E E E E E
         / / / / / /
        X X X X X X X
        """),
    "pairs": (POOLED, (2,), r"""
        M   M   M
        |   |   |
        +-+ +-+ +-+
        | | | | | |
        X X X X X X
        """),
    "a pyramid": (PYRAMID, (4,), r"""
          Y     Y     Y     Y
          |     |     |     |
          P=====P=====P=====P
         / \   / \   / \   / \
        X   X X   X X   X X   X
        """),
    "every step twice": (REPEATED, (2,), r"""
        Y Y Y Y Y Y Y Y
        | | | | | | | |
        +-+ +-+ +-+ +-+
        |   |   |   |
        X   X   X   X
        """),
    "every step three times, in chains": (ACROSS_GAPS, (1,), r"""
        H H-H-H-H-H-H-H-H-H-H H
        | | | | | | | | | | | |
        +-+-+ +-+-+ +-+-+ +-+-+
        |     |     |     |
        X     X     X     X
        """),
    "every second step": (STRIDE, (2,), r"""
        F   F   F
        |   |   |
        X X X X X X
        """),
    "every second step, a rest of one": (STRIDE, (3,), r"""
        F   F   F   F
        |   |   |   |
        X X X X X X X
        """),
    "every second step, one elided": (STRIDE, (1,), r"""
        F   F   F
        |   |   |
        X X X X X
        """),
    "a bus over an ellipsis": (BUS, (1,), r"""
              Y
              |
        +-+-+-+
        | | | |
        H H H H
        | | | |
        X X X X
        """),
    "an ellipsis at the right end": (FRONT, (2,), r"""
        Y Y
        | |
        H-H-H-H-H
        | | | | |
        X X X X X
        """),
    "an ellipsis at the left end": (BEHIND, (2,), r"""
        H-H-H-H
        | | | |
        X X X X
        """),
    "both directions and a final state": (BIDIRECTIONAL, (1,), r"""
                  Y
                  |
        H=H=H=H---+
        | | | |
        X X X X
        """),
    "two stretches, and a state handed on": (TWO, (1, 2), r"""
              Y Y Y Y
              | | | |
        E-E-E-D-D-D-D
        | | | | | | |
        X X X Z Z Z Z
        """),
    "an initial state": (INITIAL, (1,), r"""
          Y Y Y
          | | |
        +-D-D-D
        | | | |
        V X X X
        """),
    "a final state at the left end": (RIGHT_TO_LEFT, (1,), r"""
        Y
        |
        +-H<H<H<H
          | | | |
          X X X X
        """),
    "pairs at the end": (PAIRS_AT_END, (2,), r"""
        F   F   F
        |   |   |
        +-+ +-+ +-+
        | | | | | |
        X X X X X X
        """),
    "two to two": (TWO_TO_TWO, (2,), r"""
        Y Y Y Y Y Y
        | | | | | |
        +-+ +-+ +-+
        | | | | | |
        X X X X X X
        """),
    "one late at the end": (ONE_LATE_AT_END, (2,), r"""
        E E E E E
         / / / /
        X X X X X
        """),
    "queries of their own": (QUERIES, (1,), r"""
        A A A A
        | | | |
        +-+-+-+
        | | | |
        X X X X
        """),
}  # fmt: skip


def in_full(text: str, lengths: Lengths) -> object:
    drawing = elided(text)
    return described(replace(drawing, picture=unroll(drawing.picture, lengths)))


def by_hand(text: str, like: str) -> object:
    """What a picture drawn by hand is, with the layers of the elided one."""
    calls = elided(like).calls
    letters = [block.letter for block in elided(like).picture.blocks]
    known = dict(zip(letters, calls, strict=True))
    definitions = "\n".join(f"{letter} = {call}" for letter, call in known.items() if letter != "O")
    return described(elided(f"{dedent(text)}\n{definitions}\n"))


@pytest.mark.parametrize("name", CASES)
def test_elided_steps_are_drawn(name: str) -> None:
    text, lengths, hand = CASES[name]
    assert in_full(dedent(text), lengths) == by_hand(hand, dedent(text))


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_is_read_again(name: str) -> None:
    text, lengths, _ = CASES[name]
    drawing = elided(dedent(text))
    whole = replace(drawing, picture=unroll(drawing.picture, lengths))
    again = elided(drawing.in_full(lengths))
    assert described(again, letters=True) == described(whole, letters=True)
    assert not again.picture.is_elided
