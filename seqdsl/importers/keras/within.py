"""a model within another one → what is read of it by itself, and where the masks of what it reads go.

::

    block = keras.Model(x, x + LSTM(4, return_sequences=True)(x))

    block(words)        masked words go in with their mask, and what comes out has the same one
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.importers.reading import Reading


class Padding(Enum):
    """Which mask a result has."""

    NONE = "none"
    SAME = "that of what the model reads"
    OTHER = "one that begins in the model, or is changed there"


class Kept(NamedTuple):
    """The masks of a result.

    Attributes:
        by_keras: which one Keras keeps with it.
        in_picture: which one follows from what it is computed of, as a picture has it.
    """

    by_keras: Padding
    in_picture: Padding


@record(frozen=True)
class Within:
    """A model that was read by itself.

    Attributes:
        reading: what was read.
        kept: the masks of its results.
        is_masked: whether padded steps were among what it read.
    """

    reading: Reading
    kept: tuple[Kept, ...] = ()
    is_masked: bool = False
