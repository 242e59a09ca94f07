"""compiled picture → warnings about builders that work for the default of a parameter alone.

Where two sizes must be equal, the compiler asks for the numbers that the parameters' defaults give. This lint
asks again, of what came out, for all numbers:

    E = lstm(units)     units = 6
    D = lstm(12)        takes the two states of E side by side: 2 * units
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lints.equal_sizes import SizePairs
from seqdsl.lowering.agree import agree
from seqdsl.lowering.width_provenance import width_argument
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lints.equal_sizes import Pair, Side
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.syntax.ast import Argument, Call
    from seqdsl.text.source import Span


def single_values(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Sizes that must be equal, and are so for the defaults of the parameters only."""
    if not spec.parameters:
        return
    told: set[Span] = set()
    for pair in SizePairs(spec, drawing).all():
        if agree(pair.one.size, pair.other.size):
            continue
        found = _diagnostic(pair, spec, drawing)
        if found.span not in told:
            told.add(found.span)
            yield found
    yield from _lengths(drawing)


def single_valued(spec: ModelSpec, drawing: Drawing) -> frozenset[str]:
    """The parameters whose defaults alone make sizes equal that must be."""
    found: set[str] = set()
    for pair in SizePairs(spec, drawing).all() if spec.parameters else ():
        if not agree(pair.one.size, pair.other.size):
            found |= _names(pair, drawing)
    for _, steps, name, _ in _unlike_lengths(drawing):
        found |= steps.names | {name}
    return frozenset(found & drawing.values.keys())


def _diagnostic(pair: Pair, spec: ModelSpec, drawing: Drawing) -> Diagnostic:
    sides = _sides(pair, drawing)
    values = " and ".join(
        f"`{name} = {drawing.values[name]}`" for name in sorted(_names(pair, drawing))
    )
    message = f"only {values} can be built: {pair.message}"
    for side, wanted in (sides, sides[::-1]):
        fix = _rewritten(side, wanted.size, drawing)
        if fix is not None:
            span, text = fix
            return Diagnostic("SEQ410", message, span, f"write `{text}`")
    hint = "use one parameter, or arithmetic with it, for both"
    return Diagnostic("SEQ410", message, spec.blocks[pair.block].span, hint)


def _is_spread(pair: Pair, drawing: Drawing) -> bool:
    """Whether one side is a 1 that is spread to the width of the other."""
    return drawing.known(pair.one.size) != drawing.known(pair.other.size)


def _sides(pair: Pair, drawing: Drawing) -> list[Side]:
    """Both sides, first the one to rewrite: what is a number, or what is 1 by its default and spread."""
    spread = _is_spread(pair, drawing)
    return sorted(
        (pair.other, pair.one),
        key=lambda side: (spread and drawing.known(side.size) != 1, len(side.size.names)),
    )


def _names(pair: Pair, drawing: Drawing) -> frozenset[str]:
    """The parameters that must have their defaults."""
    if _is_spread(pair, drawing):
        names = _sides(pair, drawing)[0].size.names
    else:
        names = pair.one.size.names | pair.other.size.names
    return names & drawing.values.keys()


def _rewritten(side: Side, wanted: Size, drawing: Drawing) -> tuple[Span, str] | None:
    """Where a block's width is written, and what to write there so that it is as wide as ``wanted``."""
    settings = None if side.block is None else drawing.settings[side.block]
    if settings is None or settings.call is None:
        return None
    argument = width_argument(settings)
    if argument is None:
        return None
    own = wanted // side.times
    if drawing.known(own * side.times) != drawing.known(side.size):
        own = Size.of(1)
    return argument.value.span, _with(settings.call, argument, own)


def _with(call: Call, argument: Argument, size: Size) -> str:
    """A call with another size as one of its arguments."""
    key = f"{argument.keyword}=" if argument.keyword else ""
    parts = [f"{key}{size}" if item is argument else str(item) for item in call.arguments]
    return f"{call.layer}({', '.join(parts)})"


def _lengths(drawing: Drawing) -> Iterator[Diagnostic]:
    """Two names for the length of one row."""
    for block, steps, name, mark in _unlike_lengths(drawing):
        others = sorted((steps.names | {name}) & drawing.values.keys())
        values = " and ".join(f"`{other} = {drawing.values[other]}`" for other in others)
        yield Diagnostic(
            "SEQ410",
            f"only {values} can be built: `{block.letter}` has `{steps}` steps, `..{name}..` says `{name}`",
            drawing.grid[block.row].span(mark),
            f"write `..{steps}..` here, too, or `...`"
            if str(steps).isidentifier()
            else "write `...` here",
        )


def _unlike_lengths(drawing: Drawing) -> Iterator[tuple[DrawnBlock, Size, str, int]]:
    """The blocks of another length than a name of it says, with that length, the name and its ellipsis."""
    for index, block in enumerate(drawing.blocks):
        steps = drawing.lengths.steps[index]
        for stretch in block.stretches:
            name = drawing.grid[block.row].names.get(stretch.mark)
            if name is None or name not in drawing.values:
                continue
            if not agree(steps, Size.of(name)):
                yield block, steps, name, stretch.mark
