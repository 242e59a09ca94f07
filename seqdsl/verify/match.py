"""layers + somebody's model → where the model keeps which layer's weights."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from seqdsl.verify.frameworks.holders import NoSuchWeights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from seqdsl.verify.weights import LayerWeights

MOST = 200
"""Ways to match layers that are tried where several have the same shapes."""


def assignments(
    layers: Sequence[LayerWeights],
    places: Sequence[str],
    fits: Callable[[LayerWeights], bool],
) -> Iterator[tuple[LayerWeights, ...]]:
    """The ways in which all layers find a place in a model, at most `MOST`; the most natural first.

    A place of the layer's own name comes before others, one of another layer's name after them.

    Raises:
        NoSuchWeights: a layer fits nowhere.
    """
    options = []
    names = {layer.name for layer in layers}
    for layer in layers:
        placed = [replace(layer, place=place) for place in places]
        found = [item for item in placed if fits(item)]
        if not found:
            shapes = ", ".join(str(shape) for _, shape in layer.shapes)
            raise NoSuchWeights(
                f"no layer of the model has room for `{layer.name}` ({layer.kind}: {shapes})"
            )
        options.append(sorted(found, key=lambda item: _strangeness(item, names)))
    yield from islice(_choices(options, ()), MOST)


def _strangeness(layer: LayerWeights, names: Collection[str]) -> int:
    """How odd a layer's place is: one of its own name, of no layer's, of another layer's."""
    name = layer.place.rpartition(" ")[2]
    return 0 if name == layer.name else 1 + (name in names)


def _choices(
    options: Sequence[Sequence[LayerWeights]], taken: tuple[LayerWeights, ...]
) -> Iterator[tuple[LayerWeights, ...]]:
    if len(taken) == len(options):
        yield taken
        return
    used = {item.place for item in taken}
    for item in options[len(taken)]:
        if item.place not in used:
            yield from _choices(options, (*taken, item))
