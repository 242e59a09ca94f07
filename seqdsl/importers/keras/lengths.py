"""free axes of a model's inputs → the lengths at which it is read: several, to tell ``n - 2`` from ``n / 2``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Axis = tuple[int, int]

_NAMES = "nmkstuvwz"
"""Of the lengths of a picture, in the order of the inputs."""


class Plan(NamedTuple):
    """Lengths at which a model is read.

    Attributes:
        groups: the name of the length of each free axis of an input.
        lengths: the numbers of each free axis, once for each time that it is read.
    """

    groups: Mapping[Axis, str]
    lengths: Sequence[Mapping[Axis, int]]

    def named(self, lengths: Mapping[Axis, int]) -> dict[str, int]:
        """The lengths by their names."""
        return {self.groups[axis]: number for axis, number in lengths.items()}


def plans(free: Sequence[Axis]) -> Iterator[Plan]:
    """Lengths to try, one after the other.

    Inputs may have lengths of their own, or need the same (those that are added up); windows need long ones, and some
    reshapes need lengths that are multiples.
    """
    if not free:
        yield Plan({}, [{}])
        return
    for apart in (True, False) if len(free) > 1 else (True,):
        names = {axis: _name(number if apart else 0) for number, axis in enumerate(free)}
        for numbers in ((7, 8, 11), (24, 26, 31), (12, 24, 36), (60, 61, 67)):
            yield Plan(names, [_at(free, number, apart=apart) for number in numbers])


def _at(free: Sequence[Axis], number: int, *, apart: bool) -> dict[Axis, int]:
    # Different lengths for each, and multiples of twelve where they are meant to be such.
    between = 12 if number % 12 == 0 else 2
    return {axis: number + (place * between if apart else 0) for place, axis in enumerate(free)}


def _name(number: int) -> str:
    return _NAMES[number] if number < len(_NAMES) else f"n_{number}"
