"""conv → operation: a wire marks the center of its window, so that padding and strides are what is drawn."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.ir.operations import Centers, Convolve
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import NOTHING, ONE, Composer
from seqdsl.lowering.context import side_by_side
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.lowering.strided_access import Piece, ZeroSteps, reads_to_the_end
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import Site
    from seqdsl.lowering.operands import Slot
    from seqdsl.lowering.strided_access import Access


def conv(site: Site, index: int, settings: Settings) -> Application | None:
    """A convolution of the whole block below; the wires tell which of its steps are kept.

    ::

          C C C       conv(4, kernel=3): each wire stands at the center of a window, 1 step before it and 1 after;
          | | |       the windows of the outer steps of X would need padding, and are not drawn
        X X X X X
    """
    problem = _problem(site, index)
    if problem is not None:
        message, hint = problem
        site.error("SEQ309", message, index, hint)
        return None
    slots = site.drawing.slots[index]
    view = side_by_side([Value(slot.wired[0].block) for slot in slots])
    dilation = settings.arguments.get("dilation", ONE)
    assert isinstance(dilation, Size)
    # A window of 3 steps at dilation 2 reaches over 4 further ones: `x . c . x`. An even kernel has no center; the
    # step that is left over comes after the drawn one, as in both frameworks' "same" padding.
    reach = (settings.size("kernel") - 1) * dilation
    before = reach if settings.arguments.get("padding") == "causal" else reach // 2
    operation = Convolve(view, before, reach - before)
    # The rows that are read side by side have equal centers, so those of the first are those of all.
    pieces = slots[0].pieces
    # The padding of a stride is drawn by its kernel: where that is a parameter, the steps are cut out of all.
    stride = 1 if reach.constant is None else _stride(site, index, pieces, dilation)
    first = pieces[0]
    if stride > 1 and isinstance(first, Piece):
        # The first window begins where the first wire's does: what lies before it is never computed.
        operation = replace(operation, before=before - first.start)
    else:
        operation = _kept(site, index, pieces, operation, reach)
    return Application(
        site.key(index),
        settings.kind,
        site.composer.features(view),
        settings.size("filters"),
        operation,
        _arguments(settings, dilation, stride),
    )


def _problem(site: Site, index: int) -> tuple[str, str] | None:
    """What is wrong with the wires of a convolution, and a hint; ``None`` if they mark centers in sequences."""
    slots = site.drawing.slots[index]
    if any(slot.bus is not None or len({p.block for p in slot.wired}) != 1 for slot in slots):
        return (
            "a `conv` reads one block below, a wire at the centre of each window",
            "wire each node to one step of one row",
        )
    vectors = [site.steps[slot.wired[0].block] is None for slot in slots]
    if all(vectors):
        return (
            "a `conv` reads a sequence, here it reads single values",
            "draw the row below with its further steps, or make this one `dense`",
        )
    if any(vectors) or len({_centers(slot) for slot in slots}) > 1:
        return (
            "the wires of a `conv` must mark the same centres in every row it reads",
            "wire all rows alike",
        )
    return None


def _centers(slot: Slot) -> tuple[ZeroSteps | tuple[Size, Size, int, int], ...]:
    """The steps that the wires of a row mark, whichever row it is."""
    return tuple(
        p if isinstance(p, ZeroSteps) else (p.start, p.count, p.stride, p.each) for p in slot.pieces
    )


def _arguments(settings: Settings, dilation: Size, stride: int) -> dict[str, object]:
    """The arguments that two convolutions must have in common to share weights: where it pads is not among them."""
    given = settings.arguments.items()
    kept = {key: value for key, value in given if key not in ("padding", "filters")}
    return {**kept, "dilation": dilation, "stride": stride}


def _stride(site: Site, index: int, pieces: Sequence[Access], dilation: Size) -> int:
    """How far apart the windows are that are computed; 1 if some are left out afterwards, or none is.

    One letter is one convolution, wherever it is drawn: of a stride of its own only if it is drawn once. Neither
    framework has strides beside dilation.
    """
    letter = site.drawing.blocks[index].letter
    shared = letter != ANONYMOUS and site.drawn[letter] > 1
    if site.steps[index] is None or len(pieces) > 1 or dilation != ONE or shared:
        return 1
    piece = pieces[0]
    length = None if isinstance(piece, ZeroSteps) else site.steps[piece.block]
    if isinstance(piece, ZeroSteps) or length is None:
        return 1
    return piece.stride if _reaches_the_end(piece, length) else 1


def _reaches_the_end(piece: Piece, length: Size) -> bool:
    """Whether wires mark every so many steps, from the first of them on as long as there are any.

    ::

        C   C   C      C   C
        |   |   |      |   |          every second step: up to the last one, or not
        X X X X X      X X X X X
    """
    is_counted = piece.each == 1 and piece.start.constant is not None
    return is_counted and reads_to_the_end(piece, length)


def _kept(
    site: Site, index: int, pieces: Sequence[Access], operation: Convolve, reach: Size
) -> Convolve:
    """Which steps of the convolution are kept; those whose window is whole need no padding.

    Which these are depends on the kernel: where it is a parameter, the drawn steps are cut out of all.
    """
    source = next(piece.block for piece in pieces if not isinstance(piece, ZeroSteps))
    length = site.steps[source]
    assert length is not None
    only = pieces[0] if len(pieces) == 1 else None
    if isinstance(only, Piece) and site.steps[index] is not None:
        uncut = _uncut(only, operation, length, reach)
        if uncut is not None:
            return uncut
    return replace(operation, kept=_selected(site, index, pieces, length))


def _uncut(piece: Piece, operation: Convolve, length: Size, reach: Size) -> Convolve | None:
    """The convolution whose every output is drawn, if there is one: here for a kernel of 3.

    ::

      C C C             C C C C C
      | | |             | | | | |
    X X X X X           X X X X X

    "valid"             "same"
    """
    if piece.stride != 1 or piece.each != 1:
        return None
    start, count = piece.start, piece.count
    if start == operation.before and count == length - reach and reach != NOTHING:
        centers = Centers(start, count, length)
        return replace(operation, before=NOTHING, after=NOTHING, centers=centers)
    return operation if start == NOTHING and count == length else None


def _selected(site: Site, index: int, pieces: Sequence[Access], length: Size) -> Expression:
    """The drawn steps of a convolution that is computed with "same" padding: of as many steps as it reads.

    A composer of its own, because for everybody else the block has only the steps that are drawn.
    """
    outputs = [p if isinstance(p, ZeroSteps) else replace(p, block=index) for p in pieces]
    inner = Composer(
        ChainMap({index: length}, site.lengths),
        ChainMap({index: site.drawing.settings[index].size("filters")}, site.width),
        lambda *_: False,
        site.drawing.lengths.free,
    )
    first = outputs[0]
    if site.steps[index] is None and isinstance(first, Piece):
        return inner.vector(first)
    return inner.sequence(outputs)
