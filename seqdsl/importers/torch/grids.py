"""tensor with grids of its steps, on whichever axes → what each step reads, and where in the tensor its numbers are.

::

    (batch, steps, channels, height, width)    a video
    (batch * steps, channels, height, width)   its images one by one
    (batch, steps, places, features)           the characters of words
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.torch.nodes import EachStep, Refused
from seqdsl.importers.torch.order import channels_of, height_of, in_order, is_of_columns
from seqdsl.importers.torch.rows import ZEROS, by_sample
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node, Piece, Row
    from seqdsl.importers.torch.trace import Trace

NO_GRID = "it reads a part of a grid, or several as one"


@record(frozen=True)
class Grids:
    """The grids that an operation reads, one at each step.

    Attributes:
        rows: what each step reads.
        order: which of the folded rows each step of each sample is, (samples, steps).
        lead: the sizes of all axes but the inner ones.
        inner: the axes along which numbers are of one grid.
        sizes: their sizes.
        columns: where in the inner axes each number of a grid is, by width, height and channel.
        places: height and width, or how many places there are.
        channels: the features of a place.
    """

    rows: tuple[Row, ...]
    order: Ids
    lead: tuple[int, ...]
    inner: tuple[int, ...]
    sizes: tuple[int, ...]
    columns: Ids
    places: tuple[int, ...]
    channels: int

    @property
    def features(self) -> int:
        """How many numbers a grid has."""
        return len(self.columns)

    def has_channels_on(self, axis: int) -> bool:
        """Whether the features of each place are along an axis."""
        at = self.inner.index(axis)
        where = np.unravel_index(self.columns, self.sizes)[at]
        channel = np.arange(self.features) % self.channels
        return self.sizes[at] == self.channels and bool((where == channel).all())

    def with_channels(self, axis: int, channels: int) -> tuple[tuple[int, ...], Ids]:
        """The sizes, and the columns, of grids that have others of their features along an axis."""
        at = self.inner.index(axis)
        places = np.unravel_index(self.columns.reshape(-1, self.channels)[:, 0], self.sizes)
        sizes = (*self.sizes[:at], channels, *self.sizes[at + 1 :])
        index = [np.repeat(place, channels) for place in places]
        index[at] = np.tile(np.arange(channels), len(places[0]))
        return sizes, np.ravel_multi_index(tuple(index), sizes)


def inner_axes(trace: Trace, ids: Ids) -> tuple[int, ...]:
    """The axes along which neighbors are of one step; nothing: no grids are read, or flattened ones."""
    if not trace.nodes.have_grids(ids):
        return ()
    found = _axes_within(trace, ids)
    # (batch, 1, 1, channels): a grid of one place.
    known = trace.nodes.of(int(ids[ids >= 0].flat[0]))
    is_place = bool(found and known.grid) and int(np.prod(known.grid)) == 1
    return found if len(found) > 1 or is_place else ()


def _axes_within(trace: Trace, ids: Ids) -> tuple[int, ...]:
    starts = np.where(ids >= 0, ids - trace.nodes.inside(ids), -1)
    return tuple(axis for axis in range(ids.ndim) if _is_within(starts, axis))


def _is_within(starts: Ids, axis: int) -> bool:
    along = np.moveaxis(starts, axis, 0)
    return bool(((along[1:] == along[:-1]) & (along[1:] >= 0)).any())


def read_grids(trace: Trace, ids: Ids, inner: Sequence[int]) -> Grids:
    """The grids that are on inner axes.

    Raises:
        Refused: they are none.
    """
    inner = tuple(sorted(axis % ids.ndim for axis in inner))
    moved = np.moveaxis(ids, inner, range(-len(inner), 0))
    lead, sizes = moved.shape[: -len(inner)], moved.shape[-len(inner) :]
    flat = moved.reshape(-1, int(np.prod(sizes, dtype=np.int64)))
    local, order = by_sample(trace.nodes, flat, trace.batch, lead)
    found = in_order(trace.nodes, local)
    # In order they are one grid behind the other, in the tensor they may be side by side as channels.
    rows = trace.rows(local if found is None else local[:, found], grids=True)
    places, parts = _layout(trace, rows)
    columns = _merged(places, parts)
    if found is not None:
        columns = found[columns]
    return Grids(rows, order, lead, inner, sizes, columns, places, sum(parts))


def _layout(trace: Trace, rows: Sequence[Row]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The places of the grids that rows are, and the channels of those that are side by side."""
    # A row that is zero may be one of any places.
    layouts = {tuple(_one(trace, piece) for piece in row) for row in rows} - {()}
    if len(layouts) != 1:
        raise Refused(NO_GRID)
    layout = layouts.pop()
    places = {places for places, _ in layout}
    # Grids of one size may be side by side, as channels.
    if len(places) != 1:
        raise Refused(NO_GRID)
    return places.pop(), tuple(channels for _, channels in layout)


