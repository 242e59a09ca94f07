"""compiled picture → warnings about two groups of one letter that are one run: usually two towers are meant."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatTime, Value
from seqdsl.picture.grid import JUNCTION
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.text.source import Span

_MOST = 4
"""Of a longer group so many nodes are drawn in the hint."""


def one_run_over_groups(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Groups of one letter in a row, apart from each other, each over another sequence, without state wires.

    ::

        L L L   L L L    one run over six steps: the state goes on from `X` to `Z`
        | | |   | | |
        X X X   Z Z Z
    """
    for index, drawn in enumerate(drawing.blocks):
        # What reads each step alone gives the same for one run as for two; a `conv` over two rows is refused, and
        # attention reads what its bus is wired to.
        if not drawing.settings[index].is_recurrent:
            continue
        below = _sequences(spec.blocks[index])
        # State wires say which is meant: `L-L-L   L-L-L` are two blocks, `L-L-L---L-L-L` is one.
        if drawn.touched or not below:
            continue
        groups = _groups(drawn, drawing)
        if len(groups) == len(below):
            names = [spec.blocks[source].letter for source in below]
            yield _warning(drawn.letter, drawn.span, names, groups)


def _sequences(block: Block) -> list[int]:
    """The blocks that a block reads one behind the other, all different; nothing if it reads otherwise."""
    view = block.views[0] if len(block.views) == 1 else None
    parts = view.parts if isinstance(view, ConcatTime) else ()
    sources = [part.block for part in parts if isinstance(part, Value)]
    # The last step of an encoder in front of a decoder's own steps is no tower.
    return sources if len(set(sources)) == len(parts) else []


def _groups(drawn: DrawnBlock, drawing: Drawing) -> list[int]:
    """How many marks each group of a block has: groups are further apart than the marks within them."""
    row = drawing.grid[drawn.row]
    marks = [
        mark for mark in range(drawn.marks[0], drawn.marks[1] + 1) if row.marks[mark] != JUNCTION
    ]
    # L L L   L L L    gaps 1 1 3 1 1: two groups of three
    # L L ... L   L L ... L    an ellipsis is as wide as it is written
    gaps = [
        row.columns[right] - row.ends.get(left, row.columns[left] + 1)
        for left, right in pairwise(marks)
    ]
    widest = max(gaps, default=0)
    inner = [gap for gap in gaps if gap < widest]
    ends = [place for place, gap in enumerate(gaps) if gap == widest]
    if not inner:
        return []
    bounds = [-1, *ends, len(marks) - 1]
    return [right - left for left, right in pairwise(bounds)]


def _warning(letter: str, span: Span, names: list[str], groups: list[int]) -> Diagnostic:
    over = " and ".join(f"`{name}`" for name in names)
    parts = ["-".join(letter * min(count, _MOST)) for count in groups]
    apart, joined = "   ".join(parts), "---".join(parts)
    return Diagnostic(
        "SEQ414",
        f"the groups of `{letter}` are one run over {over}, joined in time",
        span,
        f"draw state wires: `{apart}` for a run over each, with the same weights, `{joined}` for one run "
        "over all",
    )
