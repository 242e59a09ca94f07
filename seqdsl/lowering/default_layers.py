"""blocks → settings: which layer each block is, from its definition, its row, or its place in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import find_layer
from seqdsl.lowering.calls import Settings, read_call
from seqdsl.lowering.declared_cells import own_kinds
from seqdsl.records import record
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic, Edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.syntax.ast import Call, Definition, Picture

ANONYMOUS = "O"
_NOT_DELAYED = "OL"
"""Capitals whose lower-case letters are an `O` and a wire."""

DEFAULTS = {"features": 1, "units": 32}


@record(frozen=True)
class Surroundings:
    """What is around each block.

    Attributes:
        below: the blocks that each block reads.
        initial: the blocks whose state or value each block begins with.
        is_read: whether anything reads each block's value or state.
        order: all blocks, each after those that it reads; those of a loop side by side.
        wires: the blocks that each block reads other than through delayed nodes.
    """

    below: tuple[frozenset[int], ...]
    initial: tuple[frozenset[int], ...]
    is_read: tuple[bool, ...]
    order: tuple[int, ...]
    wires: tuple[frozenset[int], ...]


def find_settings(
    picture: Picture,
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    around: Surroundings,
    values: Mapping[str, int | float],
) -> tuple[list[Settings | None], list[Diagnostic]]:
    """Settle what layer every block is; ``None`` where its call is wrong."""
    calls, diagnostics = find_calls(picture, grid, blocks)
    cells = own_kinds(picture)
    read: dict[int, Settings | None] = {}
    settings: list[Settings | None] = [None] * len(blocks)
    for index in around.order:
        call = calls[index]
        if call is None:
            settings[index] = _default(index, blocks, around, settings)
            continue
        # All blocks of a letter share one `Call`: it is checked, and its mistakes are reported, once.
        if id(call) not in read:
            read[id(call)], diagnostics_of_call = read_call(call, values, cells)
            diagnostics += diagnostics_of_call
        settings[index] = read[id(call)]
    diagnostics += _conflicts(blocks, settings, calls)
    for index, own in enumerate(settings):
        if own is not None:
            diagnostics += _misplaced(blocks, own, index, around)
    missing = _missing_rows(grid, blocks, around, calls)
    # That nothing enters a row follows from the row of wires that is missing below it.
    rest = [
        item
        for item in diagnostics
        if not item.follows_from(other for other in missing if other.span == item.span)
    ]
    return settings, rest + missing


def _missing_rows(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    around: Surroundings,
    calls: Sequence[Call | None],
) -> list[Diagnostic]:
    """Rows of nodes right on rows of nodes, without wires between them."""
    # H H H      a row right upon another: no wires at all, and most likely a row of `|` was forgotten
    # X X X
    unfed = [
        index
        for index, call in enumerate(calls)
        if not around.below[index]
        and not around.initial[index]
        and blocks[index].row > 0
        and grid[blocks[index].row - 1].is_nodes
        and (call is None or not _reads_nothing(call))
    ]
    if not unfed:
        return []
    from seqdsl.picture.missing_wires import missing_rows

    return missing_rows(grid, blocks, unfed, around.is_read)


def _reads_nothing(call: Call) -> bool:
    layer = find_layer(call.layer)
    return layer is not None and layer.reads_nothing


def _letters_by_row(blocks: Sequence[DrawnBlock]) -> dict[int, set[str]]:
    by_row: dict[int, set[str]] = {}
    for block in blocks:
        by_row.setdefault(block.row, set()).add(block.letter)
    return by_row


def find_calls(
    picture: Picture, grid: Sequence[GridRow], blocks: Sequence[DrawnBlock]
) -> tuple[list[Call | None], list[Diagnostic]]:
    """The call that describes each block, if any.

    It is written at the end of a row, or in a definition of the block's letter::

        H H   lstm(4)
        | |
        X X
        X = input(3)
    """
    by_row = _letters_by_row(blocks)
    named: dict[str, Call] = {item.letter: item.call for item in picture.definitions}
    # The calls of anonymous rows, by row.
    anonymous: dict[int, Call] = {}
    diagnostics: list[Diagnostic] = []
    for number, row in enumerate(reversed(picture.rows)):
        if row.call is None or number not in by_row:
            continue
        letters = by_row[number]
        letter = min(letters)
        if len(letters) > 1:
            diagnostics.append(_ambiguous(row.call, letters))
        elif letter == ANONYMOUS:
            anonymous[number] = row.call
        elif letter in named:
            diagnostics.append(_second(letter, row.call, named[letter]))
        else:
            named[letter] = row.call
    diagnostics += _definitions(picture, blocks, named)
    calls = [
        anonymous.get(block.row) if block.letter == ANONYMOUS else named.get(block.letter)
        for block in blocks
    ]
    return calls, diagnostics


def _ambiguous(call: Call, letters: set[str]) -> Diagnostic:
    shown = ", ".join(f"`{letter}`" for letter in sorted(letters))
    message = f"`{call}` could define any of {shown}"
    hint = f"write a definition for each: `{min(letters)} = {call}`"
    return Diagnostic("SEQ206", message, call.span, hint)


def _second(letter: str, call: Call, first: Call) -> Diagnostic:
    place = ((first.span, "defined here"),)
    message = f"`{letter}` has a second definition at the end of its row"
    return Diagnostic("SEQ106", message, call.span, "keep one of the two", place)


def _definitions(
    picture: Picture, blocks: Sequence[DrawnBlock], named: Mapping[str, Call]
) -> list[Diagnostic]:
    drawn = {block.letter: block for block in blocks}
    undefined = [block for letter, block in drawn.items() if letter not in (*named, ANONYMOUS)]
    diagnostics = []
    for item in picture.definitions:
        if item.letter == ANONYMOUS:
            message = "`O` is anonymous: each block of `O` is a separate layer"
            hint = "write the layer at the end of its row, or use another letter"
            diagnostics.append(Diagnostic("SEQ314", message, item.span, hint))
        elif item.letter not in drawn:
            diagnostics.append(_not_drawn(item, undefined))
    return diagnostics


def _not_drawn(item: Definition, undefined: Sequence[DrawnBlock]) -> Diagnostic:
    message = f"`{item.letter}` is defined, but not drawn"
    if not undefined:
        return Diagnostic("SEQ112", message, item.span, "draw it, or remove the definition")
    other = undefined[0]
    hint = f"`{other.letter}` is drawn but not defined: is one of the two letters a typo?"
    place = ((other.span, f"`{other.letter}` has no definition"),)
    # The letter of the definition is one character; that of the row is drawn once for every step.
    at = item.span.column
    suggested = (Edit(item.span.line, at, other.letter, at + 1),)
    return Diagnostic("SEQ112", message, item.span, hint, place, suggested=suggested)


def _default(
    index: int,
    blocks: Sequence[DrawnBlock],
    around: Surroundings,
    settings: Sequence[Settings | None],
) -> Settings:
    block = blocks[index]
    units: dict[str, Size | float | bool | str] = {"units": Size.of("units")}
    # O      an output: `output`, or `dense` right on an input
    # |
    # O O    any other sequence, or one that state wires touch: `lstm`; any other vector: `dense`
    # | |
    # O O    nothing enters: `input`
    if block.touched:
        return Settings("lstm", units)
    if not around.below[index]:
        return Settings("input", {"features": Size.of("features")})
    if not around.is_read[index]:
        below = [settings[other] for other in around.below[index]]
        on_input = all(item is not None and item.is_source for item in below)
        return Settings("dense", units) if on_input else Settings("output", {})
    return Settings("dense" if block.is_vector else "lstm", units)


def _conflicts(
    blocks: Sequence[DrawnBlock], settings: Sequence[Settings | None], calls: Sequence[Call | None]
) -> list[Diagnostic]:
    """Letters without a definition whose blocks would be different layers."""
    # A over a vector would be `dense`, and A over a sequence `lstm`: one letter cannot be both.
    first: dict[str, int] = {}
    diagnostics = []
    for index, block in enumerate(blocks):
        here = settings[index]
        if block.letter == ANONYMOUS or calls[index] is not None or here is None:
            continue
        other = settings[first.setdefault(block.letter, index)]
        if other is not None and other.kind != here.kind:
            message = f"`{block.letter}` would be `{here.kind}` here and `{other.kind}` elsewhere"
            place = ((blocks[first[block.letter]].span, f"here it is `{other.kind}`"),)
            hint = f"define it, for example `{block.letter} = lstm(32)`"
            if here.is_source != other.is_source:
                hint = _or_delayed(block.letter, hint, blocks)
            diagnostics.append(Diagnostic("SEQ314", message, block.span, hint, place))
    return diagnostics


def _or_delayed(letter: str, hint: str, blocks: Sequence[DrawnBlock]) -> str:
    """What to do with a letter that is drawn once more where data starts: it may be meant one step later."""
    # Y Y Y
    # H-H-H
    # X Y Y    an output that is to be the next input
    is_again = sum(item.letter == letter for item in blocks) > 1
    if letter in _NOT_DELAYED or not is_again:
        return hint
    return f"for what `{letter}` gave one step earlier, write `{letter.lower()}`; else {hint}"


def _misplaced(
    blocks: Sequence[DrawnBlock], settings: Settings, index: int, around: Surroundings
) -> list[Diagnostic]:
    """Why a layer cannot be where it is drawn."""
    block, kind = blocks[index], settings.kind
    if block.touched and not settings.is_recurrent:
        message = f"a state wire on `{block.letter}`, but `{kind}` has no state"
        hint = "separate its nodes with spaces; only recurrent layers and cells carry state"
        return [Diagnostic("SEQ209", message, block.span, hint)]
    reads_nothing = settings.definition.reads_nothing
    if reads_nothing and around.below[index]:
        why = "data starts here" if settings.is_source else "it is the same for every sample"
        message = f"wires enter `{block.letter}`, but `{kind}` reads nothing: {why}"
        return [
            Diagnostic(
                "SEQ212", message, block.span, "remove the wires below it, or give it another layer"
            )
        ]
    if not reads_nothing and not around.below[index] and not around.initial[index]:
        hint = "connect it to the row below, or define it as `input(...)`"
        hint = _or_delayed(block.letter, hint, blocks)
        return [Diagnostic("SEQ315", f"this `{kind}` has no input", block.span, hint)]
    return []
