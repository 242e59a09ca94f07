"""rows of three steps → rows of n steps: what the ruler marks, repeated, left out or elided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.catalogue.entry import STRETCHES
from seqdsl.layout.from_picture import from_picture
from seqdsl.layout.picture import Node, Picture
from seqdsl.layout.resize import Span, resize
from seqdsl.layout.write import rows as drawn_rows
from seqdsl.syntax.document import parse
from seqdsl.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = 8
"""A block of more steps than these is drawn with an ellipsis."""


class TooShort(ValueError):
    """A length that the picture cannot have."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The columns from ``start`` to ``end`` of every row, and how often they are drawn.

    Attributes:
        name: the ruler's letter.
        start: their first column.
        end: the column after the last one.
        row: the row whose block has the length that is given, counted from the bottom: the lowest of those that cross
            the fewest stretches.
        letter: the letter of that block.
        each: how many of its nodes are there.
        count: how many times the columns are drawn.
        elided: whether an ellipsis replaces them: all of them if the length is free, since what is drawn besides
            is the least that the model takes; else all but the first, whose wires may not be its neighbor's.
        named: whether the ellipsis has the name of the number of steps of its block.
    """

    name: str
    start: int
    end: int
    row: int = 0
    letter: str = ""
    each: int = 1
    count: int = 1
    elided: bool = False
    named: bool = False

    def span(self, number: int) -> Span:
        """The places that are repeated."""
        copies = int(self.named) if self.elided else self.count
        # The input's length a second time is the same length.
        names = ((self.row, self.name.replace("r", "n")),) if self.named else ()
        return Span(self.start, self.end, copies, self.elided, names, number)


def stretch(rows: list[str], ruler: str, lengths: dict[str, int | None]) -> list[str]:
    """The rows with as many steps as ``lengths`` has for each letter of the ruler (``None``: any number).

    Raises:
        TooShort: a block would have fewer steps than are drawn besides, or they do not divide its length.
    """
    (drawn,) = parse(Source("", "\n".join(rows)), "model")[0].pictures
    picture = from_picture(drawn)
    # last-n, 12 steps in and 3 out:    Y Y Y                    Y Y Y     `m` is drawn as it is, three times one step,
    #                                   | | |                    | | |     and `n` as an ellipsis: its block has more
    #                               H H H H H   ->     H H  ...  H H H     than LONG steps
    #                               | | | | |          | |       | | |
    #                               X X X X X          X X ..n.. X X X
    #                                 n   m
    settled: list[Stretch] = []
    # The stretch of a block that crosses no other is settled first; a longer block may cross it.
    plain = _plain(picture, ruler)
    for item, _ in sorted(plain, key=lambda pair: pair[1]):
        settled.append(_settled(picture, item, lengths[item.name], settled))
    spans = [item.span(number) for number, item in enumerate(settled)]
    return drawn_rows(resize(picture, spans))


def _plain(picture: Picture, ruler: str) -> list[tuple[Stretch, int]]:
    """The stretches that a ruler marks, not settled yet, and how many of them the block of each crosses."""
    marked = []
    bare = []
    for name in filter(ruler.count, STRETCHES):
        start = ruler.find(name)
        # An ellipsis keeps the gap to the next step, so a stretch is a step and the columns up to the next.
        bare.append(Stretch(name, start, max(ruler.rfind(name) + 1, start + 2)))
    for item in bare:
        #     Y Y Y      `m` lies in the blocks Y, H and X, `n` in H and X only, which cross both. So m, whose block Y
        #     | | |      crosses no other, is settled first, by the length of Y; then n is what is left of that of X.
        # H H H H H
        # | | | | |
        # X X X X X
        #   n   m
        crossed = []
        for row in range(len(picture.rows)):
            inside = _nodes(picture, row, item)
            if inside:
                letter = inside[0].letter
                others = sum(
                    any(node.letter == letter for node in _nodes(picture, row, other))
                    for other in bare
                )
                crossed.append((others, row, letter, len(inside)))
        share, row, letter, each = min(crossed)
        marked.append((replace(item, row=row, letter=letter, each=each), share))
    return marked


def _nodes(picture: Picture, row: int, item: Stretch) -> list[Node]:
    """The nodes of a row in the columns of a stretch."""
    return [
        mark
        for mark in picture.rows[row].marks
        if isinstance(mark, Node) and mark.place is not None and item.start <= mark.place < item.end
    ]


def _settled(
    picture: Picture, item: Stretch, length: int | None, others: Sequence[Stretch]
) -> Stretch:
    """The stretch with as many repetitions as make its block ``length`` steps long."""
    if length is None:
        return replace(item, elided=True)
    row = picture.rows[item.row].marks
    beside = sum(isinstance(mark, Node) and mark.letter == item.letter for mark in row) - item.each
    for other in others:
        inside = _nodes(picture, item.row, other)
        beside += (other.count - 1) * sum(node.letter == item.letter for node in inside)
    # X X X over `n` under the second: 2 are beside it, so for 6 steps it is drawn 4 times. With two nodes in the
    # stretch (`each`) and 4 beside it, 10 steps are 3 times, and 9 none.
    count, rest = divmod(length - beside, item.each)
    if count < 0:
        raise TooShort(f"it is drawn with at least {beside} steps, not {length}")
    if rest:
        raise TooShort(f"its number of steps is a multiple of {item.each}, and {length} is not")
    elided = length > LONG and count > 2
    return replace(item, count=count, elided=elided, named=elided)


def elided(rows: list[str]) -> set[str]:
    """The names that are drawn in the ellipses of ``rows``."""
    return {name for name in STRETCHES for row in rows if f"..{name}.." in row}