def _one(trace: Trace, piece: Piece) -> tuple[tuple[int, ...], int]:
    """The places of a grid, or of some of its columns, and its channels."""
    if piece.node == ZEROS:
        raise Refused(
            "some channels of a grid are zero",
            "if they are the first state of a ConvLSTM in a loop: let a module of its own compute a step, "
            "`h, c = cell(x, (h, c))`",
        )
    node = trace.nodes.all[piece.node]
    if not node.grid or not is_of_columns(node, piece.first, piece.count):
        raise Refused(NO_GRID)
    channels = channels_of(node)
    return (*node.grid[:-1], piece.count // (height_of(node) * channels)), channels


def _merged(places: tuple[int, ...], parts: tuple[int, ...]) -> Ids:
    """Of grids one after the other, those side by side as channels.

    ::

        two places, 1 and 2 channels: 0 1 | 2 3 4 5  ->  0 2 3  1 4 5
    """
    count, start, found = int(np.prod(places)), 0, []
    for channels in parts:
        size = count * channels
        found.append(np.arange(start, start + size).reshape(count, channels))
        start += size
    return np.concatenate(found, axis=1).reshape(-1)


def same_grids(
    trace: Trace, call: Call, read: Sequence[Grids], word: str, **arguments: Any
) -> torch.Tensor:
    """Read an operation that makes of grids others with each number in its place.

    Raises:
        Refused: they are not alike.
    """
    out: torch.Tensor = call.run()
    first = max(read, key=lambda item: len(item.order))
    if any((item.columns != first.columns).any() for item in read if item is not first):
        raise Refused("grids of several orders of axes are read together")
    operands = [EachStep(item.rows) for item in read]
    node = trace.node(
        word,
        first.order.shape,
        first.features,
        *operands,
        grid=first.places,
        **arguments,
    )
    fill_grids(trace, out, node, first, first.sizes, first.columns)
    return out


def fill_grids(
    trace: Trace,
    out: torch.Tensor,
    node: Node,
    read: Grids,
    sizes: tuple[int, ...],
    columns: Ids,
) -> None:
    """Overwrite a result with the labels of its node.

    Args:
        trace: the run so far.
        out: the result, which has the axes of what was read.
        node: whose values it holds.
        read: what was read.
        sizes: the sizes of the inner axes of the result.
        columns: where in these each number of a grid is.
    """
    ids = np.empty((read.order.size, node.features), np.int64)
    values = np.arange(node.first, node.end).reshape(-1, node.features)
    ids[read.order.reshape(-1)[:, None], columns[None]] = values
    spread = ids.reshape(*read.lead, *sizes)
    trace.place(out, np.moveaxis(spread, range(-len(sizes), 0), read.inner))


def of_channels(
    trace: Trace,
    call: Call,
    at: tuple[Ids, int],
    word: str,
    *,
    gives: tuple[int, torch.Tensor] | None = None,
    **arguments: Any,
) -> torch.Tensor | None:
    """Read a layer that makes, of all features of a place of a grid, those of a place.

    Args:
        trace: the run so far.
        call: the call.
        at: the labels of what is read, and the axis of the features.
        word: the layer.
        gives: how many features it gives, and the result; ``None``: as many, and what PyTorch gives.
        arguments: what else its node is made of.

    Returns:
        The result; ``None``: it reads no grids, or has them as features.
    """
    ids, axis = at[0], at[1] % at[0].ndim
    inner = {*_axes_within(trace, ids), axis} if trace.nodes.have_grids(ids) else set()
    if len(inner) < 2:
        return None
    try:
        read = read_grids(trace, ids, sorted(inner))
    except Refused:
        return None
    # (batch, 1, 1, channels) is what is left of an image: features.
    if not read.has_channels_on(axis) or int(np.prod(read.places)) == 1:
        return None
    if gives is None:
        return same_grids(trace, call, (read,), word, **arguments)
    channels, out = gives
    features = read.features // read.channels * channels
    rows = EachStep(read.rows)
    node = trace.node(word, read.order.shape, features, rows, grid=read.places, **arguments)
    fill_grids(trace, out, node, read, *read.with_channels(axis, channels))
    return out
