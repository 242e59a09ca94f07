"""shapes → candidates: the pictures whose compiled models have these shapes, most likely first.

No table maps shapes to topologies: every entry is drawn and compiled, and what comes out
is compared with what was wanted.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import permutations, product
from math import prod
from typing import TYPE_CHECKING

from seqdsl.catalogue.draw import Wanted, text
from seqdsl.catalogue.entries import CATALOGUE
from seqdsl.catalogue.entry import INPUTS, OUTPUTS
from seqdsl.catalogue.stretch import TooShort
from seqdsl.pipeline import analyze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.catalogue.entry import Entry
    from seqdsl.catalogue.shapes import Port
    from seqdsl.ir.graph import Input, Output
    from seqdsl.lowering.compiled import CompiledModel


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that fits: the shapes in the order in which it has them, the text of its file, the compiled model."""

    entry: Entry
    wanted: Wanted
    text: str
    model: CompiledModel


class NoFit(Exception):
    """An entry whose picture does not have the shapes that are wanted; the message has the reason."""


def candidates(wanted: Wanted) -> list[Candidate]:
    """All entries of the catalog that fit, most likely first."""
    fitting = []
    for entry in CATALOGUE:
        try:
            fitting.append(candidate(entry, wanted))
        except NoFit:
            continue
    return fitting


def candidate(entry: Entry, wanted: Wanted) -> Candidate:
    """The picture of ``entry`` for exactly these shapes, in this order if it has one for it, else in another.

    Raises:
        NoFit: it cannot be drawn for them, its model has other shapes, or something speaks against it.
    """
    try:
        return _in_this_order(entry, wanted)
    except NoFit as reason:
        # Nobody knows whether the vector or the series comes first in a picture, or which of two heads is on the left.
        for other in _other_orders(entry, wanted):
            with suppress(NoFit):
                return _in_this_order(entry, other)
        raise reason


def _other_orders(entry: Entry, wanted: Wanted) -> list[Wanted]:
    """The same shapes in all other orders; none if there are more or fewer than ``entry`` has."""
    # Only then are there few: ten inputs have three million orders.
    if (len(wanted.inputs), len(wanted.outputs)) != (len(entry.inputs), len(entry.outputs)):
        return []
    sides = product(permutations(wanted.inputs), permutations(wanted.outputs))
    orders = (replace(wanted, inputs=inputs, outputs=outputs) for inputs, outputs in sides)
    return [other for other in dict.fromkeys(orders) if other != wanted]


def _in_this_order(entry: Entry, wanted: Wanted) -> Candidate:
    if not entry.takes(wanted.inputs, wanted.outputs):
        raise NoFit(f"{entry.name} takes {_kinds(entry)}, not {wanted}")
    drawn = compiled(entry, wanted)
    if not _has(drawn.model, wanted):
        raise NoFit(f"{entry.name} turns {_shown(drawn.model)}, not {wanted}")
    return drawn


def compiled(entry: Entry, wanted: Wanted) -> Candidate:
    """The picture of ``entry``, which takes shapes of these kinds, and its model, whatever its shapes are.

    Raises:
        NoFit: it cannot be drawn, or something speaks against it.
    """
    try:
        drawn = text(entry, wanted)
    except TooShort as error:
        raise NoFit(f"{entry.name}: {error}") from error
    analysis = analyze(drawn, f"{entry.name}.seq")
    # Warnings as well: what the catalogue offers is to be as it should be drawn.
    if analysis.diagnostics:
        raise NoFit(f"{entry.name}: {analysis.diagnostics[0].message}")
    *_, model = analysis.models
    return Candidate(entry, wanted, drawn, model)


def _kinds(entry: Entry) -> str:
    """What an entry is drawn for, in words."""
    words = {None: "", True: " of tokens", False: " of numbers"}[entry.tokens]
    kinds = {True: f"a sequence{words}", False: "a vector"}
    inputs = " and ".join(
        _of_grids(entry, letter) or kinds[entry.is_sequence(letter)] for letter in entry.inputs
    )
    # Outputs are numbers, whatever is read: `tokens` is about inputs.
    kinds[True] = "a sequence"
    return (
        f"{inputs} to {' and '.join(kinds[entry.is_sequence(letter)] for letter in entry.outputs)}"
    )


def _of_grids(entry: Entry, letter: str) -> str:
    """What an input is, in words, where its steps hold more than features: 20x28,28,1, or 20x12,tokens:1000."""
    axes = entry.grids.get(letter, 0)
    # One axis of numbers is also a sequence: only steps hold such grids.
    each = "a sequence of several tokens at each step" if entry.tokens else "a sequence of grids"
    images = "a sequence of images" if entry.is_sequence(letter) else "an image"
    return ("", each, images)[axes]


def _has(model: CompiledModel, wanted: Wanted) -> bool:
    """Whether the compiled model has exactly the shapes that are wanted."""
    ports = wanted.ports
    own = _ports(model)
    return len(ports) == len(own) and all(
        _lengths(model, item) == list(port.axes) for item, port in zip(own, ports, strict=True)
    )


def _ports(model: CompiledModel) -> list[Input | Output]:
    return [*model.inputs, *model.outputs]


def _lengths(model: CompiledModel, item: Input | Output) -> list[int | None]:
    """A shape with ``None`` where a length is free."""
    lengths = [model.length(size) for size in item.shape]
    return [length if isinstance(length, int) else None for length in lengths]


