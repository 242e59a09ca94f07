"""row → delayed nodes: its lower-case letters, and which of its ellipses go on with them.

S y y ... y       the ellipsis is one of `y`
d M ... d M       it is one of `M`, and of `d` as well: both go on
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.picture.grid import GridRow


def is_delayed(mark: str) -> bool:
    """Whether a mark is a delayed node."""
    return mark.islower()


def has_delayed(row: GridRow) -> bool:
    """Whether any node of a row is a delayed one."""
    return row.marks != row.marks.upper()


def delayed_ellipses(row: GridRow) -> frozenset[int]:
    """The ellipses of a row that only delayed nodes go on across, by their marks."""
    if not row.ends or not has_delayed(row):
        return frozenset()
    return frozenset(mark for mark in row.ends if _is_own(row, mark))


def _is_own(row: GridRow, mark: int) -> bool:
    """Whether the nodes on both sides of an ellipsis are delayed; at an end of the row, on the side that there is."""
    # S y ... y    both are; `y ...` has one side; `y ... S` could be of either
    beside = [row.marks[at] for at in both_sides(row, mark, is_node) if at is not None]
    return bool(beside) and all(map(is_delayed, beside))


def is_node(char: str) -> bool:
    """Whether a mark is a node, delayed or not."""
    return char.isalpha()


def both_sides(
    row: GridRow, mark: int, wanted: Callable[[str], bool]
) -> tuple[int | None, int | None]:
    """The nearest marks of a kind on both sides of one."""
    left = next((at for at in range(mark - 1, -1, -1) if wanted(row.marks[at])), None)
    right = next((at for at in range(mark + 1, len(row.marks)) if wanted(row.marks[at])), None)
    return left, right


def goes_on(row: GridRow, mark: int, letter: str) -> bool:
    """Whether a delayed block goes on across an ellipsis."""
    left, right = both_sides(row, mark, letter.__eq__)
    if _is_own(row, mark):
        beside = [row.marks[at] for at in both_sides(row, mark, is_node) if at is not None]
        return beside[0] == letter
    # d M ... d M    the ellipsis of M, and of d, as they take turns on both sides of it
    # d M d M ...    at an end they take turns before it
    if left is not None and right is not None:
        before = "".join(filter(is_node, row.marks[left + 1 : mark]))
        behind = "".join(filter(is_node, row.marks[right + 1 :]))
        return behind.startswith(before)
    if left is None and right is None:
        return False
    return _takes_turns(row, letter, mark, is_end=right is None)


def _takes_turns(row: GridRow, letter: str, mark: int, *, is_end: bool) -> bool:
    """Whether a delayed node and another have stood side by side more than once, up to an ellipsis at an end."""
    nodes = [
        char
        for at, char in enumerate(row.marks)
        if is_node(char) and (at < mark if is_end else at > mark)
    ]
    # d M d M ...    the last four are two pairs alike, of which each has a `d`
    near = nodes[-4:] if is_end else nodes[:4]
    return len(near) == 4 and near[:2] == near[2:] and near.count(letter) == 2
