"""model whose code draws random numbers → its reading, if that is the same whatever they are.

Keras's own random numbers are symbolic while a model is read, so nothing can depend on them. Those of Python and numpy
are numbers that may decide something, as in random teacher forcing (`seqdsl.importers.draws`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers import draws
from seqdsl.importers.keras.source_lines import defined_at
from seqdsl.importers.reading import Reading, Unread

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras


def settled(model: keras.Model, read: Callable[[], Reading]) -> Reading:
    """What a model is read as, whatever numbers it draws.

    Args:
        model: the model.
        read: reads it.
    """
    owners = _owners(model)
    with draws.generators(draws.FIRST, owners) as drawn:
        found = read()
    if not drawn.any or found.wirings is None:
        return found
    for chosen in draws.OTHERS:
        with draws.generators(chosen, owners):
            if read().wirings != found.wirings:
                return _depends(model)
    return found


def _depends(model: keras.Model) -> Reading:
    reason = draws.REASON.format(call="call")
    unread = Unread(model.name, type(model).__name__, reason, defined_at(model), draws.WAY)
    return Reading(None, unread=(unread,), operations=1)


def _owners(model: keras.Model) -> list[dict[str, Any]]:
    """Where code of a model's own may have generators: attributes of its layers, and globals of their `call`."""
    found = []
    for layer in model._flatten_layers():
        code = type(layer).call
        if not code.__module__.startswith("keras."):
            found += [vars(layer), getattr(code, "__globals__", {})]
    return found
