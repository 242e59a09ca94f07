"""layers that were read → where the model keeps their weights, as ports look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.parted_weights import parted, parts_in
from seqdsl.targets.keras.weights import bare, by_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.importers.keras.walk import Walk
    from seqdsl.layout.wiring import Wiring


def places(model: Any, walk: Walk, wiring: Wiring) -> dict[str, str]:
    """The place of each layer with weights, by its name in a wiring."""
    named = {block.layer: block.call for block in wiring.blocks}
    # A layer's own name before its number, as names say more; both find it.
    found: dict[int, str] = {}
    for name, layer in by_name(model).items():
        if not name.startswith("#") or id(layer) not in found:
            found.setdefault(id(layer), name)
    return {
        **_held(walk, found, named),
        **_within(model, walk, found, named),
        **_bare(model, walk, named),
    }


def _bare(model: Any, walk: Walk, named: Mapping[str, str]) -> dict[str, str]:
    """The places of weights that custom layers hold themselves."""
    held = {id(variable): name for name, variable in bare(model).items()}
    return {
        walk.names.of(path): held[id(variable)]
        for path, variable in walk.constants.bare.items()
        if id(variable) in held and walk.names.of(path) in named
    }


def _held(walk: Walk, found: Mapping[int, str], named: Mapping[str, str]) -> dict[str, str]:
    return {
        walk.names.of(path): _place(walk, path, found[id(layer)], layer, named[walk.names.of(path)])
        for path, layer in {**walk.live, **walk.constants.live}.items()
        if id(layer) in found and layer.weights and walk.names.of(path) in named
    }


def _within(
    model: Any, walk: Walk, found: Mapping[int, str], named: Mapping[str, str]
) -> dict[str, str]:
    """Those of the pictures that rows call: ``sentences.run``."""
    held = {id(variable): name for name, variable in bare(model).items()}
    moved = {
        name: _moved(place, within, found, held)
        for name, (within, place) in walk.within.items()
        if name.partition(".")[0] in named
    }
    return {name: place for name, place in moved.items() if place}


def _moved(place: str, within: Any, found: Mapping[int, str], held: Mapping[int, str]) -> str:
    """A place in a model that another one applies, as a place in that one; empty: it has none.

    ::

        run                     sentence.run                    a layer
        *score.kernel           *sentence.score.kernel          a part of it
        *run i_x=0[0:5,0:8]     *sentence.run i_x=0[0:5,0:8]    parts of its weights
        *0 start                *3 start                        a weight of a class of the model's own
    """
    layers, variables = by_name(within), bare(within)
    if place in variables:
        return held.get(id(variables[place]), "")
    layer, parts = parts_in(place)
    layer = layer or place.removeprefix(BARE)
    if place.startswith(BARE) and not parts:
        layer = layer.removesuffix(".kernel")
    new = found.get(id(layers.get(layer)), "")
    return new and place.replace(layer, new, 1)


def _place(walk: Walk, path: str, layer: str, live: Any, call: str) -> str:
    if path in walk.parted:
        numbers = {id(item): number for number, item in enumerate(live.weights)}
        return parted(
            layer,
            {
                item.name: item.part.written(numbers[id(item.variable)])
                for item in walk.parted[path]
            },
        )
    # Dense(1) whose scores an attention has: its kernel is the query. Where no values are summed up, it is a row.
    is_query = path in walk.vectors and not call.startswith("dense(")
    return f"{BARE}{layer}.kernel" if is_query else layer
