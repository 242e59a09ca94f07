"""block → places: where the number of features of a block's value comes from, for messages about sizes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.syntax.ast import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.syntax.ast import Argument
    from seqdsl.text.source import Span

    Place = tuple[Span, str]

_MOST = 6
_DEPTH = 3


def width_origins(drawing: Drawing, indices: Iterable[int]) -> tuple[Place, ...]:
    """Which letters, rows and parameters give the widths of some blocks.

    Args:
        drawing: what was read of the picture.
        indices: the blocks whose widths a message speaks of.
    """
    places = (place for index in indices for place in _of_block(drawing, index, _DEPTH))
    # Blocks of one letter give the same places, so that more are looked at than shown; but not all: of a wide bus
    # there may be thousands.
    return tuple(dict.fromkeys(islice(places, _MOST * 8)))[:_MOST]


def _of_block(drawing: Drawing, index: int, depth: int) -> Iterator[Place]:
    settings, block = drawing.settings[index], drawing.blocks[index]
    name = settings.definition.output
    if name not in settings.arguments:
        yield from _of_what_it_reads(drawing, index, depth)
        return
    # E = lstm(units): "`E` has 6 units" at the argument `units`, then "`units` is set" at the line `units = 6`; of a
    # layer without a width of its own, such as `dropout`, the same of the layers below it
    number = drawing.resolved(settings.size(name))
    noun = "units" if settings.is_recurrent or name == "units" else "features"
    written = width_argument(settings)
    if written is None:
        yield (
            block.span,
            f"`{block.letter}` has no explicit size: `{name}` defaults to {number}",
        )
        return
    runs_both_ways = drawing.states.directions[index] is Direction.BIDIRECTIONAL
    twice = "per direction, both concatenated" if runs_both_ways else ""
    caption = f"`{block.letter}` has {number} {noun}{twice if settings.is_recurrent else ''}"
    yield written.value.span, caption
    for parameter in dict.fromkeys(map(str, leaves(written.value))):
        if parameter in drawing.places:
            yield drawing.places[parameter], f"`{parameter}` is set here"


def _of_what_it_reads(drawing: Drawing, index: int, depth: int) -> Iterator[Place]:
    """A layer without a width of its own is as wide as what it reads."""
    block, settings = drawing.blocks[index], drawing.settings[index]
    yield block.span, f"`{settings.kind}` has as many features as its input"
    if depth:
        for below in _below(drawing, index):
            yield from _of_block(drawing, below, depth - 1)


def _below(drawing: Drawing, index: int) -> list[int]:
    return sorted({access.block for operand in drawing.operands[index] for access in operand.read})


def width_argument(settings: Settings) -> Argument | None:
    """The argument that sets the width of what a layer gives, or its number of ids, as it is written."""
    call = settings.call
    name = settings.definition.output or "vocabulary"
    if call is None or name not in settings.arguments:
        return None
    # lstm(units=4), or lstm(4): without a keyword the width is the first argument of every layer that has one.
    keyed = [argument for argument in call.arguments if argument.keyword == name]
    plain = [argument for argument in call.arguments if argument.keyword is None]
    # dense(tied=M, softmax): M tells the width, and the first argument without a keyword is none
    tells = {item.name for item in settings.definition.signature.keywords if item.tells == name}
    telling = [argument for argument in call.arguments if argument.keyword in tells]
    return next(iter(keyed or telling or plain), None)
