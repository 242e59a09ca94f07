"""graph, wiring → the lengths at which the graph is read, and held against the wiring."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.graph import Graph
    from seqdsl.layout.wiring import Wiring
    from seqdsl.size import Size

_MOST = 4096
"""How many lengths are tried."""

_GROWTH = ((1, 2, 4), (2, 4, 1), (4, 1, 2))
"""How many multiples of a length are added to its smallest value; each length grows in another way."""


def usual_lengths(graph: Graph) -> list[dict[str, int]]:
    """Three values for each free length, each of its own; one set of none where no length is free."""
    if not graph.free:
        return [{}]
    return [
        {
            name: graph.minimum.get(name, 1)
            + graph.multiple.get(name, 1) * _GROWTH[at % len(_GROWTH)][trial]
            for at, name in enumerate(graph.free)
        }
        for trial in range(len(_GROWTH))
    ]


def fitting_lengths(graph: Graph, wiring: Wiring) -> dict[str, int] | None:
    """Values for the free lengths of a graph, so that it is as long as a wiring; ``None`` if there are none.

    Lengths that both name are the same; an unnamed one follows from the steps of inputs and outputs.
    """
    wanted = list(_wanted(graph, wiring))
    most = max((steps for _, steps in wanted), default=0)
    ranges = [_values(graph, wiring, name, most) for name in graph.free]
    for values in islice(product(*ranges), _MOST):
        numbers = dict(zip(graph.free, values, strict=True))
        if all(_is(size, steps, graph.defaults | numbers) for size, steps in wanted):
            return numbers
    return None


def _values(graph: Graph, wiring: Wiring, name: str, most: int) -> Sequence[int]:
    """What a length may be: what the wiring says, else all that it can."""
    least, multiple = graph.minimum.get(name, 0), graph.multiple.get(name, 1)
    # The names of unnamed lengths begin with `_`, and are not the same in two pictures.
    if name in wiring.lengths and not name.startswith("_"):
        wanted = wiring.lengths[name]
        # X X X ..n.. X X X    six steps are drawn: it is never 5
        is_fit = wanted in range(least, wanted + 1, multiple)
        return [wanted] if is_fit else []
    return range(least, max(most, least) + 1, multiple)


def _wanted(graph: Graph, wiring: Wiring) -> Iterator[tuple[Size, int]]:
    """The steps of each input and output, and how many there are to be."""
    ends = [
        *zip((item.block for item in graph.inputs), wiring.inputs, strict=False),
        *zip((item.block for item in graph.outputs), wiring.outputs, strict=False),
    ]
    for index, at in ends:
        size, steps = graph.nodes[index].steps, wiring.blocks[at].steps
        if size is not None and steps is not None:
            yield size, steps


def _is(size: Size, steps: int, numbers: dict[str, int]) -> bool:
    try:
        return size.value(numbers) == steps
    except ValueError:
        # n / 2 of an odd number is no length.
        return False
