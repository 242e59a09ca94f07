"""a live Keras model, or a ``.keras`` file → `Reading`: its wires at several lengths, and all that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.carried import with_carried
from seqdsl.importers.folding import folded
from seqdsl.importers.identifiers import identifier, snake_case
from seqdsl.importers.keras.archive import NotMade, model_of_file
from seqdsl.importers.keras.called import require_drawn
from seqdsl.importers.keras.configs import config_of
from seqdsl.importers.keras.finish import finished
from seqdsl.importers.keras.hints import MASKED
from seqdsl.importers.keras.keyed import Keyed, keyed_places, with_keys
from seqdsl.importers.keras.lengths import Plan, plans
from seqdsl.importers.keras.names import count_of
from seqdsl.importers.keras.network import Record, network
from seqdsl.importers.keras.numbered import numbered
from seqdsl.importers.keras.once import Once
from seqdsl.importers.keras.own_cells import read_cell
from seqdsl.importers.keras.places import places
from seqdsl.importers.keras.randomness import settled
from seqdsl.importers.keras.refusals import Again, Refused
from seqdsl.importers.keras.source_lines import defined_at
from seqdsl.importers.keras.subclassed import free_axes, traced_at
from seqdsl.importers.keras.table import COMPUTING
from seqdsl.importers.keras.walk import Walk
from seqdsl.importers.keras.within import Within
from seqdsl.importers.reading import Reading, Unread
from seqdsl.importers.varying import why_unlike
from seqdsl.layout.wiring import Wiring, Wirings

if TYPE_CHECKING:
    from pathlib import Path

    from seqdsl.importers.keras.network import Network


def read_keras_file(path: str | Path, *, allow_code: bool = False) -> Reading:
    """Read a ``.keras`` file.

    Args:
        path: the file.
        allow_code: whether the code of its Lambda layers may run.

    Returns:
        What was read; a file that is none, or that has custom classes, is among what cannot be.
    """
    try:
        return read_keras(model_of_file(path, allow_code=allow_code))
    except NotMade as problem:
        return Reading(None, unread=problem.unread)
    except Refused as problem:
        return Reading(None, unread=(Unread(str(path), "file", problem.reason, way=problem.way),))


def read_keras(model: keras.Model) -> Reading:
    """Read a live model.

    Args:
        model: a functional or sequential one, or of a custom class that can be called on symbolic inputs.
    """
    return settled(model, lambda: _read_once(model).reading)


def _read_once(model: keras.Model, is_masked: bool = False) -> Within:
    try:
        at = _networks(model)
        free = free_axes(model)
    except Refused as problem:
        kind = type(model).__name__
        line = problem.line or defined_at(model)
        unread = (Unread(model.name, kind, problem.reason, line, problem.way),)
        return Within(Reading(None, unread=unread, operations=1))
    best: Within | None = None
    once = Once(_read_once, read_cell)
    for plan in plans(free):
        found = _read(model, at, plan, once, is_masked=is_masked)
        if found.reading.wirings is not None:
            return found
        # Inputs that need equal lengths fail where these differ, and hide what else cannot be read.
        if best is None or len(found.reading.unread) <= len(best.reading.unread):
            best = found
        if not free:
            break
    assert best is not None
    return best


def _networks(model: keras.Model) -> Any:
    """The calls of a model at given lengths."""
    is_sequential = isinstance(model, keras.Sequential)
    if is_sequential or hasattr(model, "operations"):
        if not getattr(model, "inputs", None):
            raise Refused(
                "it has no input shape yet, or its layers cannot be called on symbolic inputs",
                "begin it with keras.Input, or call it on data once",
            )
        # As a functional model its masks are calls, too.
        whole = keras.Model(model.inputs, model.outputs) if is_sequential else model
        told = network(config_of(whole), "", whole)
        return lambda lengths: told
    return lambda lengths: traced_at(model, lengths)


def _read(model: keras.Model, at: Any, plan: Plan, once: Once, *, is_masked: bool) -> Within:
    hints: frozenset[tuple[str, str]] = frozenset({("", MASKED)} if is_masked else ())
    while True:
        try:
            return _read_with(model, at, plan, hints, once)
        except Again as more:
            way = more.layer, more.how
            # There is one of a kind for each layer or input: fifty inputs of ids are fifty hints.
            assert way not in hints, f"a model is read anew for ever: {way}"
            hints |= {way}


def _read_with(
    model: keras.Model,
    at: Any,
    plan: Plan,
    hints: frozenset[tuple[str, str]],
    once: Once,
) -> Within:
    wirings: list[Wiring] = []
    walk = Walk(hints, {}, once)
    whole, keyed = Wiring((), (), ()), dict[str, Keyed]()
    for lengths in plan.lengths:
        walk = Walk(hints, lengths, once)
        try:
            told: Network = at(lengths)
            results = walk.read(told)
            whole = folded(finished(walk, results, plan.named(lengths)))
            made, keyed = with_keys(whole, walk.names)
            wirings.append(made)
        except Refused as problem:
            walk.refuse(_whole(model), problem)
        if walk.unread:
            return Within(_unread(walk))
    other = next((item for item in wirings[1:] if not _alike(wirings[0], item)), None)
    if other is not None:
        walk.refuse(_whole(model), Refused(*why_unlike(wirings[0].blocks, other.blocks)))
        return Within(_unread(walk))
    found = Reading(
        Wirings(
            _name(model, walk),
            with_carried(wirings),
            cells=tuple(walk.cells.values()),
            called=tuple(walk.called.values()),
        ),
        keyed_places(places(model, walk, whole), keyed),
        tuple(walk.differences),
        operations=walk.count,
    )
    found = numbered(found, walk.names)
    if found.wirings is not None:
        require_drawn(walk, found.wirings)
    return Within(found, walk.kept, ("", MASKED) in hints)


def _name(model: keras.Model, walk: Walk) -> str:
    """The model's name: no picture that it calls has it, and no cell."""
    kind = type(model).__name__
    # The number in a default name only counts what else the process has built.
    is_chosen = count_of(model.name, kind) is None
    name = identifier(model.name if is_chosen else snake_case(kind))
    return f"{name}_model" if name in walk.called or name in walk.cells else name


def _whole(model: keras.Model) -> Record:
    """A model as what is to blame."""
    return Record(model.name, model.name, type(model).__name__, "keras", {}, model)


def _unread(walk: Walk) -> Reading:
    unread = tuple(walk.unread.values())
    return Reading(
        None,
        differences=tuple(walk.differences),
        unread=unread,
        # A layer that is in no table is not one of the language, but one of the model.
        operations=walk.count + sum(item.kind not in COMPUTING for item in unread),
    )


def _alike(one: Wiring, other: Wiring) -> bool:
    """Whether the blocks of two wirings are the same ones, at other lengths."""
    return len(one.blocks) == len(other.blocks) and all(
        (left.layer, left.call, left.direction, left.steps is None)
        == (right.layer, right.call, right.direction, right.steps is None)
        for left, right in zip(one.blocks, other.blocks, strict=True)
    )
