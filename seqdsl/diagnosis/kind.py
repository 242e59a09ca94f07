"""kind of message → record: how to recognize it, what it means, and the pictures beside it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULTS: dict[str, int | None] = {
    "steps": 3,
    "out_steps": 3,
    "features": 4,
    "features2": 5,
    "places": 12,
    "out": 2,
    "units": 32,
    "other_units": 16,
    "heads": 2,
    "kernel": 3,
    "vocabulary": 1000,
}
"""The sizes of pictures, where neither the message nor the data has them."""

WRONG = "wrong_"
"""What the name of a size begins with that is of the wrong picture alone."""

KERAS = "Keras"
TORCH = "PyTorch"


@record(frozen=True)
class Drawn:
    """A picture of any size.

    Attributes:
        rows: its rows and a ruler, as of `seqdsl.catalogue.entry.Entry`: ``n`` repeats the steps of ``X``,
            ``m`` those of the output or of ``Z``.
        layers: the layer of each letter, with ``$features`` and the other names of `DEFAULTS` for numbers.
        is_sequence: whether ``X`` has steps.
    """

    rows: str
    layers: dict[str, str]
    is_sequence: bool = True


@record(frozen=True)
class Kind:
    r"""One kind of message.

    Attributes:
        name: what other kinds, the JSON and the page call it.
        framework: who says it, `KERAS` or `TORCH`.
        title: what is wrong, in a few words.
        message: what the installed framework says, word for word; a test raises it.
        pattern: a regular expression that finds it, also as older versions word it. White space is one space each. A
            group is a size for the pictures (``features``), one for the wrong picture alone (``wrong_features``), or
            both (``steps__wrong_features``); other groups are for the sentences.
        meaning: what it means for the topology, in two sentences; ``$features`` is replaced.
        fix: what to change in the code.
        right: the picture to draw.
        wrong: the picture of the code that fails; ``None`` where the picture is right and its call is wrong.
        also: the names of other kinds that the same words may mean.
        sizes: sizes that differ from `DEFAULTS`.
        holds: what is also true of the groups, where a regular expression cannot say it.
    """

    name: str
    framework: str
    title: str
    message: str
    pattern: str
    meaning: str
    fix: str
    right: Drawn
    wrong: Drawn | None = None
    also: tuple[str, ...] = ()
    sizes: Mapping[str, int | None] = field(default_factory=dict)
    holds: Callable[[Mapping[str, str]], bool] = field(default=lambda _: True)
