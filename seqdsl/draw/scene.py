"""a drawing as data: everything that is drawn and where, in pixels, x to the right and y downward.

Nothing here knows a file format; the writers (`seqdsl.draw.svg`, ...) know nothing of pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.layers import Look

LINE = 17.0
"""From a line of large type in a node to the next."""

Line = Literal["window", "data", "feedback", "state", "hand"]
"""What a line carries: what a window reads beside its center, values, values of the step before, state, or state passed
to another layer."""

Style = Literal["title", "subtitle", "call", "facts", "length", "hand"]


class Point(NamedTuple):
    """A place."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Node:
    """One unit: a rounded rectangle (a circle, where the radius is half its size) and the text in it.

    A mask marks what sees no later steps, by a triangle as in the matrix of such a mask. Large words have the type of
    single letters, and may be on several lines.
    """

    center: Point
    width: float
    height: float
    radius: float
    text: str
    has_mask: bool = False
    is_large: bool = False

    @property
    def is_word(self) -> bool:
        """Whether its text is more than a letter or a sign, in small type."""
        return len(self.text) > 1 and not self.is_large

    def lines(self) -> Iterator[tuple[str, Point]]:
        """The lines of its text, and the middle of the base of each."""
        lines = self.text.split("\n") if self.text else []
        first = self.center.y + 4 + (not self.is_word) - (len(lines) - 1) * LINE / 2
        for number, line in enumerate(lines):
            yield line, Point(self.center.x, first + number * LINE)


@dataclass(frozen=True, slots=True)
class Group:
    """The drawn units of one block.

    Attributes:
        family: what its layer is, for the color; see `seqdsl.draw.families`.
        title: what is said of it when the pointer is over it.
        nodes: its units.
    """

    family: Look
    title: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """A line along ``points``; ``arrow``: with a head at its last one. Its corners are round."""

    line: Line
    points: tuple[Point, ...]
    arrow: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A text; ``anchor`` is the end of it that is at ``at``, ``tip`` what pointing at it says."""

    at: Point
    text: str
    style: Style
    anchor: Literal["start", "middle", "end"] = "start"
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole drawing.

    Attributes:
        width: of the canvas.
        height: of the canvas.
        title: the model's name.
        description: what the drawing shows, for those who cannot see it.
        wires: all lines; horizontal ones come first.
        groups: all blocks.
        dots: the middle of each ellipsis; ``True``: one that runs upward.
        labels: all texts but those in nodes.
        joints: where a line branches, and what it carries.
        highlights: shapes around nodes that are to stand out; without text.
    """

    width: float
    height: float
    title: str
    description: str
    wires: tuple[Wire, ...]
    groups: tuple[Group, ...]
    dots: tuple[tuple[Point, bool], ...]
    labels: tuple[Label, ...]
    joints: tuple[tuple[Point, Line], ...] = ()
    highlights: tuple[Node, ...] = ()
