"""example inputs → inputs of a probe: what each axis may be, and values with labels for it.

    (8, 5, 3)    batch, steps, features; steps, batch, features; batch, features, steps
    (8, 5)       of ids: batch, steps; of numbers: batch, features, or steps of one feature each
    (8, 5, 3, 16, 16)    images in steps, channels first

PyTorch does not say which. Each reading is tried in turn; of most models only one can be read.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.reading import Unread
from seqdsl.importers.torch import labels
from seqdsl.importers.torch.nodes import Refused
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.importers.torch.labels import Ids
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
        is_optional: whether it may be left out, ``h=None``.
    """

    name: str
    shape: tuple[int, ...]
    dtype: torch.dtype
    free: Mapping[int, str]
    is_optional: bool = False

    @property
    def is_ids(self) -> bool:
        """Whether it holds whole numbers."""
        return not self.dtype.is_floating_point and self.dtype != torch.bool

    @property
    def kind(self) -> tuple[str, int]:
        """What it holds, and how many axes it has: what tells how it may be read."""
        return "ids" if self.is_ids else "numbers", len(self.shape)

    def axes(self) -> list[str]:
        """What its axes may be, the likely first.

        b(atch), s(teps), f(eatures), h(eight), w(idth), p(laces).
        """
        return _AXES.get(self.kind, [])


_AXES: dict[tuple[str, int], list[str]] = {
    ("numbers", 1): ["f", "b"],
    ("numbers", 2): ["bf", "bs", "sb", "sf"],
    ("numbers", 3): ["bsf", "sbf", "bfs", "bhw", "bwh", "fhw"],
    # An image, one whose columns come first, points of steps, and images whose channels are left out, or last.
    ("numbers", 4): ["bfhw", "bfwh", "bspf", "bshw", "bhwf", "sbpf"],
    ("numbers", 5): ["bsfhw", "bshwf", "sbfhw", "bfshw"],
    ("ids", 1): [LENGTHS, "b", "s"],
    ("ids", 2): ["bs", "sb"],
    # The characters of words.
    ("ids", 3): ["bsp", "sbp"],
}

IMAGES, PLACES, STEPS = "bswhf", "bspf", "bsf"
"""The axes by which labels are numbered: columns of an image are neighbors, as they may be steps."""


def unreadable(inputs: Sequence[Input]) -> tuple[Unread, ...]:
    """The inputs whose axes can be nothing that is read, each with the reason and what to do."""
    return tuple(_why(item) for item in inputs if not item.axes())


def _why(item: Input) -> Unread:
    """Why an input cannot be read."""
    shape = f"({', '.join(map(str, item.shape))})"
    return Unread(
        item.name,
        "input",
        f"its shape {shape}, of {item.kind[0]}, is neither that of sequences nor of vectors, and no step holds a grid",
        way="give it sequences or vectors, whose steps may hold images or places",
    )


def readings(inputs: Sequence[Input]) -> Iterator[tuple[str, ...]]:
    """What the axes of all inputs may be; either all have samples, or none."""
    # A model of one sample at a time, as in a tutorial on tagging, has no axis of samples.
    found = _alike_first(inputs)
    batched = [axes for axes in found if all(map(_has_samples, axes))]
    single = [axes for axes in found if not any(map(_has_samples, axes))]
    yield from [*batched[:_MOST], *single[:_MOST]]


def _has_samples(axes: str) -> bool:
    return "b" in axes or axes == LENGTHS


def _alike_first(inputs: Sequence[Input]) -> list[tuple[str, ...]]:
    """What the axes may be: first where inputs of one shape, as `h` and `c`, are read alike, of which there are few."""
    kinds = [(item.kind, item.shape) for item in inputs]
    each = {kind: item.axes() for kind, item in zip(kinds, inputs, strict=True)}
    at = [list(each).index(kind) for kind in kinds]
    alike = (tuple(chosen[place] for place in at) for chosen in product(*each.values()))
    return list(dict.fromkeys([*alike, *product(*(item.axes() for item in inputs))]))


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


def _numbered(axes: str) -> str:
    """All axes that an input may have, in the order in which its labels run."""
    if "h" in axes:
        return IMAGES
    return PLACES if "p" in axes else STEPS


def _labeled(
    trace: Trace, item: Input, axes: str, lengths: Mapping[str, int]
) -> tuple[Node, torch.Tensor]:
    """A node for an input, and the tensor of its labels."""
    shape = [lengths.get(item.free.get(axis, ""), size) for axis, size in enumerate(item.shape)]
    if "b" in axes:
        shape[axes.index("b")] = trace.batch
    by_axis = dict(zip(axes, shape, strict=True))
    numbered = _numbered(axes)
    # A model without samples is one with a single one.
    # All axes are there for labels, of length 1 where the tensor has none.
    sizes = [by_axis.get(axis, 1) for axis in numbered]
    grid = tuple(by_axis[axis] for axis in "hwp" if axis in axes)
    samples, steps, *inner = sizes
    kind, features = "tokens" if item.is_ids else "input", prod(inner)
    node = trace.node(kind, (samples, steps), features, grid=grid)
    node.notes.update(name=item.name, is_optional=item.is_optional)
    node.is_vector = "s" not in axes
    if not item.is_ids:
        # input(28, 28, 1) of an image; of ids settle_padding says how many there are.
        shown = (*grid, by_axis.get("f", 1))
        node.arguments = tuple((str(at), str(size)) for at, size in enumerate(shown))
    spread = _in_axes(np.arange(node.first, node.end).reshape(sizes), numbered, axes)
    dtype = item.dtype if item.is_ids else torch.float32
    return node, labels.written(np.ascontiguousarray(spread.reshape(shape)), dtype)


def _in_axes(ids: Ids, numbered: str, axes: str) -> Ids:
    """Labels with the axes that there are, in their order; the others, of length 1, are behind them."""
    order = [*axes, *(axis for axis in numbered if axis not in axes)]
    return np.transpose(ids, [numbered.index(axis) for axis in order])


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
