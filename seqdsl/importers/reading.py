"""what an importer tells of a model: its wires, where its weights are, what differs, and what cannot be read."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.layout.wiring import Wirings


@record(frozen=True)
class Unread:
    """A layer or an operation that cannot be read.

    Attributes:
        name: its name in the model, a path where it is nested.
        kind: its class, or the name of the operation.
        reason: why, a sentence.
        line: where the model's source makes it, as ``file:line``; empty: that is not known.
        way: what to do instead, a sentence; empty: there is nothing to say.
    """

    name: str
    kind: str
    reason: str
    line: str = ""
    way: str = ""


@record(frozen=True)
class Difference:
    """Something in which the picture's model differs from the model that was read, though both may compute the same.

    Attributes:
        where: the layer's name in the model.
        what: the difference, a sentence.
        numbers: whether results may differ by it, as they do on padded steps.
    """

    where: str
    what: str
    numbers: bool = False


@record(frozen=True)
class Reading:
    """A model that was read, or what keeps it from being read.

    Attributes:
        wirings: its wires; ``None`` where something cannot be read.
        places: where the model keeps the weights of each layer of the wirings, as `LayerWeights.place` has it: the path
            of its layer, with ``@1`` behind it for the second row of a module that holds several.
        differences: what differs.
        unread: all that cannot be read, in the order of the model.
        operations: how many layers and operations the model has that compute.
        axes: the order of axes of each input, where that of one is not samples, steps, features: ``"sbf"`` has the
            steps first; empty: all have that order. ``"sbf_1_3"`` holds the arguments 1 and 3 of the picture's model,
            states of its rows, as its steps, and the last results hold theirs so.
        columns: of each layer that reads a grid flattened in another order than the language has, which of the
            features of the model's layer each feature of the picture's is.
    """

    wirings: Wirings | None
    places: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    unread: tuple[Unread, ...] = ()
    operations: int = 0
    axes: tuple[str, ...] = ()
    columns: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
