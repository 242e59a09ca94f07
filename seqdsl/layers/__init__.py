"""name → layer: all facts about a layer, one record in one file a layer, found by the file's name.

A layer's module is imported when a picture first names it: ``dense`` is a layer because there is a file ``dense.py``
with a record `LAYER` in it. No list names it a second time, and a picture of three layers reads three files. (A list
that is written by hand would be a second place to edit, one that is generated a step to forget, and to import all
twenty would make ``seqdsl check`` slower.) Modules that are no layers begin with an underscore.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from seqdsl.layers._definition import Family, LayerDef, OwnKind, directions
from seqdsl.layers._elsewhere import NAMED_ROW_WORDS, Counterpart, Instead
from seqdsl.layers._parts import (
    IN,
    NAMED_ROW,
    OUT,
    RUN,
    Argument,
    Combination,
    Gate,
    Inferred,
    Kind,
    Look,
    Range,
    Role,
    Setting,
    Signature,
    Weight,
    Words,
)

__all__ = [
    "IN",
    "NAMED_ROW",
    "NAMED_ROW_WORDS",
    "OUT",
    "RUN",
    "Argument",
    "Combination",
    "Counterpart",
    "Family",
    "Gate",
    "Inferred",
    "Instead",
    "Kind",
    "LayerDef",
    "Look",
    "OwnKind",
    "Range",
    "Role",
    "Setting",
    "Signature",
    "Weight",
    "Words",
    "all_layers",
    "directions",
    "family_of",
    "find_layer",
    "is_recurrent",
    "is_source",
    "layer_def",
]


def find_layer(name: str) -> LayerDef | None:
    """The layer of a name; ``None`` if there is none."""
    return name.definition if isinstance(name, OwnKind) else _built_in(name)


@cache
def _built_in(name: str) -> LayerDef | None:
    # Names come from pictures: what is no plain word must not get as far as the import system.
    if not name.isidentifier() or name.startswith("_"):
        return None
    path = f"{__name__}.{name}"
    try:
        layer: LayerDef = import_module(path).LAYER
    except ModuleNotFoundError as problem:
        # `import numpy` in the layer's own file may fail as well: that is not an unknown layer.
        if problem.name != path:
            raise
        return None
    return layer


def layer_def(name: str) -> LayerDef:
    """The layer of a name that is certain to be one.

    >>> [weight.name for weight in layer_def("dense").held({"bias": False})]
    ['kernel']

    Raises:
        KeyError: there is none.
    """
    layer = find_layer(name)
    if layer is None:
        raise KeyError(name)
    return layer


@cache
def all_layers() -> dict[str, LayerDef]:
    """All layers by name, in the order in which lists have them."""
    # Only messages, documentation and tests ask for all of them.
    from pkgutil import iter_modules

    names = (item.name for item in iter_modules(__path__) if not item.name.startswith("_"))
    layers = sorted(map(layer_def, names), key=lambda item: (item.order, item.name))
    return {item.name: item for item in layers}


def family_of(name: str) -> Family:
    """How a layer computes."""
    return layer_def(name).family


def is_source(name: str) -> bool:
    """Whether data begins at a layer."""
    return layer_def(name).family is Family.SOURCE


def is_recurrent(name: str) -> bool:
    """Whether a layer carries state from step to step."""
    return layer_def(name).family is Family.SCAN