def _shown(model: CompiledModel) -> str:
    """The shapes of a model, as they are given on the command line."""
    sides = (
        " + ".join(_shape(model, item) for item in ports) for ports in (model.inputs, model.outputs)
    )
    return " → ".join(sides)


def _shape(model: CompiledModel, item: Input | Output) -> str:
    texts = ["*" if length is None else str(length) for length in _lengths(model, item)]
    node = model.spec.blocks[item.block]
    # 20x28,28,1: steps stand before an `x` where each holds a grid
    if node.grid and node.steps is not None:
        return f"{texts[0]}x{','.join(texts[1:])}"
    return ",".join(texts)


def reasons(wanted: Wanted) -> list[str]:
    """Why nothing may fit, in plain words."""
    lines = []
    if len(wanted.inputs) > len(INPUTS):
        lines.append(
            "the catalog has pictures of one, two and three inputs; draw a larger one by hand"
        )
    if len(wanted.outputs) > len(OUTPUTS):
        lines.append("the catalog has pictures of one and two outputs; draw a larger one by hand")
    if any(port.steps == 1 for port in wanted.ports):
        lines.append("a sequence of one step is a vector: there is no state to pass on")
    if any(map(_is_free, wanted.outputs)) and not any(map(_is_free, wanted.inputs)):
        lines.append("an output of any length needs an input of any length to take its length from")
    if any(port.grid for port in wanted.outputs):
        lines.append(
            "the outputs of the catalog are features, not grids: draw a model of images by hand"
        )
    return lines or ["no topology of the catalog has these shapes"]


def _is_free(port: Port) -> bool:
    return port.is_sequence and port.steps is None


def nearest(wanted: Wanted, limit: int = 3) -> list[Wanted]:
    """Shapes near to those that are wanted, for which there are candidates."""
    near: list[Wanted] = []
    for other in _neighbors(wanted):
        if len(near) == limit:
            break
        # Every entry that takes such shapes is drawn and compiled for it: the search ends as soon as there are enough.
        if other not in near and candidates(other):
            near.append(other)
    return near


def _neighbors(wanted: Wanted) -> Iterator[Wanted]:
    """Shapes that differ in little: first all single steps as vectors, then one shape changed at a time."""
    # Of 20x12,3 -> 5:  20,36 -> 5    each grid as features
    # Of 20,4 -> 1,5:   20,4 -> 5     the single step as a vector
    #                   20,4 -> 20,5  as long as the input
    #                   20,4 -> *,5   of any length
    #                   *,4 -> 1,5  and  4 -> 1,5: the same with the input
    yield from _as_features(wanted)
    inputs = tuple(_without_single_step(port) for port in wanted.inputs)
    outputs = tuple(_without_single_step(port) for port in wanted.outputs)
    yield replace(wanted, inputs=inputs, outputs=outputs)
    # Of many inputs, one that is left out is less of a change than one of another kind.
    if len(wanted.inputs) > 2:
        for place in reversed(range(len(wanted.inputs))):
            yield replace(wanted, inputs=wanted.inputs[:place] + wanted.inputs[place + 1 :])
    for changed in _one_changed(wanted.outputs, wanted.inputs):
        yield replace(wanted, outputs=changed)
    for changed in _one_changed(wanted.inputs, wanted.outputs):
        yield replace(wanted, inputs=changed)
    for port in wanted.inputs:
        yield replace(wanted, inputs=(port,))
    for port in wanted.outputs:
        yield replace(wanted, outputs=(port,))


def _one_changed(ports: tuple[Port, ...], beside: tuple[Port, ...]) -> Iterator[tuple[Port, ...]]:
    """Shapes of which one has the length of another of them, or of those on the other side."""
    for place, own in enumerate(ports):
        before, after = ports[:place], ports[place + 1 :]
        for port in _like(own, (*before, *after, *beside)):
            yield (*before, port, *after)


def _without_single_step(port: Port) -> Port:
    if port.steps != 1:
        return port
    return vector(port)


def _as_features(wanted: Wanted) -> Iterator[Wanted]:
    if any(port.grid for port in wanted.ports):
        inputs, outputs = (tuple(map(_flat, side)) for side in (wanted.inputs, wanted.outputs))
        yield replace(wanted, inputs=inputs, outputs=outputs)


def _flat(port: Port) -> Port:
    """A shape whose grids are features: what `flatten` makes of it. Ids cannot be flattened."""
    if port.vocabulary is not None:
        return port
    return replace(port, features=prod((*port.grid, port.features)), grid=())


def _like(port: Port, others: tuple[Port, ...]) -> Iterator[Port]:
    """A shape with the length of each of the others, with any length, and with none."""
    for other in others:
        if other.is_sequence and other.steps != 1:
            yield replace(port, steps=other.steps, is_sequence=True)
    if port.is_sequence:
        yield replace(port, steps=None)
        if port.vocabulary is None:
            yield vector(port)


def vector(port: Port) -> Port:
    """A shape without its steps; one step of 12 places is a sequence of 12, as nothing tells the two apart."""
    if len(port.grid) == 1:
        return replace(port, steps=port.grid[0], is_sequence=True, grid=())
    return replace(port, steps=None, is_sequence=False)
