"""grids that a layer over features reads → a `flatten` of each, and the order in which the layer has its features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.torch.nodes import EachStep, Piece, Refused
from seqdsl.importers.torch.order import (
    channels_of,
    fullest,
    height_of,
    in_order,
    is_of_columns,
    values_in,
)
from seqdsl.importers.torch.rows import of_row
from seqdsl.importers.torch.taken import MIXED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node, Row
    from seqdsl.importers.torch.rows import Nodes


class Flats:
    """The rows that flatten the grids of a run, one for all that reads the same grids."""

    def __init__(self, nodes: Nodes, make: Callable[..., Node]) -> None:
        """Begin without any.

        Args:
            nodes: the nodes of the run.
            make: makes one more (`Trace.node`).
        """
        self._nodes, self._make = nodes, make
        self._made: dict[Row, Node] = {}

    def as_features(self, local: Ids, *, in_any_order: bool) -> tuple[Ids, Ids | None]:
        """Labels of features, with a flattened grid in place of each grid.

        Args:
            local: labels of the first sample, (steps, features).
            in_any_order: whether features may be in another order than that of the language.

        Returns:
            The labels in order, and the column of the tensor in which each is; ``None``: they are as they were.

        Raises:
            Refused: a part of a grid is read, or one in another order.
        """
        made, columns = self._flattened(local)
        if columns is None or in_any_order:
            return made, columns
        # Of features that are no grid's, `split` takes those that are not in order apart.
        if self._nodes.have_grids(local):
            raise Refused(MIXED)
        return local, None

    def _flattened(self, local: Ids) -> tuple[Ids, Ids | None]:
        nodes = self._nodes
        order = in_order(nodes, local)
        made = local if order is None else local[:, order]
        if not nodes.have_grids(local):
            return made, order
        columns = np.arange(local.shape[1]) if order is None else order
        result, places = made.copy(), columns.copy()
        for start, stop in values_in(nodes, fullest(made)):
            part = made[:, start:stop]
            if nodes.have_grids(part):
                result[:, start:stop], inside = self._flat(part)
                places[start:stop] = columns[start:stop][inside]
        return result, None if (places == np.arange(len(places))).all() else places

    def _flat(self, part: Ids) -> tuple[Ids, Ids]:
        """Labels of a flattened grid, and where among the features of the grid each of its features is."""
        pieces = [self._piece(row) for row in part]
        known = [piece for piece in pieces if piece is not None]
        shapes = {_shape(self._nodes.all[piece.node], piece.count) for piece in known}
        if len(shapes) != 1:
            raise Refused("it reads grids of several sizes as one")
        result = np.full_like(part, -1)
        for at, piece in enumerate(pieces):
            if piece is not None:
                first = self._first(piece, known)
                result[at] = np.arange(first, first + piece.count)
        # By width, height and channel, to height, width and channel.
        inside = np.arange(part.shape[1]).reshape(shapes.pop()).transpose(1, 0, 2).reshape(-1)
        return result, inside

    def _piece(self, row: Ids) -> Piece | None:
        """The grid that a row is, or the columns of one; ``None``: it is zero."""
        pieces = of_row(self._nodes, row)
        if not pieces:
            return None
        first = pieces[0]
        node = self._nodes.all[first.node]
        if len(pieces) > 1 or not node.grid or not is_of_columns(node, first.first, first.count):
            raise Refused("it reads a part of a grid other than whole columns")
        return first

    def _first(self, piece: Piece, known: Sequence[Piece]) -> int:
        """The first label of a piece as it is flattened, of what is flattened with it."""
        node = self._nodes.all[piece.node]
        # Of a whole grid all steps are flattened, of columns those that are read.
        read = [Piece(piece.node, step, 0, node.features) for step in range(node.steps)]
        if piece.count != node.features:
            own = {item for item in known if item.node == piece.node}
            read = sorted(own, key=lambda item: (item.step, item.first))
        key = tuple(read)
        made = self._made.get(key)
        if made is None:
            rows = EachStep(tuple((item,) for item in read))
            made = self._make("flatten", (node.samples, len(read)), piece.count, rows)
            made.is_vector = node.is_vector and len(read) == 1
            self._made[key] = made
        return made.first + key.index(piece) * piece.count


def _shape(node: Node, count: int) -> tuple[int, int, int]:
    high, deep = height_of(node), channels_of(node)
    return count // (high * deep), high, deep
