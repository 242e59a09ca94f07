"""origin and picture → what a model is called that nobody named: after its function or its file, else its topology."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from seqdsl.layers import find_layer
from seqdsl.model.topology import Topology
from seqdsl.porting.origin import OriginKind
from seqdsl.syntax.names import model_name
from seqdsl.targets import find

if TYPE_CHECKING:
    from seqdsl.layout.wiring import Wirings
    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.porting.origin import Origin

_FIRST = """
    build compile construct create define example from get instantiate load make my new run setup test the train trained
"""
_OTHERS = """
    app architecture arch best checkpoint ckpt classes code core epoch export factory final fn func function functional
    init keras last latest lib main model models module modules net nets network networks nn output py pytorch saved
    sequential src step tf tensorflow torch utils v weights
"""
_VERBS = frozenset(_FIRST.split())
"""Words that functions which make models begin with."""
_GENERIC = _VERBS.union(_OTHERS.split())
"""Words that do not tell one model from another."""

_OF_TOPOLOGY = {
    Topology.ALIGNED: "aligned",
    Topology.LAST_N: "last-steps",
    Topology.PADDED: "many-to-many",
    Topology.GRAPH: "imported",
}


def named_in(origin: Origin) -> str:
    """What somebody calls a model who makes it or saves it; empty: nothing that tells it from others.

    ``build_translator`` makes a `translator`, and so does ``translator.model:build``.
    """
    if origin.kind is OriginKind.KERAS_FILE:
        parts = [os.path.splitext(os.path.basename(origin.text))[0]]
    else:
        parts = re.split("[.:]", origin.text)[::-1]
    return next(filter(None, map(_telling, parts)), "")


def _telling(text: str) -> str:
    """The words of a function, module or file that tell a model from others, joined; empty: none does."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", text).lower()
    words = re.findall(r"[a-z0-9]+", spaced)
    while words and words[0] in _VERBS:
        words.pop(0)
    # `run_3` and `v2` count models.
    is_generic = all(word in _GENERIC or re.fullmatch(r"[a-z]?\d+", word) for word in words)
    is_name = text.isascii() and not is_generic and words[0][0].isalpha()
    return model_name("-".join(words)) if is_name else ""


def name_for(model: CompiledModel, wirings: Wirings, target: str, wanted: str) -> str:
    """The name of a picture: its author's, or one that tells it from others where there is none.

    Args:
        model: the picture.
        wirings: what it was drawn from.
        target: the framework that it was read from.
        wanted: a name for it, as of `named_in`; empty: that of its topology.
    """
    name = wirings.name
    if name in find(target).unnamed:
        name = wanted or _of_topology(model)
    # `lstm` is a layer, in pictures that call this one as well.
    declared = re.findall(
        r"(?m)^(?:cell|model) ([\w-]+)", "\n".join([*wirings.cells, *wirings.called])
    )
    return f"{name}-model" if find_layer(name) or name in declared else name


def _of_topology(model: CompiledModel) -> str:
    topology = model.spec.topology or Topology.GRAPH
    return _OF_TOPOLOGY.get(topology, str(topology))
