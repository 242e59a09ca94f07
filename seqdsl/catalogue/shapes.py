"""text → shape: ``20,4`` and its relatives, as ``--input`` and ``--output`` take them."""

from __future__ import annotations

import re
from dataclasses import dataclass

LARGEST = 1_000_000
"""More steps, features or words than anybody draws."""

FREE = "*"
_TOKENS = re.compile(r"tokens:(\d+)", re.ASCII)


class BadShape(ValueError):
    """A text that is no shape; its message says what one looks like."""


@dataclass(frozen=True, slots=True)
class Port:
    """The shape of an input or an output, without the batch.

    Attributes:
        features: how wide it is; for token ids, how wide their embedding is left to the picture (0).
        steps: its length, ``None`` where any length will do; of a sequence only.
        is_sequence: whether it has steps at all.
        vocabulary: how many token ids there are; ``None`` for numbers.
    """

    features: int
    steps: int | None = None
    is_sequence: bool = False
    vocabulary: int | None = None

    def __str__(self) -> str:
        """The text that `parse` reads."""
        wide = str(self.features) if self.vocabulary is None else f"tokens:{self.vocabulary}"
        if not self.is_sequence:
            return wide
        return f"{FREE if self.steps is None else self.steps},{wide}"


def sequence(steps: int | None, features: int) -> Port:
    """The shape of a sequence; ``steps`` is ``None`` where any length will do."""
    return Port(features, steps, is_sequence=True)


def parse(text: str) -> Port:
    """The shape that ``text`` stands for.

    ``4`` is a vector of 4 features, ``20,4`` a sequence of 20 steps of 4 features, ``*,4`` one of any length,
    ``20,tokens:5000`` one of 20 token ids, each less than 5000.

    Raises:
        BadShape: it stands for none.

    >>> str(parse("(20, 4)")), parse("20,4").steps, parse("*,tokens:50").vocabulary
    ('20,4', 20, 50)
    """
    parts = [part.strip() for part in text.strip().strip("()[]").rstrip(", ").split(",")]
    *steps, wide = parts
    if len(steps) > 1:
        raise BadShape(f"`{text}` has {len(parts)} axes: give steps,features without the batch")
    tokens = _TOKENS.fullmatch(wide)
    if tokens and not steps:
        raise BadShape(f"`{text}` has no length: tokens come in sequences, such as 20,{wide}")
    vocabulary = _number(tokens.group(1), text) if tokens else None
    features = 0 if tokens else _number(wide, text)
    if not steps:
        return Port(features)
    length = None if steps[0] in (FREE, "None", "any") else _number(steps[0], text)
    return Port(features, length, is_sequence=True, vocabulary=vocabulary)


def _number(text: str, whole: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LARGEST and len(text) < 9):
        raise BadShape(
            f"`{whole}` is not a valid shape: 4 is a vector of 4 features, 20,4 are 20 steps of 4 features, "
            "*,4 any number of steps, 20,tokens:5000 are 20 of 5000 words"
        )
    return int(text)
