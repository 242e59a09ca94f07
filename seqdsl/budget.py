"""text → limits, and what is left of them: how many blocks, links and ellipses all its pictures may have together.

Every stage takes time and memory in proportion to these. So it is they that are limited, over the whole text: a
thousand pictures in one file are not to take a thousand times what one may. Each limit is far beyond what is
drawn, and is named by SEQ110 where a text exceeds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.text.source import Span

MOST_BLOCKS = 40_000
"""Blocks of all pictures of a text: each becomes a layer, a line or more of code, a box of a drawing."""

MOST_LINKS = 200_000
"""Links between blocks beyond which a text is refused: each becomes an expression of the generated code."""

MOST_ELIDED = 1_000_000
"""Ellipses, times the stretches of time in their picture: the length of a row is a sum over its stretches."""

MOST_NESTED = 50
"""Pictures that are called within each other: each is compiled, and written, within the one that calls it."""

MOST_SOURCES = 2_000_000
"""Nodes behind all junctions of a picture: a node on a bus of a thousand is one on a thousand wires."""

MOST_PAIRS = 20_000
"""Pairs of an input and an output that a path joins: each has a topology of its own."""


MOST_REACHED = 2_000_000
"""Blocks that the inputs of a picture reach, added up: each path is looked at from each input."""


MOST_TRACED = 20_000_000
"""Blocks that lead from an input to an output, added up over all pairs: each pair's values are looked for there."""


class Overgrown(Exception):
    """A picture that is beyond a limit."""

    def __init__(self, message: str, hint: str, span: Span | None = None) -> None:
        """Note which limit it is, what to do about it, and where it was exceeded if that is known."""
        super().__init__(message)
        self.message, self.hint, self.span = message, hint, span

    def finding(self, otherwise: Span) -> Diagnostic:
        """The finding about it, at the place ``otherwise`` if it has none."""
        return Diagnostic("SEQ110", self.message, self.span or otherwise, self.hint)


@dataclass(slots=True)
class Budget:
    """What is left of each limit."""

    blocks: int = MOST_BLOCKS
    links: int = MOST_LINKS
    elided: int = MOST_ELIDED

    def take_blocks(self, count: int) -> None:
        """Account for the blocks of a picture.

        Raises:
            Overgrown: there are too many.
        """
        self.blocks -= count
        if self.blocks < 0:
            raise Overgrown(
                f"more than {MOST_BLOCKS:,} blocks in one text",
                "neighbors of one letter are one block: draw longer rows of fewer letters, or split the text",
            )

    def take_links(self, count: int, span: Span) -> None:
        """Account for the links to others of a block, at ``span``.

        Raises:
            Overgrown: there are too many.
        """
        self.links -= count
        if self.links < 0:
            raise Overgrown(
                f"more than {MOST_LINKS:,} separate links between blocks up to here",
                "rows of one letter are one block each: use fewer letters, or buses with fewer ends",
                span,
            )

    def take_ellipses(self, count: int, stretches: int) -> None:
        """Account for the ellipses of a picture, which lie in so many different stretches.

        Raises:
            Overgrown: there are too many.
        """
        # The length of a block is a sum with a term for each stretch that its ellipses lie in.
        self.elided -= count * stretches
        if self.elided < 0:
            raise Overgrown(
                f"{count:,} ellipses over {stretches:,} stretches of time: "
                f"their product, over a text, is limited to {MOST_ELIDED:,}",
                "one ellipsis stands for any number of steps: draw fewer of them",
            )
