"""picture → tokens and keys: what is drawn in each row, and the columns that matter to any of them.

A *key* is a column in which some row holds a node, a junction, a wire or (by its middle) an ellipsis. All
else is blanks and horizontal wires, which can be as long as one likes: a map of the keys that keeps their
order, and the steps of slanted wires, gives a picture with the same wires.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


# A lower-case letter alone is a delayed node.
_TOKEN = re.compile(r"\.\.(?:\.|[a-z][A-Za-z0-9_]*\.\.)|…|[A-Z+*|^/\\]|(?<![\w.])[a-z](?![\w.])")
_SLANTED = frozenset("/\\")


class Token(NamedTuple):
    """A node, junction, wire or ellipsis as it is drawn: its text and its columns, the last one included."""

    text: str
    start: int
    last: int

    @property
    def is_ellipsis(self) -> bool:
        """Whether it stands for further steps."""
        return self.text[0] == "."

    @property
    def is_slanted(self) -> bool:
        """Whether it is a wire that moves one column in each row."""
        return self.text in _SLANTED

    @property
    def left(self) -> int:
        """How many of its columns are to the left of its key."""
        return (len(self.text) - 1) // 2

    @property
    def right(self) -> int:
        """How many of its columns are to the right of its key."""
        return len(self.text) // 2


class Unclear(Exception):
    """A picture whose columns cannot be told apart: it stays as it is drawn."""


@dataclass(frozen=True)
class Keys:
    """The keys of a picture, left to right.

    Attributes:
        columns: where each key is drawn.
        of: for each row, the key of each of its tokens.
        rigid: whether each key must be one column before the next: a slanted wire passes there.
        middles: the keys that are the middle of an ellipsis, and nothing else.
    """

    columns: list[int]
    of: list[list[int]]
    rigid: list[bool]
    middles: frozenset[int]


def tokens(cells: str) -> list[Token]:
    """The tokens of a row, left to right; a one-character ellipsis counts as three dots."""
    return [
        Token("..." if match.group() == "…" else match.group(), match.start(), match.end() - 1)
        for match in _TOKEN.finditer(cells)
    ]


def find_keys(rows: Sequence[Sequence[Token]]) -> Keys:
    r"""The columns that matter.

    ::

          Y ... Y    the columns 0 (X), 1 (`/`), 2 (Y), 5 (the middle of the ellipsis) and 8 (Y, `|`, X);
         /      |    rigid are those of X and of `/`: each stays one column before the next
        X       X

    Raises:
        Unclear: ellipses overlap in a chain without a common column, or a slanted wire hangs in the air.
    """
    tokens = [token for row in rows for token in row]
    # Of the picture above: the ellipsis has its middle in column 5, and nothing else is there.
    middles = _middles(token for token in tokens if token.is_ellipsis)
    drawn = [token for token in tokens if not token.is_ellipsis]
    taken = {token.start for token in drawn}
    # taken 0 1 2 8, with the middle 0 1 2 5 8: the keys 0 to 4. The rows have the keys 2 3 4, 1 4 and 0 4.
    columns = sorted(taken.union(middles.values()))
    number = {column: key for key, column in enumerate(columns)}
    # The `/` in column 1 ties the keys 0, 1 and 2 together. Key 3 is free: it is centered when all else is placed.
    slanted = {token.start for token in drawn if token.is_slanted}
    free = frozenset(number[middle] for middle in middles.values() if middle not in taken)
    keys = [[number[middles.get(token, token.start)] for token in row] for row in rows]
    return Keys(columns, keys, _rigid(number, slanted), free)


def _rigid(number: Mapping[int, int], slanted: Iterable[int]) -> list[bool]:
    """Whether each key has to stay beside the next one: the feet of slanted wires, and the wires themselves."""
    rigid = [False] * len(number)
    for column in slanted:
        if column - 1 not in number or column + 1 not in number:
            raise Unclear
        rigid[number[column - 1]] = rigid[number[column]] = True
    return rigid


def _middles(ellipses: Iterable[Token]) -> dict[Token, int]:
    """The column that stands for each ellipsis: one for all that overlap, as they are one stretch of time."""
    found: dict[Token, int] = {}
    group: list[Token] = []
    end = -1
    for token in sorted(set(ellipses), key=lambda item: item.start):
        if group and token.start > end:
            found |= dict.fromkeys(group, _common(group))
            group = []
        group.append(token)
        end = max(end, token.last)
    if group:
        found |= dict.fromkeys(group, _common(group))
    return found


def _common(group: Sequence[Token]) -> int:
    # ..n..      columns 0 to 4
    #   ...      columns 2 to 4: both cover 2 to 4, the middle is 3
    first, last = max(token.start for token in group), min(token.last for token in group)
    if first > last:
        raise Unclear
    return (first + last) // 2
