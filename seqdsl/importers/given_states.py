"""final states among a model's results → what a picture's model asks of their places, in both frameworks.

::

    y, h, c          one LSTM: its output, then `h` and `c`         Model([x, h_in, c_in], [y, h, c])
    y, h, c, h, c    two of them, the lowest first
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ORDER = "give the outputs first, and then `h` and `c` of each LSTM, the lowest first"


def results_before(
    given: Mapping[int, tuple[int, ...]], count: int, refused: Callable[[str, str], Exception]
) -> int:
    """How many of ``count`` results come before the states.

    Args:
        given: the places of `h` and `c`, or of `h`, among the results, by the runs, the lowest first.
        count: the number of results.
        refused: makes the error of a reason and of what to do.

    Raises:
        Exception: what ``refused`` makes: states do not come last, or nothing comes before them.
    """
    places = list(chain.from_iterable(given.values()))
    first = count - len(places)
    if places != list(range(first, count)):
        raise refused("states are among its results, and a picture's model gives them last", ORDER)
    if not first:
        raise refused(
            "it gives the final state of an LSTM alone, and a picture's model its output as well",
            "give the output of the layer, too",
        )
    return first


def taken_last(
    taken: dict[int, tuple[int, ...]], inputs: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """The inputs that are the states with which runs begin, by the runs; none where they are not the last inputs."""
    states = list(chain.from_iterable(taken.values()))
    # Inputs that stand elsewhere are values like any other: the run begins with them.
    return taken if list(inputs)[len(inputs) - len(states) :] == states else {}
