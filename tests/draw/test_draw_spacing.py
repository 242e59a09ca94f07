"""What is too near is moved apart; what is even stays even; and nothing gets wider than by stretching all of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from seqdsl.draw.spacing import Spacing


def spaced(
    stops: list[int],
    needs: dict[tuple[int, int], float],
    groups: list[list[tuple[int, int]]],
) -> dict[int, float]:
    spacing = Spacing(stops, [10.0 * (right - left) for left, right in pairwise(stops)])
    for (left, right), room in needs.items():
        spacing.need(left, right, room)
    spacing.even(groups)
    return dict(zip(stops, spacing.places(), strict=True))


def test_only_what_is_near_is_moved() -> None:
    places = spaced([0, 1, 2, 6], {(0, 1): 30, (2, 6): 35}, [])
    assert places == {0: 0, 1: 30, 2: 40, 6: 80}


def test_what_is_in_the_middle_stays_there() -> None:
    places = spaced([0, 1, 2], {(0, 2): 60}, [])
    assert places == {0: 0, 1: 30, 2: 60}


def test_groups_are_even() -> None:
    places = spaced([0, 2, 4], {(0, 2): 50}, [[(0, 2), (2, 4)]])
    assert places == {0: 0, 2: 50, 4: 100}


def test_columns_that_are_not_drawn_need_no_room() -> None:
    assert spaced([0, 4], {(0, 2): 500, (2, 4): 500}, [[(0, 2), (2, 4)]]) == {0: 0, 4: 40}


@pytest.mark.parametrize("count", [3, 6, 12])
def test_groups_that_chase_each_other(count: int) -> None:
    """Each group wants its second pair, which holds the first of the next one, as wide as its first."""
    stops = list(range(3 * count + 3))
    groups = [[(i, i + 2), (i + 1, i + 3)] for i in range(3 * count)]
    groups += [[(i, i + 1), (i + 1, i + 3)] for i in range(3 * count)]
    places = spaced(stops, {(0, 1): 40}, groups)
    assert places[0] == 0
    assert places[1] >= 40
    # All stretched alike, the first pair would have its room, too: at four times the width.
    assert places[stops[-1]] <= 4 * 10 * stops[-1]
