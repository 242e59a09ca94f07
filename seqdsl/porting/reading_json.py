"""reading ⇄ JSON: how what was read of a model leaves the process that ran the model's code.

That process may have been taken over by a file: nothing that comes from it is trusted. Sizes are bounded, names are
identifiers, references lead to what is there, and every call is one that the language's own parser reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.importers.reading import Difference, Reading, Unread
from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.layout.wiring import (
    Begun,
    Block,
    Bus,
    Operand,
    Part,
    Passed,
    Source,
    Steps,
    Wiring,
    Wirings,
)
from seqdsl.porting.untrusted import (
    BadReading,
    Data,
    call_text,
    exactly,
    identifier,
    layer_path,
    listed,
    mapping,
    model_name,
    number,
    place_text,
    sentence,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_BLOCKS, MOST_STEPS, MOST_SOURCES = 2_000, 100_000, 2_000_000
"""How large a wiring may be: more than any picture holds."""

MOST_COLUMNS = 1_000_000
"""Features that a layer may read."""

MOST_WIRINGS, MOST_NOTES, MOST_CELLS, LONGEST_CELL = 8, 1_000, 50, 20_000


def to_json(reading: Reading) -> Data:
    """The reading as JSON has it."""
    return {
        "wirings": None if reading.wirings is None else _wirings_to(reading.wirings),
        "places": dict(reading.places),
        "differences": [[item.where, item.what, item.numbers] for item in reading.differences],
        "unread": [
            [item.name, item.kind, item.reason, item.line, item.way] for item in reading.unread
        ],
        "operations": reading.operations,
        "axes": list(reading.axes),
        "columns": {name: list(columns) for name, columns in reading.columns.items()},
    }


def _wirings_to(wirings: Wirings) -> Data:
    return {
        "name": wirings.name,
        "at": [_wiring_to(item) for item in wirings.at],
        "fixed": sorted(wirings.fixed),
        "cells": list(wirings.cells),
        "called": list(wirings.called),
    }


def _wiring_to(wiring: Wiring) -> Data:
    return {
        "blocks": [_block_to(block) for block in wiring.blocks],
        "inputs": list(wiring.inputs),
        "outputs": list(wiring.outputs),
        "lengths": dict(wiring.lengths),
    }


def _block_to(block: Block) -> Data:
    return {
        "layer": block.layer,
        "call": block.call,
        "steps": block.steps,
        "operands": [_operand_to(item) for item in block.operands],
        "direction": None if block.direction is None else block.direction.value,
        "initial": _initial_to(block.initial),
        "carry": block.carry.value,
    }


# Steps    {"steps": [[[block, step, final], null, ...], ...]}, null for a part that is zero
# Bus      {"bus": [[block, step, final], ...]}
def _operand_to(operand: Operand) -> Data:
    if isinstance(operand, Bus):
        return {"bus": _sources_to(operand.sources)}
    return {"steps": [_sources_to(parts) for parts in operand.of]}


def _sources_to(parts: Sequence[Part]) -> list[list[int] | None]:
    return [None if item is None else [item.block, item.step, int(item.final)] for item in parts]


def _initial_to(initial: Passed | Begun | None) -> Data | None:
    if isinstance(initial, Passed):
        return {"passed": initial.block}
    return None if initial is None else {"begun": _sources_to(initial.sources)}


def from_json(data: object) -> Reading:
    """The reading that `to_json` took apart.

    Raises:
        BadReading: it is none, or holds what none may hold.
    """
    whole = mapping(data)
    wirings = whole.get("wirings")
    unread = [exactly(item, 5) for item in listed(whole.get("unread"), MOST_NOTES)]
    differences = [exactly(item, 3) for item in listed(whole.get("differences"), MOST_NOTES)]
    reading = Reading(
        None if wirings is None else _wirings_from(mapping(wirings)),
        {
            layer_path(name): place_text(place)
            for name, place in mapping(whole.get("places"), MOST_BLOCKS).items()
        },
        tuple(
            Difference(sentence(where), sentence(what), numbers is True)
            for where, what, numbers in differences
        ),
        tuple(Unread(*map(sentence, item)) for item in unread),
        number(whole.get("operations"), MOST_STEPS),
        tuple(map(identifier, listed(whole.get("axes"), MOST_NOTES))),
        {
            identifier(name): _columns_from(columns)
            for name, columns in mapping(whole.get("columns"), MOST_BLOCKS).items()
        },
    )
    # Half of a model is worse than none of it.
    if (reading.wirings is None) != bool(reading.unread):
        raise BadReading("it has wires and layers that cannot be read, or neither")
    return reading


def _columns_from(data: object) -> tuple[int, ...]:
    columns = listed(data, MOST_COLUMNS)
    # Each column once: the bounds of the numbers follow.
    if sorted(number(item, MOST_COLUMNS) for item in columns) != list(range(len(columns))):
        raise BadReading("the order of a layer's features is not one of all of them")
    return tuple(columns)


def _wirings_from(data: Data) -> Wirings:
    at = tuple(_wiring_from(mapping(item)) for item in listed(data.get("at"), MOST_WIRINGS))
    # The blocks are the same in all.
    kinds = {tuple((block.layer, block.call) for block in item.blocks) for item in at}
    if len(kinds) != 1:
        raise BadReading("its wirings have other blocks at other lengths, or there are none")
    cells, called = (_texts(data.get(name)) for name in ("cells", "called"))
    fixed = frozenset(map(identifier, listed(data.get("fixed"), MOST_BLOCKS)))
    return Wirings(model_name(data.get("name")), at, fixed, cells, called)


def _texts(value: object) -> tuple[str, ...]:
    """Cells, or pictures that are called: the compiler reads them, as it reads any text."""
    items = listed(value, MOST_CELLS)
    if not all(isinstance(item, str) and len(item) <= LONGEST_CELL for item in items):
        raise BadReading("a cell, or a picture that is called, is too long")
    return tuple(items)


def _wiring_from(data: Data) -> Wiring:
    blocks = listed(data.get("blocks"), MOST_BLOCKS)
    reader = _BlockReader(len(blocks))
    return Wiring(
        tuple(reader.block(mapping(item)) for item in blocks),
        tuple(map(reader.place, listed(data.get("inputs"), len(blocks)))),
        tuple(map(reader.place, listed(data.get("outputs"), len(blocks)))),
        {
            identifier(name): number(length, MOST_STEPS)
            for name, length in mapping(data.get("lengths"), MOST_BLOCKS).items()
        },
    )


class _BlockReader:
    """Reads the blocks of one wiring, which all together have no more than `MOST_SOURCES` sources."""

    def __init__(self, blocks: int) -> None:
        self._blocks, self._sources = blocks, 0

    def place(self, value: object) -> int:
        """The place of a block."""
        return within(value, self._blocks)

    def block(self, data: Data) -> Block:
        """A block."""
        steps, direction = data.get("steps"), data.get("direction")
        try:
            heading = None if direction is None else Direction(direction)
            carry = Carry(data.get("carry"))
        except ValueError as problem:
            raise BadReading("a direction, or where a state comes from, is unknown") from problem
        return Block(
            identifier(data.get("layer")),
            call_text(data.get("call")),
            None if steps is None else number(steps, MOST_STEPS),
            tuple(
                self._operand(mapping(item)) for item in listed(data.get("operands"), MOST_BLOCKS)
            ),
            heading,
            self._initial(data.get("initial")),
            carry,
        )

    def _operand(self, data: Data) -> Operand:
        if "bus" in data:
            return Bus(self._sources_of(data["bus"]))
        return Steps(tuple(map(self._parts, listed(data.get("steps"), MOST_STEPS))))

    def _initial(self, data: object) -> Passed | Begun | None:
        if data is None:
            return None
        given = mapping(data)
        if "passed" in given:
            return Passed(self.place(given["passed"]))
        return Begun(self._sources_of(given.get("begun")))

    def _parts(self, data: object) -> tuple[Part, ...]:
        items = listed(data, MOST_SOURCES)
        self._sources += len(items)
        if self._sources > MOST_SOURCES:
            raise BadReading("it has too many wires")
        return tuple(None if item is None else self._source(item) for item in items)

    def _sources_of(self, data: object) -> tuple[Source, ...]:
        parts = self._parts(data)
        return tuple(item if item is not None else self._source(item) for item in parts)

    def _source(self, item: object) -> Source:
        block, step, final = exactly(item, 3)
        # -1 is what the call before left.
        at = -1 if step == -1 else within(step, MOST_STEPS)
        return Source(self.place(block), at, within(final, 2) == 1)
