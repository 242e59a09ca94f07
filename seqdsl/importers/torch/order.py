"""labels of features in whatever order → whole values side by side: in which column of a tensor each feature is.

PyTorch has the channels of an image first, and so has what it flattens. The labels of a grid run by width, height and
channel, so that columns of an image, which may be steps, are neighbors::

    (channels, height, width)    0 4 | 1 5 |      two channels of two rows of two columns: flattened 0 4 2 6 1 5 3 7
                                 2 6 | 3 7 |
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node
    from seqdsl.importers.torch.rows import Nodes


def in_order(nodes: Nodes, local: Ids) -> Ids | None:
    """In which column each feature is when the features of each value stand in order, side by side.

    Args:
        nodes: the nodes so far.
        local: labels of the first sample, (steps, features).

    Returns:
        A column for each feature; ``None``: they are in order, or are not those of whole values.
    """
    row = fullest(local)
    keys = _keys(nodes, row)
    # Each value in the place of the first of its features, its features in order.
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    order = np.lexsort((row, first[group]))
    if (order == np.arange(len(row))).all():
        return None
    runs = list(values_in(nodes, row[order]))
    return order if runs and all(_is_whole(nodes, row[order], run) for run in runs) else None


def fullest(local: Ids) -> Ids:
    """The row in which most is wired: what is padded says nothing of the order."""
    row: Ids = local[int(np.argmax((local >= 0).sum(axis=1)))]
    return row


def _keys(nodes: Nodes, row: Ids) -> Ids:
    """A number for each value; each zero is one of its own."""
    return np.where(row >= 0, row - nodes.inside(row), -1 - np.arange(len(row)))


def values_in(nodes: Nodes, row: Ids) -> Iterator[tuple[int, int]]:
    """Where each value begins and ends; zeros are none."""
    keys = _keys(nodes, row)
    starts = [0, *(np.flatnonzero(np.diff(keys)) + 1).tolist(), len(keys)]
    for start, stop in pairwise(starts):
        if keys[start] >= 0:
            yield start, stop


def _is_whole(nodes: Nodes, row: Ids, run: tuple[int, int]) -> bool:
    start, stop = run
    node = nodes.of(int(row[start]))
    # Sorted labels of all features follow each other; one that occurs twice, or is not read, breaks the run.
    if (np.diff(row[start:stop]) != 1).any():
        return False
    if not node.grid:
        return stop - start == node.features
    return is_of_columns(node, int(row[start] - node.first) % node.features, stop - start)


def is_of_columns(node: Node, first: int, count: int) -> bool:
    """Whether features of a grid are all of some of its columns."""
    column = height_of(node) * channels_of(node)
    return first % column == 0 and count % column == 0


def height_of(node: Node) -> int:
    """The height of a grid; characters of a word are columns."""
    return node.grid[0] if len(node.grid) > 1 else 1


def channels_of(node: Node) -> int:
    """How many features each place of a grid has."""
    return node.features // int(np.prod(node.grid, dtype=np.int64))
