"""A `*` at the end of a run: state that enters or leaves the model."""

from __future__ import annotations

import pytest

from tests.picture.drawing import Drawn

ENDS = [
    ("both", "*-H-H-*", "in H, out H"),
    ("taken", "*--H-H", "in H"),
    ("given", "H-H--*", "out H"),
    ("with an arrow", "*>H>H>*", "in H, out H"),
    ("of one node", "*-H-*", "in H, out H"),
    ("of an elided row", "*-H-...-H-*", "in H, out H"),
    ("of two runs side by side", "H-H-* *-D-D", "out H, in D"),
    ("over a passing wire", "  Y\n  |\n*-|-D-D\n  | | |\n  A B C", "in D"),
]


@pytest.mark.parametrize(("picture", "ends"), [e[1:] for e in ENDS], ids=[e[0] for e in ENDS])
def test_ends(picture: str, ends: str) -> None:
    drawn = Drawn.of(picture)
    assert drawn.problems() == []
    found = [
        f"{'out' if end.leaves else 'in'} {drawn.blocks[end.block].letter}"
        for end in sorted(drawn.states.ends, key=lambda end: end.span)
    ]
    assert ", ".join(found) == ends


BROKEN = [
    ("alone", "* H-H", "SEQ217 1:1"),
    ("beside another", "*-* H-H", "SEQ217 1:3"),
    ("to the left", "*-H<H", "SEQ317 1:1"),
    ("bidirectional, once for both ends", "*-H=H-*", "SEQ317 1:1"),
    ("against the run", "*<H>H", "SEQ317 1:1"),
]


@pytest.mark.parametrize(("picture", "found"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken_ends(picture: str, found: str) -> None:
    assert found in Drawn.of(picture).problems()


def test_what_runs_without_ends_has_none() -> None:
    assert Drawn.of("H-H-H").states.ends == ()
