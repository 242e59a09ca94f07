"""compiled picture → warnings about letters that alternate in one row: each node is a layer's call of its own."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from seqdsl.lints.drawings import heads_over_steps, inputs_over_steps
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.lowering.strided_access import StridedAccess
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.picture.blocks import DrawnBlock

_MOST_LETTERS = 5
_MOST_TURNS = 4


def _is_in_turn(letters: Sequence[str], period: int) -> bool:
    """Whether several letters, each once, come back at least once: ``M S M S``, but not ``M M S M M S``."""
    is_several = period > 1 and len(set(letters[:period])) == period
    return is_several and 2 * period <= len(letters)


def letters_in_turn(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Two or more letters that take turns in a row, at least twice: ``M S   M S   M S``."""
    for _, row in groupby(enumerate(drawing.blocks), key=lambda item: item[1].row):
        for indices in _single_nodes(list(row)):
            # M S   M S   M S    letters M S M S M S, period 2, cycle M S: two rows of three nodes are meant
            letters = [drawing.blocks[index].letter for index in indices]
            period = _period(letters)
            if not _is_in_turn(letters, period):
                continue
            cycle = "".join(letters[:period])
            named = " and ".join(f"`{letter}`" for letter in cycle)
            first = drawing.blocks[indices[0]]
            shown, turns = cycle[:_MOST_LETTERS], min(len(letters) // period, _MOST_TURNS)
            is_input = all(drawing.settings[index].is_source for index in indices)
            what = "an input" if is_input else "a value"
            heads = "" if is_input else _heads(shown, indices[0], turns, drawing)
            drawn = heads or inputs_over_steps(shown, turns)
            yield Diagnostic(
                "SEQ413",
                f"{named} alternate in one row: {len(letters)} single nodes, each {what} by itself, "
                "not a sequence",
                first.span,
                f"draw each letter in its own row, over the same steps:\n\n{drawn}",
            )


def _heads(letters: str, index: int, turns: int, drawing: Drawing) -> str:
    """Rows of ``letters`` over the row that block ``index`` reads, which is drawn as what it is."""
    accesses = [
        access
        for operand in drawing.operands[index]
        for access in (*operand.accesses, *(operand.bus or ()))
    ]
    # The hint has the row below as the user drew it; a row of `O` has no letter to show, and gets one.
    first = next(iter(accesses), None)
    if not isinstance(first, StridedAccess) or drawing.blocks[first.block].letter == ANONYMOUS:
        return heads_over_steps(letters, "", turns)
    below = first.block
    settings = drawing.settings[below]
    return heads_over_steps(
        letters,
        drawing.blocks[below].letter,
        turns,
        runs=settings.is_recurrent,
        source=settings.is_source,
    )


def _single_nodes(row: Sequence[tuple[int, DrawnBlock]]) -> Iterator[list[int]]:
    """The runs of neighboring blocks of one node, named and without state wires."""
    # M S H-H M S    two runs, M S and M S, as H-H between them is a sequence
    single = (
        (index, block.is_vector and not block.touched and block.letter != ANONYMOUS)
        for index, block in row
    )
    for is_single, run in groupby(single, key=lambda item: item[1]):
        if is_single:
            yield [index for index, _ in run]


def _period(letters: Sequence[str]) -> int:
    """The smallest shift that maps a word onto itself (Knuth, Morris and Pratt 1977): 2 for ``MSMSM``."""
    # M S M S M        border[i] is the length of the longest beginning that also ends the first i + 1 letters: here
    # 0 0 1 2 3        the word ends in its own first 3 letters, so it repeats after 5 - 3 = 2
    border = [0] * len(letters)
    for place in range(1, len(letters)):
        length = border[place - 1]
        while length and letters[place] != letters[length]:
            length = border[length - 1]
        border[place] = length + (letters[place] == letters[length])
    return len(letters) - border[-1]
