"""wiring → lines that a test can hold: each block, its call, what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.layout.wiring import Bus, Passed, Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.wiring import Block, Operand, Source, Wiring


def lines(wiring: Wiring) -> list[str]:
    """The blocks that read something, and the results.

    ::

        h = lstm(5) x[4]           each of four steps reads the same step of x
        y = dense(2) h.3           a vector reads the last
        m = mean of h[4]           a vector reads all
        g = gru(5) h.3*4 begins h  a bus to four steps; begins with the whole final state of h
        h = lstm(5) x[4] *--*      the model takes the state with which it begins, and gives that in which it ends
    """
    named = _names(wiring.blocks)
    told = [
        _line(named[at], block, named)
        for at, block in enumerate(wiring.blocks)
        if block.operands or at not in wiring.inputs
    ]
    inputs = [f"{named[at]}: {wiring.blocks[at].call}" for at in wiring.inputs]
    return [*inputs, *told, "-> " + " ".join(named[at] for at in wiring.outputs)]


def _names(blocks: Sequence[Block]) -> list[str]:
    """Each block's layer; where it is applied again, with a stroke behind it."""
    names: list[str] = []
    for block in blocks:
        name = block.layer
        while name in names:
            name += "'"
        names.append(name)
    return names


_CARRIES = {
    Carry.NONE: "",
    Carry.TAKEN: " *--",
    Carry.GIVEN: " --*",
    Carry.BOTH: " *--*",
}

_WAYS = {Direction.BACKWARD: " backward", Direction.BIDIRECTIONAL: " both"}


def _line(name: str, block: Block, named: list[str]) -> str:
    read = " & ".join(_operand(operand, block, named) for operand in block.operands)
    begins = ""
    if isinstance(block.initial, Passed):
        begins = f" begins {named[block.initial.block]}"
    elif block.initial is not None:
        begins = " begins " + "+".join(_source(item, named) for item in block.initial.sources)
    way = _WAYS.get(block.direction, "") if block.direction else ""
    return f"{name} = {block.call}{way} {read}{begins}{_CARRIES[block.carry]}".rstrip()


def _operand(operand: Operand, block: Block, named: list[str]) -> str:
    if isinstance(operand, Bus):
        column = _column(list(operand.sources), named)
        return f"of {column or ' '.join(_source(item, named) for item in operand.sources)}"
    if block.steps is None:
        return "+".join(_source(item, named) for item in operand.of[0]) or "0"
    return _steps(operand, named)


def _steps(operand: Steps, named: list[str]) -> str:
    rows = operand.of
    if len({len(row) for row in rows}) == 1 and rows[0] and all(all(row) for row in rows):
        columns = [_column([row[at] for row in rows], named) for at in range(len(rows[0]))]
        if all(columns):
            return "+".join(columns)
    return " ".join("+".join(_source(item, named) for item in row) or "0" for row in rows)


def _column(sources: list[Source], named: list[str]) -> str:
    steps = [item.step for item in sources]
    if len({(item.block, item.final) for item in sources}) != 1:
        return ""
    if len(set(steps)) == 1 and len(steps) > 1:
        return f"{_source(sources[0], named)}*{len(steps)}"
    name, first = named[sources[0].block], steps[0]
    if steps == list(range(first, first + len(steps))):
        return f"{name}[{len(steps)}]" if not first else f"{name}[{first}:{first + len(steps)}]"
    return ""


def _source(source: Source | None, named: list[str]) -> str:
    if source is None:
        return "0"
    return f"{named[source.block]}.{'final' if source.final else source.step}"
