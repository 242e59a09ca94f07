"""example inputs → inputs of a probe: what each axis may be, and values with labels for it.

    (8, 5, 3)    batch, steps, features; steps, batch, features; batch, features, steps
    (8, 5)       of ids: batch, steps; of numbers: batch, features, or steps of one feature each

PyTorch does not say which. Each reading is tried in turn; of most models only one can be read.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.reading import Unread
from seqdsl.importers.torch import labels
from seqdsl.importers.torch.nodes import Refused
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.importers.torch.nodes import Node
    from seqdsl.importers.torch.trace import Trace

_MOST = 24
"""How many readings are tried."""

LENGTHS = "lengths"
"""An input that says how long each sample is."""


@record(frozen=True)
class Input:
    """A tensor that a model takes.

    Attributes:
        name: what the model calls it.
        shape: its shape in the example.
        dtype: the type of its numbers.
        free: the names of its free lengths, by axis.
    """

    name: str
    shape: tuple[int, ...]
    dtype: torch.dtype
    free: Mapping[int, str]

    @property
    def is_ids(self) -> bool:
        """Whether it holds whole numbers."""
        return not self.dtype.is_floating_point and self.dtype != torch.bool

    @property
    def kind(self) -> tuple[str, int]:
        """What it holds, and how many axes it has: what tells how it may be read."""
        return "ids" if self.is_ids else "numbers", len(self.shape)

    def axes(self) -> list[str]:
        """What its axes may be, the likely first: b(atch), s(teps), f(eatures)."""
        return _AXES.get(self.kind, [])


_AXES: dict[tuple[str, int], list[str]] = {
    ("numbers", 1): ["f", "b"],
    ("numbers", 2): ["bf", "bs", "sb", "sf"],
    ("numbers", 3): ["bsf", "sbf", "bfs"],
    ("ids", 1): [LENGTHS, "b", "s"],
    ("ids", 2): ["bs", "sb"],
}


def unreadable(inputs: Sequence[Input]) -> tuple[Unread, ...]:
    """The inputs whose axes can be nothing that is read, each with the reason and what to do."""
    return tuple(_why(item) for item in inputs if not item.axes())


def _why(item: Input) -> Unread:
    """Why an input cannot be read.

    ::

        (8, 5, 3, 16, 16)    samples, steps, channels, height, width: a video
        (8, 3, 16, 16)       an image, or steps that each hold 3 rows
        (8, 5, 12)  of ids   a sentence of words of 12 characters
    """
    shape = f"({', '.join(map(str, item.shape))})"
    words = _GRIDS.get(item.kind)
    if words is None:
        return Unread(
            item.name,
            "input",
            f"its shape {shape}, of {item.kind[0]}, is neither that of sequences nor of vectors",
            way="give it sequences or vectors of numbers or ids",
        )
    what, inner = words
    # The features that a part in front makes of each grid are all that the rest has to be given.
    way = (
        f"make what follows the layers on {inner} a module of its own, that takes the vectors which they "
        "give, and read that; draw the layers in front by hand"
    )
    return Unread(item.name, "input", f"{what} cannot be read yet: its shape is {shape}", way=way)


# What it is, and what the layers that cannot be read act on.
_GRIDS: dict[tuple[str, int], tuple[str, str]] = {
    ("numbers", 4): ("images, and steps that hold a grid,", "the images"),
    ("numbers", 5): ("images in steps", "the images"),
    ("ids", 3): ("steps that hold several ids", "the steps' ids"),
}


def readings(inputs: Sequence[Input]) -> Iterator[tuple[str, ...]]:
    """What the axes of all inputs may be; either all have samples, or none."""
    # A model of one sample at a time, as in a tutorial on tagging, has no axis of samples.
    found = list(product(*(item.axes() for item in inputs)))
    batched = [axes for axes in found if all("b" in item or item == LENGTHS for item in axes)]
    single = [axes for axes in found if not any("b" in item or item == LENGTHS for item in axes)]
    yield from [*batched[:_MOST], *single[:_MOST]]


def begin(
    trace: Trace, inputs: Sequence[Input], axes: Sequence[str], lengths: Mapping[str, int]
) -> tuple[list[Node], list[torch.Tensor]]:
    """Nodes for inputs, and tensors of their labels.

    Args:
        trace: the run that begins.
        inputs: the inputs.
        axes: what the axes of each are.
        lengths: how long free lengths are.
    """
    made: dict[int, tuple[Node, torch.Tensor]] = {}
    for place, (item, said) in enumerate(zip(inputs, axes, strict=True)):
        # Lengths come last: how long the sequences are has to be known.
        if said != LENGTHS:
            made[place] = _labeled(trace, item, said, lengths)
    nodes = [node for node, _ in made.values()]
    tensors = [
        made[place][1] if place in made else _full(trace, item, nodes)
        for place, item in enumerate(inputs)
    ]
    return nodes, tensors


def _full(trace: Trace, item: Input, nodes: Sequence[Node]) -> torch.Tensor:
    """How long each sample of a sequence is: all of them as long as it is."""
    sequences = [node for node in nodes if not node.is_vector and "lengths" not in node.notes]
    # words_lengths tells of words
    named = [node for node in sequences if item.name.startswith(node.notes["name"])]
    if not sequences:
        raise Refused("it has lengths, and no sequence that they tell of")
    of = (named or sequences)[0]
    of.notes["lengths"] = item.name
    tensor = torch.full((trace.batch,), of.steps, dtype=item.dtype)
    trace.padded[id(tensor)] = (tensor, frozenset((of.index,)))
    return tensor


def _labeled(
    trace: Trace, item: Input, axes: str, lengths: Mapping[str, int]
) -> tuple[Node, torch.Tensor]:
    """A node for an input, and the tensor of its labels."""
    shape = [lengths.get(item.free.get(axis, ""), size) for axis, size in enumerate(item.shape)]
    if "b" in axes:
        shape[axes.index("b")] = trace.batch
    by_axis = dict(zip(axes, shape, strict=True))
    # A model without samples is one with a single one.
    # All three axes are there for labels, of length 1 where the tensor has none.
    samples, steps, features = (by_axis.get(axis, 1) for axis in "bsf")
    node = trace.node("tokens" if item.is_ids else "input", (samples, steps), features)
    node.notes["name"] = item.name
    node.is_vector = "s" not in axes
    node.arguments = () if item.is_ids else (("0", str(features)),)
    ids = np.arange(node.first, node.end).reshape(samples, steps, features)
    # (samples, steps, features) to the axes that there are; the others are of length 1
    places = ["bsf".index(axis) for axis in axes]
    spread = np.transpose(ids, [*places, *(place for place in range(3) if place not in places)])
    dtype = item.dtype if item.is_ids else torch.float32
    return node, labels.written(np.ascontiguousarray(spread.reshape(shape)), dtype)


def flat(values: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """All tensors of nested arguments, each with a name."""
    if isinstance(values, torch.Tensor):
        yield name, values
    elif isinstance(values, dict):
        for key, value in values.items():
            yield from flat(value, key)
    elif isinstance(values, list | tuple):
        for at, value in enumerate(values):
            yield from flat(value, f"{name}_{at}" if name else str(at))


def rebuilt(values: Any, tensors: Iterator[torch.Tensor]) -> Any:
    """Nested arguments with other tensors in place of theirs."""
    if isinstance(values, torch.Tensor):
        return next(tensors)
    if isinstance(values, dict):
        return {key: rebuilt(value, tensors) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return type(values)(rebuilt(value, tensors) for value in values)
    return values
