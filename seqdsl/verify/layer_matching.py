"""layers + hand-written model → where it keeps which layer's weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.weight_binding import NoSuchWeights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from seqdsl.runtime.named_weights import LayerWeights

MOST = 200
"""Ways to match layers that are tried where several have the same shapes."""


def assignments(
    layers: Sequence[LayerWeights],
    places: Sequence[str],
    fits: Callable[[LayerWeights], bool],
) -> Iterator[tuple[LayerWeights, ...]]:
    """The ways in which all layers find a place in a model; the most natural first.

    A place of the layer's own name comes before others, one of another layer's name after them.

    Raises:
        NoSuchWeights: a layer fits nowhere, or several only in one place.
    """
    options = []
    names = {layer.name for layer in layers}
    for layer in layers:
        placed = [replace(layer, place=place) for place in places]
        fitting = [item for item in placed if fits(item)]
        if not fitting:
            shapes = ", ".join(str(shape) for _, shape in layer.shapes)
            raise NoSuchWeights(
                f"no layer of the model matches `{layer.name}` ({layer.kind}: {shapes})"
            )
        options.append(sorted(fitting, key=lambda item: _strangeness(item, names)))
    if not _is_possible(options):
        raise NoSuchWeights("the model has several layers of the picture in one")
    yield from _choices(options, ())


def _is_possible(options: Sequence[Sequence[LayerWeights]]) -> bool:
    """Whether all layers can have a place of their own: else every way would be tried in vain."""
    if not all(options):
        return False
    # Most models tell where their layers are, and match nothing.
    import networkx as nx

    graph = nx.Graph(
        (("layer", number), ("place", item.place))
        for number, fitting in enumerate(options)
        for item in fitting
    )
    layers = [("layer", number) for number in range(len(options))]
    # Told which nodes are layers: networkx cannot tell the two sides of a graph that is not connected.
    matched = nx.bipartite.maximum_matching(graph, layers)
    return all(layer in matched for layer in layers)


def _strangeness(layer: LayerWeights, names: Collection[str]) -> int:
    """How odd a layer's place is: one of its own name, of no layer's, of another layer's."""
    name = (layer.place or "").rpartition(" ")[2].removeprefix(BARE)
    return 0 if name == layer.name else 1 + (name in names)


def _choices(
    options: Sequence[Sequence[LayerWeights]], taken: tuple[LayerWeights, ...]
) -> Iterator[tuple[LayerWeights, ...]]:
    if len(taken) == len(options):
        yield taken
        return
    used = {item.place for item in taken}
    free = [
        [item for item in fitting if item.place not in used] for fitting in options[len(taken) :]
    ]
    # A layer without a place left is noticed before all ways of the others have been tried.
    if _is_possible(free):
        for item in free[0]:
            yield from _choices(options, (*taken, item))
