"""what keeps a layer from being read → why, and what to do: raised where it is noticed, collected by the walk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


MEMORY = (
    "it reads the memory `c` of an LSTM as a value, which no wire carries",
    "read its output `h`; as results, give `h` and `c` after all others; as an initial state, pass both as they are, "
    "or compute both from `h`",
)
"""Why the memory of an LSTM is not read as a value, and what to do."""

_AROUND = re.compile(r"\x1b\[[0-9;]*m|Exception encountered when calling .*")
"""What Keras writes around the words of an exception: colors, and where it was."""


def said(problem: Exception) -> str:
    """What an exception of Keras says, in one line.

    ::

        Exception encountered when calling Decoder.call().    where: the line of the source tells that better

        tuple index out of range                              why

        Arguments received by Decoder.call(): ...
    """
    # Of a layer within another one, whose shapes Keras could not find out: why is behind that.
    why = str(problem).rpartition("Error encountered:")[2]
    lines = [line.strip() for line in _AROUND.sub("", why).splitlines()]
    return [*filter(None, lines), type(problem).__name__][0][:200]


class Refused(Exception):
    """A layer or an operation that cannot be read.

    Attributes:
        reason: why, a sentence.
        way: what to do instead, a sentence; empty: there is nothing to say.
        line: the line of the model's source that is to blame, as ``file:line``; empty: the layer's.
    """

    def __init__(self, reason: str, way: str = "", line: str = "") -> None:
        """Tell why, what to do, and where."""
        super().__init__(reason)
        self.reason, self.way, self.line = reason, way, line


class Computes(Refused):
    """A function computes new values: what it gives is not a rearrangement of what it is given."""

    def __init__(self, operations: Sequence[str] = ()) -> None:
        """Tell why, and which operations it calls that cannot be read."""
        what = f" by {', '.join(f'`{item}`' for item in operations)}" if operations else ""
        super().__init__(
            f"it computes new values{what}, and only functions that move values can be read",
            "write it with layers, such as Activation, Add or Multiply",
        )


class Multiplied(Refused):
    """Something reads what is multiplied by a number: no layer of the language does that."""

    def __init__(
        self, reason: str = "it reads values that are multiplied by a number, or filled in"
    ) -> None:
        """Tell why, and what to do."""
        super().__init__(
            reason,
            "leave out the number, and multiply the weights of the layer that gives the values, such as the table of "
            "an Embedding, by it",
        )


class Again(Exception):
    """The model has to be read once more, with a layer in another way.

    Attributes:
        layer: the path of the layer.
        how: what it is: a word of `seqdsl.importers.keras.hints`.
    """

    def __init__(self, layer: str, how: str) -> None:
        """Tell which layer, and how."""
        super().__init__(f"{layer}: {how}")
        self.layer, self.how = layer, how
