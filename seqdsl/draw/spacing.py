"""distances that are wanted → places: what is too near is moved apart, and nothing else.

A picture whose decoder has a step every six columns, and whose encoder one every two, would become three times as wide
as it has to if all of it were stretched until the encoder has room.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROUNDS = 6
_SAME = 0.25


class Spacing:
    """The distances between neighboring stops, which only grow."""

    def __init__(self, stops: Sequence[int], gaps: Sequence[float]) -> None:
        """Begin with the distances of the picture.

        Args:
            stops: columns, in order.
            gaps: how far each is from the next, in pixels.
        """
        self.stops = stops
        self.gaps = list(gaps)
        self._needs: dict[tuple[int, int], float] = {}

    def need(self, left: int, right: int, room: float) -> None:
        """Ask for room between two columns; those that are no stops, as they are not drawn, need none."""
        i, j = self._index(left), self._index(right)
        if i is not None and j is not None and i < j:
            # Room may be asked for between the same columns again: the widest counts.
            self._needs[i, j] = max(room, self._needs.get((i, j), 0.0))

    def even(self, groups: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Give all the room they need, and then the pairs of columns of each group the same distance.

        Wider pairs in one group may tear another apart, which then takes another round; in pictures that are drawn
        evenly two of them are enough. Where groups chase each other, all is stretched alike, which is even, too.
        """
        alike = self._alike()
        # What is close together first: what spans it may then have room enough.
        for (i, j), room in sorted(self._needs.items(), key=lambda item: item[0][1] - item[0][0]):
            self._widen(i, j, room)
        spans = [[span for pair in group if (span := self._span(*pair))] for group in groups]
        for _ in range(_ROUNDS):
            grown = [self._level(group) for group in spans]
            if not any(grown):
                break
        # The uneven way is there to save room: where it saves none, the even one is better.
        if sum(self.gaps) > sum(alike):
            self.gaps = alike

    def _alike(self) -> list[float]:
        """The gaps, all of them stretched until everything has room."""
        places = self.places()
        scale = max(
            [1.0, *(room / (places[j] - places[i]) for (i, j), room in self._needs.items())]
        )
        return [gap * scale for gap in self.gaps]

    def places(self) -> list[float]:
        """Where each stop is, from 0."""
        return list(accumulate(self.gaps, initial=0.0))

    def _level(self, group: Sequence[tuple[int, int]]) -> bool:
        """Widen all spans of a group to the widest; whether that changed any."""
        if not group:
            return False
        widths = [sum(self.gaps[i:j]) for i, j in group]
        # Less than a quarter of a pixel is not visible, and no reason for another round.
        if max(widths) - min(widths) < _SAME:
            return False
        for i, j in group:
            self._widen(i, j, max(widths))
        return True

    def _widen(self, i: int, j: int, room: float) -> None:
        """Stretch what lies between two stops in proportion, so that what is in the middle stays there."""
        # Gaps of 10 and 20 that need 60 are 20 and 40.
        now = sum(self.gaps[i:j])
        if now < room:
            self.gaps[i:j] = [gap * room / now for gap in self.gaps[i:j]]

    def _span(self, left: int, right: int) -> tuple[int, int] | None:
        i, j = self._index(left), self._index(right)
        return None if i is None or j is None else (i, j)

    def _index(self, column: int) -> int | None:
        index = bisect_left(self.stops, column)
        return index if index < len(self.stops) and self.stops[index] == column else None
