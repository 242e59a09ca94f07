"""numbers of which a softmax over steps is taken → what they compare: queries with keys, and how.

::

    ops.matmul(query, ops.transpose(keys, (0, 2, 1)))       dot products
    Dense(1)(ops.tanh(query + keys))                        additive: one trained vector
    Dense(1)(keys)                                          dot products with a trained query
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.keras.attended import Scores, Weights
from seqdsl.importers.keras.ledger import Kind
from seqdsl.importers.keras.refusals import Refused
from seqdsl.layout.wiring import Block, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from seqdsl.importers.keras.attended import Row
    from seqdsl.importers.keras.ledger import Entry
    from seqdsl.importers.keras.state import State

    Ids = NDArray[np.int64]
    Pair = tuple[Row, Row]

_VECTORS = ("dense(1)", "dense(1, bias=false)")
"""Rows that compare with a trained vector; a bias is the same for all keys, so that no softmax depends on it."""


def compared(walk: State, groups: Ids) -> Weights | None:
    """What the numbers of each group, (groups, numbers), compare; ``None``: they are no scores.

    Raises:
        Refused: they are parts of an attention, and no scores.
    """
    found = walk.attended.of(groups)
    if found is None:
        return _of_vector(walk, groups)
    made, places = found
    if not isinstance(made, Scores):
        raise Refused("it takes a softmax of the weights of an attention")
    return Weights(_grouped(made, places))


def _grouped(made: Scores, places: Ids) -> Scores:
    """The scores of each group of places: of one query and its keys, or of one key and all queries."""
    count = len(made.keys[0])
    query, key = places // count, places % count
    if (query == query[:, :1]).all():
        queries = tuple(made.queries[at] for at in query[:, 0])
        return Scores(queries, tuple(_keys(made, query, key)), made.width)
    # keys @ query is a column of scores, (k0, q0) (k1, q0) (k2, q0): the query is on the right.
    asked = [set(row) for row in _keys(made, query, key)]
    if any(len(item) > 1 for item in asked):
        raise Refused("its softmax is neither over keys nor over queries")
    others = tuple(tuple(made.queries[at] for at in row) for row in query)
    return Scores(tuple(item.pop() for item in asked), others, made.width)


def _keys(made: Scores, query: Ids, key: Ids) -> Iterator[tuple[Row, ...]]:
    """The keys of the scores of each group, by the numbers of their queries and keys."""
    for asked, row in zip(query, key, strict=True):
        yield tuple(made.keys[at][of] for at, of in zip(asked, row, strict=True))


def _of_vector(walk: State, groups: Ids) -> Weights | None:
    """Scores that a layer of one unit gives, one for each step that it reads."""
    rows = [_steps_of_vector(walk, group) for group in groups] if groups.shape[1] > 1 else [None]
    found = [item for item in rows if item is not None]
    if len(found) < len(rows) or len({path for path, _ in found}) > 1:
        return None
    path, keys = found[0][0], tuple(read for _, read in found)
    summed = _of_sums(walk, path, keys)
    return _of_trained_query(walk, path, keys) if summed is None else summed


def _of_sums(walk: State, path: str, rows: tuple[tuple[Row, ...], ...]) -> Weights | None:
    """Additive scores, if all rows that a vector reads are the tanh of sums."""
    asked = [_additive(walk, read) for read in rows]
    pairs = [item for item in asked if item is not None]
    if len(pairs) < len(rows):
        return None
    queries, keys = zip(*pairs, strict=True)
    width = _width(walk, _only(rows[0][0]))
    return Weights(Scores(queries, keys, width), score="additive", path=path)


def _of_trained_query(walk: State, path: str, keys: tuple[tuple[Row, ...], ...]) -> Weights:
    width = sum(_width(walk, part) for part in keys[0][0] if part is not None)
    query = (Source(_trained_query(walk, path, width)),)
    return Weights(Scores((query,) * len(keys), keys, width))


def _width(walk: State, part: Source) -> int:
    return walk.ledger.of_block(part.block).width


def _only(row: Row) -> Source:
    (part,) = row
    assert part is not None
    return part


def _steps_of_vector(walk: State, group: Ids) -> tuple[str, tuple[Row, ...]] | None:
    """The layer of one unit that gives some numbers, and what it reads for each.

    ::

        s s s s     Dense(1) at each of four steps: the group is all of its numbers, in any order
        | | | |
        k k k k     what it reads for each
    """
    entry = walk.ledger.entry(int(group[0])) if group.all() else None
    if entry is None or not _gives_all(entry, group):
        return None
    block = walk.ledger.blocks[entry.block]
    read = block.operands[0] if block.operands else None
    if block.call not in _VECTORS or not isinstance(read, Steps):
        return None
    return walk.ledger.paths[entry.block], tuple(read.of[step] for step in group - entry.start)


def _gives_all(entry: Entry, group: Ids) -> bool:
    """Whether numbers are those of a row of one feature, one for each of its steps."""
    is_row = entry.kind is Kind.STEPS and entry.shape == (1,) and entry.steps == len(group)
    steps = group - entry.start
    return is_row and bool((steps >= 0).all() and (steps < entry.size).all())


def _additive(walk: State, rows: tuple[Row, ...]) -> tuple[Row, tuple[Row, ...]] | None:
    """The query and the keys, where rows are the tanh of their sums; ``None``: they are not."""
    summed = _below(walk, rows, "activation(tanh)")
    pairs = None if summed is None else _pairs(walk, summed)
    if pairs is None:
        return None
    for side in (0, 1):
        queries = {pair[side] for pair in pairs}
        if len(queries) == 1:
            return queries.pop(), tuple(pair[1 - side] for pair in pairs)
    return None


def _below(walk: State, rows: tuple[Row, ...], call: str) -> tuple[Row, ...] | None:
    """What is read by the steps of one row of a call that rows are."""
    found = _same_block(walk, rows)
    if found is None or found.call != call or not isinstance(found.operands[0], Steps):
        return None
    read = found.operands[0].of
    return tuple(read[_only(row).step] for row in rows)


def _pairs(walk: State, rows: tuple[Row, ...]) -> list[Pair] | None:
    """What is added up in each of the steps of one sum of two that rows are."""
    found = _same_block(walk, rows)
    if found is None or found.call != "add" or len(found.operands) != 2:
        return None
    one, two = found.operands
    if not isinstance(one, Steps) or not isinstance(two, Steps):
        return None
    return [(one.of[_only(row).step], two.of[_only(row).step]) for row in rows]


def _same_block(walk: State, rows: tuple[Row, ...]) -> Block | None:
    """The block of which each row is one step, as it is; ``None``: they are of several."""
    blocks = {row[0].block if len(row) == 1 and row[0] else -1 for row in rows}
    if len(blocks) > 1 or -1 in blocks:
        return None
    return walk.ledger.blocks[blocks.pop()]


def _trained_query(walk: State, path: str, width: int) -> int:
    """The row that is the vector of a layer of one unit: ``learned``, the same for all samples."""
    if path not in walk.vectors:
        block = Block(walk.names.of(path), f"learned({width})", None)
        walk.ledger.add(block, (width,), path)
        walk.vectors[path] = len(walk.ledger.blocks) - 1
        walk.ledger.constant.add(walk.vectors[path])
    return walk.vectors[path]
