"""the places that an operation reads → rows: which features of which steps, alike for all samples.

Samples are an axis of a tensor, or a part of one where steps and samples are folded into one axis; in what order, the
labels tell, as each is that of one sample.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.torch.labels import CONSTANT, ZERO
from seqdsl.importers.torch.nodes import Mixed, Piece, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node, Row

ZEROS = -1
"""The node of features that are zero."""
ANY = -1
"""The sample of what is the same for all, and of zeros."""


class Nodes:
    """All nodes so far, by their labels."""

    def __init__(self) -> None:
        """Begin without any."""
        self.all: list[Node] = []
        self._firsts: list[int] = []

    @property
    def count(self) -> int:
        """How many labels there are."""
        return self.all[-1].end if self.all else 0

    def add(self, node: Node) -> Node:
        """Take one more, whose labels follow those of the last."""
        assert node.first == self.count and node.index == len(self.all)
        self.all.append(node)
        self._firsts.append(node.first)
        return node

    def of(self, label: int) -> Node:
        """The node of a label."""
        return self.all[bisect_right(self._firsts, label) - 1]

    def known(self, ids: Ids) -> set[int]:
        """The nodes whose labels there are."""
        where = np.searchsorted(np.asarray(self._firsts, np.int64), ids[ids >= 0], "right") - 1
        return set(np.unique(where).tolist())

    def have_grids(self, ids: Ids) -> bool:
        """Whether any labels are of steps that hold grids."""
        return any(node.grid for node in self.all) and any(
            self.all[index].grid for index in self.known(ids)
        )

    def inside(self, ids: Ids) -> Ids:
        """Which feature of its step each label is of."""
        firsts = np.asarray(self._firsts, np.int64)
        features = np.asarray([node.features for node in self.all], np.int64)
        where = np.clip(np.searchsorted(firsts, ids, "right") - 1, 0, None)
        return (ids - firsts[where]) % features[where]

    def samples(self, ids: Ids) -> tuple[Ids, Ids]:
        """The sample of each label, and the label of the same place of the first sample."""
        firsts = np.asarray(self._firsts, np.int64)
        each = np.asarray([node.each for node in self.all], np.int64)
        several = np.asarray([node.samples > 1 for node in self.all])
        where = np.clip(np.searchsorted(firsts, ids, "right") - 1, 0, None)
        sample = np.where((ids >= 0) & several[where], (ids - firsts[where]) // each[where], ANY)
        return sample, np.where(sample > 0, ids - sample * each[where], ids)


def of_row(nodes: Nodes, row: Ids) -> Row:
    """What one step reads, of the labels of its features.

    Raises:
        Refused: numbers that are no values of the model are among the features.
    """
    if (row == ZERO).all():
        return ()
    if (row == CONSTANT).any():
        raise Refused("it reads numbers that are neither an input nor what a layer gives")
    return tuple(_pieces(nodes, row))


def _pieces(nodes: Nodes, row: Ids) -> Sequence[Piece]:
    found: list[Piece] = []
    start = 0
    # 7 8 9 20 21: the features from 7 on, then those from 20 on
    for stop in [*(np.flatnonzero(_breaks(row)) + 1).tolist(), len(row)]:
        label, end = int(row[start]), int(row[stop - 1]) + 1
        if label == ZERO:
            found.append(Piece(ZEROS, 0, 0, stop - start))
            start = stop
            continue
        while label < end:
            node = nodes.of(label)
            # A flattened row goes on from the last feature of a step to the first of the next.
            step, first = divmod((label - node.first) % node.each, node.features)
            count = min(node.features - first, end - label)
            found.append(Piece(node.index, step, first, count))
            label += count
        start = stop
    return found


def rows_of(nodes: Nodes, ids: Ids) -> tuple[Row, ...]:
    """What each of several steps reads, of labels (steps, features) of the first sample."""
    return tuple(of_row(nodes, row) for row in ids)


def _breaks(row: Ids) -> NDArray[np.bool_]:
    """Between which labels something else begins; zeros go together, and 0 is no label behind them."""
    is_zero = row == ZERO
    found: NDArray[np.bool_] = np.where(is_zero[:-1], ~is_zero[1:], np.diff(row) != 1)
    return found


def by_sample(nodes: Nodes, ids: Ids, batch: int, lead: Sequence[int]) -> tuple[Ids, Ids]:
    """Labels of rows, in whatever order → the same by sample and step, and where each was.

    Args:
        nodes: the nodes so far.
        ids: labels, (rows, features).
        batch: how many samples the model is probed with.
        lead: the sizes of the axes that were folded into the rows.

    Returns:
        Labels of the first sample, (steps, features); rows by sample and step, (samples, steps). One sample where all
        are alike and no axis is as long as the batch.

    Raises:
        Mixed: a row reads several samples.
        Refused: samples are read in different ways.
    """
    sample, local = nodes.samples(ids)
    known = sample.max(axis=1, initial=ANY)
    if ((sample != ANY) & (sample != known[:, None])).any():
        raise Mixed("it reads several samples of a batch together")
    order = _order(known, batch, lead)
    # (samples, steps, features), of which each sample has to read what the first one does
    whole = local[order]
    if (whole != whole[:1]).any():
        raise Refused("it does not read each sample of a batch in the same way")
    return whole[0], order


def _order(known: Ids, batch: int, lead: Sequence[int]) -> Ids:
    """The rows of each sample, (samples, steps)."""
    rows = np.arange(len(known))
    # Queries that are trained, or positions: (steps, features), the same for all samples.
    if len(known) % batch or (batch not in lead and (known == ANY).all()):
        if (known != ANY).any():
            raise Mixed("it reads several samples of a batch together")
        return rows[None]
    # A A B B A A B B: two rows a sample, twice; zeros are of any sample.
    for inner in _inner(lead, batch, len(known)):
        samples = rows // inner % batch
        if ((known == ANY) | (known == samples)).all():
            return np.argsort(samples, kind="stable").reshape(batch, -1)
    if (known == ANY).any() or (np.bincount(known, minlength=batch) * batch != len(known)).any():
        raise Mixed("its rows do not tell which sample each belongs to")
    return np.argsort(known, kind="stable").reshape(batch, -1)


def _inner(lead: Sequence[int], batch: int, count: int) -> list[int]:
    """How many rows one sample may have in turn: where an axis is that of samples, first."""
    along = [
        int(np.prod(lead[axis + 1 :], dtype=np.int64))
        for axis, size in enumerate(lead)
        if size == batch
    ]
    return [
        *along,
        *(inner for inner in range(1, count // batch + 1) if count % (inner * batch) == 0),
    ]


def numbered(lead: tuple[int, ...], batch: int) -> Ids:
    """The numbers of the rows of a tensor, (samples, rows of each): an axis is that of samples if it is as long.

    ::

        (5, 6, features) of 5 samples       the first
        (1, 5, features)                    the second, as a state has it
        (6, features)                       none: it is the same for all
    """
    rows = np.arange(int(np.prod(lead))).reshape(lead)
    if batch == 1 or batch not in lead:
        return rows.reshape(1, -1)
    return np.moveaxis(rows, lead.index(batch), 0).reshape(batch, -1)
