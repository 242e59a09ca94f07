"""keys and limits → columns: the narrowest picture in which everything is as far apart as it has to be.

A *key* is a column that matters to some row; keys are numbered from left to right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Limit = tuple[int, int, int]
"""Two keys, left and right, and the smallest distance between them."""


def narrowest(size: int, limits: Iterable[Limit], rigid: Sequence[bool] = ()) -> list[int]:
    """The leftmost columns that keep all limits: the longest way to each key.

    Args:
        size: how many keys there are.
        limits: what has to be apart, and by how much.
        rigid: for each key, whether it is one column before the next one; such runs are moved as one.
    """
    first = list(range(size))
    for key in range(1, size):
        if rigid and rigid[key - 1]:
            first[key] = first[key - 1]
    before: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for left, right, distance in limits:
        if first[left] != first[right]:
            before[first[right]].append((left, distance - (right - first[right])))
    columns: list[int] = []
    for key in range(size):
        if first[key] < key:
            columns.append(columns[-1] + 1)
        else:
            columns.append(max((columns[left] + far for left, far in before[key]), default=0))
    return columns
