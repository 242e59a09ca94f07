"""words of other frameworks → ours: what the record of a layer says of them, for those who write what they know.

A call such as ``LSTM(input_size=8, hidden_size=64, num_layers=2)`` becomes ``lstm(64)``, and a note for each argument
that the picture tells instead. `seqdsl.lowering.translation` reads these records; nothing else does.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    Answers = Mapping[str, "Instead | str"]


class Instead(NamedTuple):
    """What the picture tells in place of an argument.

    Attributes:
        draw: what to draw or to write; it may name the argument's ``{value}``, or the ``{last}`` part of a tuple.
        off: the same where the argument is false, zero or none; empty: then nothing needs to be said.
        default: another value of which nothing needs to be said.
    """

    draw: str
    off: str = ""
    default: object = None


class Counterpart(NamedTuple):
    """What another framework, or a paper, has for a layer.

    Attributes:
        names: its names, in lower case, without ``_`` and separated by spaces.
        takes: what it takes without keywords, in order, as it is named there; separated by spaces.
        instead: what to draw in place of arguments that mean something else here.
        draw: what to draw besides.
        write: the call to write where it is always the same; empty: the layer with the arguments.
        spelling: a name with its capitals, where they tell one framework from another.
    """

    names: str
    takes: str = ""
    instead: Answers = MappingProxyType({})
    draw: str = ""
    write: str = ""
    spelling: str = ""
