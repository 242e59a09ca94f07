"""letters in calls → operands: a row that is named where it is read, as a bus from all its steps would be.

C = attention(E, keys=K)    every node of C reads all steps of E, and all of K
M = mean(E)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.layers import Family, Kind, find_layer
from seqdsl.lowering.default_layers import find_calls
from seqdsl.lowering.operands import Operand
from seqdsl.lowering.strided_access import StridedAccess
from seqdsl.lowering.surroundings import initial_sources
from seqdsl.records import record
from seqdsl.size import Size
from seqdsl.syntax.ast import Letter
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.lengths import Lengths
    from seqdsl.lowering.operands import Reader
    from seqdsl.lowering.wired import Wired
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.syntax.ast import Call, Picture

KEYS = "keys"
"""The argument of attention whose row is compared, not summed."""

_ZERO, _ONE = Size.of(0), Size.of(1)


@record(frozen=True)
class NamedRow:
    """A row that a block reads by its letter.

    Attributes:
        reader: the block that reads it.
        argument: the argument that names it.
        letter: the letter, where it is written.
        asks: whether what the block is wired to asks, as a query of attention does.
        looks_back: whether each step of the block reads the row's steps up to its own.
    """

    reader: int
    argument: str
    letter: Letter
    asks: bool
    looks_back: bool


def add_named_rows(
    picture: Picture, wired: Wired, reader: Reader, operands: list[list[Operand]]
) -> list[Diagnostic]:
    """Put what blocks read by name behind what they are wired to, in ``operands``; give what is wrong."""
    named = _find_named_rows(picture, wired.grid, wired.blocks)
    if not named:
        return []
    given, diagnostics = _named_operands(named, wired.blocks, reader.lengths, operands)
    for index, rows in given.items():
        operands[index] += rows
    initial = [
        (source, at) for at, of in enumerate(initial_sources(wired, reader)) for source in of
    ]
    whole, wires = (
        nx.DiGraph([*initial, *_links(operands, delayed=delayed)]) for delayed in (True, False)
    )
    return diagnostics + _circles(named, wired.blocks, whole, wires)


def _links(operands: Sequence[Sequence[Operand]], *, delayed: bool) -> Iterator[tuple[int, int]]:
    """The pairs of a block and one that reads it, through delayed nodes as well or over wires alone."""
    for index, found in enumerate(operands):
        read = (access for operand in found for access in operand.read)
        yield from ((access.block, index) for access in read if delayed or not access.earlier)


def _find_named_rows(
    picture: Picture, grid: Sequence[GridRow], blocks: Sequence[DrawnBlock]
) -> list[NamedRow]:
    """All rows that are named; hardly any picture has one."""
    written = [*(row.call for row in picture.rows), *(item.call for item in picture.definitions)]
    if not any(True for call in written if call is not None for _ in _letters(call)):
        return []
    # What is wrong with the calls is reported where they are read.
    calls, _ = find_calls(picture, grid, blocks)
    return [
        NamedRow(index, argument, letter, _asks(call), _asks(call) and _looks_back(call))
        for index, call in enumerate(calls)
        if call is not None
        for argument, letter in _letters(call)
    ]


def _asks(call: Call) -> bool:
    layer = find_layer(call.layer)
    return layer is not None and layer.family is Family.ATTENTION


def _looks_back(call: Call) -> bool:
    """Whether attention is ``causal=true``: in a loop, its memory may be a row of the loop."""
    return any(item.keyword == "causal" and str(item.value) == "true" for item in call.arguments)


def _letters(call: Call) -> Iterator[tuple[str, Letter]]:
    """The letters of a call, each with its argument: what has no keyword is what is read."""
    layer = find_layer(call.layer)
    # `tokens(50, feedback=Y)` reads nothing: what feeds it is no operand, but the next call's argument.
    if layer is None or layer.family is Family.SOURCE:
        return
    places = iter(layer.signature.positional)
    for item in call.arguments:
        argument = layer.signature.find(item.keyword) if item.keyword else next(places, None)
        is_row = argument is not None and argument.kind is Kind.LETTER
        if argument is not None and is_row and isinstance(item.value, Letter):
            yield argument.name, item.value


def _named_operands(
    named: Sequence[NamedRow],
    blocks: Sequence[DrawnBlock],
    lengths: Lengths,
    operands: Sequence[Sequence[Operand]],
) -> tuple[dict[int, list[Operand]], list[Diagnostic]]:
    """What the named rows are to the blocks that read them, behind what these are wired to."""
    given: dict[int, list[Operand]] = {}
    diagnostics: list[Diagnostic] = []
    # A letter that is drawn several times has one call: what is wrong with it is said once.
    reported: set[int] = set()
    for item in named:
        found = _found(item, blocks, operands)
        if isinstance(found, Diagnostic):
            if id(item.letter) not in reported:
                diagnostics.append(found)
            reported.add(id(item.letter))
            continue
        steps = _ONE if blocks[item.reader].is_vector else lengths.steps[item.reader]
        # As nodes over one bus: which of its steps stands for it does not matter, each node reads them all.
        reads = StridedAccess(found, _ZERO, steps, 0)
        whole = StridedAccess(found, _ZERO, lengths.steps[found], 1)
        operand = Operand((reads,), (whole,), named=item.argument)
        given.setdefault(item.reader, []).append(operand)
    return given, diagnostics


def _found(
    item: NamedRow, blocks: Sequence[DrawnBlock], operands: Sequence[Sequence[Operand]]
) -> int | Diagnostic:
    """The block that is named, or why there is none."""
    letter, reader = item.letter, blocks[item.reader]
    drawn = [index for index, block in enumerate(blocks) if block.letter == letter.value]
    if not drawn or letter.value == "O":
        what = (
            "is not drawn"
            if not drawn
            else "has no letter of its own: each block of `O` is another"
        )
        hint = "name a letter that is drawn as one row"
        return Diagnostic("SEQ316", f"`{letter}` {what}", letter.span, hint)
    if len(drawn) > 1:
        message = f"`{letter}` is drawn as {len(drawn)} blocks: which of them is read?"
        places = tuple((blocks[index].span, "one of them") for index in drawn[:2])
        hint = "give the row that is read a letter of its own, or wire it by a bus of `+`"
        return Diagnostic("SEQ316", message, letter.span, hint, places)
    if blocks[drawn[0]].is_vector:
        message = f"`{letter}` is one value: there are no steps to read"
        hint = f"wire `{letter}` to `{reader.letter}`"
        return Diagnostic("SEQ316", message, letter.span, hint)
    return _wired(item, reader, operands[item.reader]) or drawn[0]


def _wired(item: NamedRow, reader: DrawnBlock, operands: Sequence[Operand]) -> Diagnostic | None:
    """What is wrong where something is wired that is named as well."""
    # Attention has wires for what asks, and may have a bus beside named keys; all else reads what is named alone.
    wired = [operand for operand in operands if operand.bus is not None or not item.asks]
    if not wired or item.argument == KEYS:
        return None
    what = "a bus" if item.asks else "wires"
    those = "the bus" if item.asks else "the wires"
    message = f"`{reader.letter}` has {what} and the name of a row, `{item.letter}`, for the same"
    hint = f"remove {those}, or remove `{item.letter}` from its arguments"
    return Diagnostic("SEQ309", message, item.letter.span, hint, ((reader.span, "it is wired"),))


def _hint(item: NamedRow, row: int) -> str:
    other = "name a row that is computed before it"
    if not item.asks or row == item.reader:
        return other
    if item.looks_back:
        return (
            f"{other}, or let what depends on it read a delayed node, which gives the step before"
        )
    # What looks back may be in a loop with what it reads.
    return f"{other}, or read what is there so far, by `causal=true`"


def _circles(
    named: Sequence[NamedRow],
    blocks: Sequence[DrawnBlock],
    whole: nx.DiGraph,
    wires: nx.DiGraph,
) -> list[Diagnostic]:
    """Rows that are named where they depend on what reads them, by delayed nodes as well or by wires alone."""
    by_letter = {block.letter: index for index, block in enumerate(blocks)}
    diagnostics = {}
    for item in named:
        row = by_letter.get(item.letter.value)
        if row is None:
            continue
        # a D a D   T = attention(D, causal=true): of what depends on `T` by delayed nodes it reads the steps so far.
        graph = wires if item.looks_back else whole
        if row == item.reader or (
            {row, item.reader} <= set(graph) and nx.has_path(graph, item.reader, row)
        ):
            reader = blocks[item.reader]
            message = f"`{reader.letter}` reads `{item.letter}`, which depends on `{reader.letter}` itself"
            diagnostics[id(item.letter)] = Diagnostic(
                "SEQ316",
                message,
                item.letter.span,
                _hint(item, row),
                ((reader.span, f"`{reader.letter}` is here"),),
            )
    return list(diagnostics.values())
