"""words of other frameworks → ours: what the record of a layer has for them, for those who write what they know.

A call such as ``LSTM(input_size=8, hidden_size=64, num_layers=2)`` becomes ``lstm(64)``, and a note for each argument
that the picture shows instead. `seqdsl.lowering.translation` reads these records; nothing else does.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    Answers = Mapping[str, "Instead | str"]


NAMED_ROW_WORDS = {"values": "the row that it reads as a whole, by its letter, instead of wires"}
"""What the argument sets that all layers share which read a row by its letter."""


class Instead(NamedTuple):
    """What the picture shows in place of an argument.

    Attributes:
        draw: what to draw or to write; it may name the argument's ``{value}``, or the ``{last}`` part of a tuple.
        off: the same where the argument is false, zero or none; empty: then there is no note.
        default: another value for which there is no note.
    """

    # `num_layers=3`: draw 3 rows, one for each layer.
    draw: str
    # `return_sequences=False`: wire the last step of the row only.
    off: str = ""
    # `num_layers=1`, as every row is.
    default: object = None


class Counterpart(NamedTuple):
    """What another framework, or a paper, has for a layer.

    Attributes:
        names: its names, in lower case, without ``_`` and separated by spaces.
        takes: what it takes without keywords, in order, as it is named there; separated by spaces.
        instead: what to draw in place of arguments that mean something else here.
        draw: what to draw besides.
        write: the call to write where it is always the same; empty: the layer with the arguments.
        spelling: a name with its capitals, where they differ between frameworks.
        given: arguments here that the name alone says, each with its value.
        assumes: arguments here that have another default there, each with that one.
    """

    # `maxpooling1d maxpool1d`: as `find_counterparts` compares them, not as they are typed.
    names: str
    # `input_size hidden_size num_layers`: so `LSTM(8, 64)` is understood.
    takes: str = ""
    instead: Answers = MappingProxyType({})
    draw: str = ""
    # `ReLU()` is always `activation(relu)`.
    write: str = ""
    # `Conv1d` is PyTorch's; `Conv1D`, of Keras, has other arguments.
    spelling: str = ""
    # `AdditiveAttention()` is always `attention(score=additive)`.
    given: tuple[tuple[str, str], ...] = ()
    # `Conv2D(16, 3)` has no padding: it is `conv2d(16, 3, padding=valid)`.
    assumes: tuple[tuple[str, str], ...] = ()


ALL_STEPS = "lead all steps to its node by a bus: `+-+-+`"
"""What to draw for pooling over all steps."""

WINDOW = "wire the steps of each window to one node"
"""What to draw for pooling over windows."""

POOLING: Answers = MappingProxyType(
    {
        "pool_size": "wire {value} steps to each node",
        "kernel_size": "wire {value} steps to each node",
        "strides": "the wires tell: a node for every {value} steps",
        "stride": "the wires tell: a node for every {value} steps",
        "padding": Instead("a node reads what is wired", default="valid"),
        "dilation": Instead("the wires tell", default=1),
        "keepdims": "one node is a vector; a bus from it gives it to every step",
        "ceil_mode": "the wires tell: draw a node for a window that is cut short",
    }
)
"""What wires show in place of the arguments of pooling layers."""

_WHOLE_TILES = "tiles lie side by side: a stride is that of a `conv2d`"

TILES: Answers = MappingProxyType(
    {
        "pool_size": "tiles are square: choose one size",
        "kernel_size": "tiles are square: choose one size",
        "strides": Instead(_WHOLE_TILES, default=None),
        "stride": Instead(_WHOLE_TILES, default=None),
        "padding": Instead("a remainder is dropped, as with `valid`", default="valid"),
        "data_format": Instead("channels are last in pictures", default="channels_last"),
        "dilation": Instead("not in the language", default=1),
        "return_indices": "not in the language",
        "ceil_mode": "a remainder is dropped",
        "count_include_pad": "nothing is padded",
        "divisor_override": "not in the language",
    }
)
"""What pooling over the tiles of a grid has in place of other arguments."""
