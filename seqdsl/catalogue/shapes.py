"""text → shape: ``20,4``, ``20x28,28,1`` and their relatives, as ``--input`` and ``--output`` take them."""

from __future__ import annotations

import re
from dataclasses import dataclass

LARGEST = 1_000_000
"""More steps, features or words than any picture has."""

FREE = "*"
_FREE_LENGTHS = (FREE, "None", "any")
_TOKENS = re.compile(r"tokens:(\d+)", re.ASCII)
# "20x28,28,1" is 20, and 28,28,1. Python has no x in its shapes, and no number or word of a shape has one.
_STEPS_OF_GRIDS = re.compile(r"(\*|None|any|[^x,]*?)\s*x\s*(.+)", re.ASCII)
_MOST_AXES = 2
"""Of a grid: height and width."""


class BadShape(ValueError):
    """A text that is not a valid shape; its message shows what one looks like."""


@dataclass(frozen=True, slots=True)
class Port:
    """The shape of an input or an output, without the batch.

    Attributes:
        features: how wide it is; for token ids, how wide their embedding is is left to the picture (0).
        steps: its length, ``None`` where any length will do; of a sequence only.
        is_sequence: whether it has steps at all.
        vocabulary: how many token ids there are; ``None`` for numbers.
        grid: the places that each step, or the vector, holds: ``(28, 28)`` of an image; empty: features alone.
    """

    features: int
    steps: int | None = None
    is_sequence: bool = False
    vocabulary: int | None = None
    grid: tuple[int, ...] = ()

    def __str__(self) -> str:
        """The text that `parse` reads."""
        wide = str(self.features) if self.vocabulary is None else f"tokens:{self.vocabulary}"
        each = ",".join([*map(str, self.grid), wide])
        if not self.is_sequence:
            return each
        return f"{FREE if self.steps is None else self.steps}{'x' if self.grid else ','}{each}"

    @property
    def axes(self) -> tuple[int | None, ...]:
        """Its shape as an array has it, ``None`` where any length will do; token ids have no features."""
        steps = (self.steps,) if self.is_sequence else ()
        return (*steps, *self.grid, *(() if self.vocabulary is not None else (self.features,)))


def sequence(steps: int | None, features: int) -> Port:
    """The shape of a sequence; ``steps`` is ``None`` where any length will do."""
    return Port(features, steps, is_sequence=True)


def parse(text: str) -> Port:
    """The shape that ``text`` denotes.

    ``4`` is a vector of 4 features, ``20,4`` a sequence of 20 steps of 4 features, ``*,4`` one of any length,
    ``20,tokens:5000`` one of 20 token ids, each less than 5000, and ``tokens:10`` a single id: a label of 10.
    ``20x28,28,1`` is a sequence of 20 images of 28 x 28 places and 1 channel, ``20x12,tokens:50`` one of 20 steps
    of 12 ids, and ``28,28,1`` a single image.

    Raises:
        BadShape: it denotes none.

    >>> str(parse("(20, 4)")), parse("20,4").steps, parse("*,tokens:50").vocabulary
    ('20,4', 20, 50)
    >>> parse("20x28,28,1").grid, parse("28,28,1").steps
    ((28, 28), None)
    """
    # "(20, 4)", as Python prints a shape: 20 and 4. "(4,)", of a vector: 4.
    bare = text.strip().strip("()[]").rstrip(", ")
    of_grids = _STEPS_OF_GRIDS.fullmatch(bare)
    steps, each = of_grids.groups() if of_grids else (None, bare)
    *places, wide = (part.strip() for part in each.split(","))
    tokens = _TOKENS.fullmatch(wide)
    vocabulary = _number(tokens.group(1), text) if tokens else None
    features = 0 if tokens else _number(wide, text)
    if steps is None and len(places) < 2:
        # 4 and 20,4: features alone
        length = _length(places[0], text) if places else None
        return Port(features, length, is_sequence=bool(places), vocabulary=vocabulary)
    _check_grid(text, steps, places, wide)
    grid = tuple(_number(place, text) for place in places)
    length = None if steps is None else _length(steps, text)
    return Port(features, length, steps is not None, vocabulary, grid)


def _check_grid(text: str, steps: str | None, places: list[str], wide: str) -> None:
    """Check how many axes a grid is given with.

    Raises:
        BadShape: too few, or too many; the message has the shape that may be meant.
    """
    if not places:
        raise BadShape(
            f"`{text}` has steps without a grid: give {steps},{wide} for steps of features, or {steps}x12,{wide} "
            f"for steps of 12 places each"
        )
    if steps is None and (places[0] in _FREE_LENGTHS or _TOKENS.fullmatch(wide)):
        # "*,28,28,1" and "20,12,tokens:50": only steps may be free, and a picture reads one grid of ids at each step.
        given = ",".join([*places[1:], wide])
        raise BadShape(
            f"`{text}` has {len(places) + 1} axes: give {places[0]}x{given} for steps of a grid"
        )
    if len(places) > _MOST_AXES:
        # "1000,28,28,1" is steps of images, or images and the samples of a whole data set, which a shape has not.
        *_, count, height, width = places
        image = f"{height},{width},{wide}"
        raise BadShape(
            f"`{text}` has too many axes: give {count}x{image} for steps of images, or {image} for one image, "
            "without the batch"
        )


def _length(text: str, whole: str) -> int | None:
    return None if text in _FREE_LENGTHS else _number(text, whole)


def _number(text: str, whole: str) -> int:
    # "²".isdigit() is true, and `int` refuses it. Nor is a text of a million digits made a number of.
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LARGEST and len(text) < 9):
        raise BadShape(
            f"`{whole}` is not a valid shape: 4 is a vector of 4 features, 20,4 are 20 steps of 4 features, "
            "*,4 any number of steps, 20,tokens:5000 are 20 of 5000 words, tokens:10 is a label of 10, "
            "20x28,28,1 are 20 images of 28 by 28 and 1 channel, 28,28,1 is one image"
        )
    return int(text)
