"""layers that were read → where the model keeps their weights, as ports look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.parted_weights import parted
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
        **_within(walk, found, named),
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


def _within(walk: Walk, found: Mapping[int, str], named: Mapping[str, str]) -> dict[str, str]:
    """Those of the pictures that rows call: ``sentences.run``."""
    return {
        name: found[id(layer)]
        for name, layer in walk.within.items()
        if id(layer) in found and name.partition(".")[0] in named
    }


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
