"""convolutions: a wire marks the centre of its window."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatFeatures, Value
from seqdsl.ir.operations import Centers, Convolve
from seqdsl.model.application import Application
from seqdsl.model.compose import NOTHING, ONE, Composer
from seqdsl.model.pieces import Piece, ZeroSteps
from seqdsl.model.roles import ANONYMOUS
from seqdsl.size import Size, strided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.model.layers import Settings
    from seqdsl.model.pieces import Access
    from seqdsl.model.site import Site


def conv(site: Site, index: int, settings: Settings) -> Application | None:
    """A convolution of the whole block below; the wires tell which of its steps are kept."""
    slots = site.drawing.slots[index]
    whole = [slot.pieces for slot in slots]
    below = [[piece.block for piece in slot.wired] for slot in slots]
    if any(slot.bus is not None for slot in slots) or any(len(set(found)) != 1 for found in below):
        site.error(
            "SEQ309",
            "a `conv` reads one block below, a wire at the centre of each window",
            index,
            "wire each node to one step of one row",
        )
        return None
    centres = {
        tuple(
            p if isinstance(p, ZeroSteps) else (p.start, p.count, p.stride, p.each) for p in pieces
        )
        for pieces in whole
    }
    sources = [found[0] for found in below]
    if all(site.steps[block] is None for block in sources):
        site.error(
            "SEQ309",
            "a `conv` reads a sequence, here it reads single values",
            index,
            "draw the row below with its further steps, or make this one `dense`",
        )
        return None
    if len(centres) > 1 or any(site.steps[block] is None for block in sources):
        site.error(
            "SEQ309",
            "the wires of a `conv` must mark the same centres in every row it reads",
            index,
            "wire all rows alike",
        )
        return None
    views = tuple(Value(block) for block in sources)
    view = views[0] if len(views) == 1 else ConcatFeatures(views)
    kernel = settings.size("kernel")
    dilation = settings.arguments.get("dilation", ONE)
    assert isinstance(dilation, Size)
    reach = (kernel - 1) * dilation
    causal = settings.arguments.get("padding") == "causal"
    before = reach if causal else reach // 2
    operation = Convolve(view, before, reach - before)
    # The padding of a stride is drawn by its kernel: where that is a parameter, the steps are cut out of all.
    stride = 1 if reach.constant is None else _stride(site, index, whole[0], dilation)
    first = whole[0][0]
    if stride > 1 and isinstance(first, Piece):
        operation = replace(operation, before=before - first.start)
    else:
        operation = _kept(site, index, whole[0], operation, reach)
    arguments: dict[str, object] = {
        **{
            key: value
            for key, value in settings.arguments.items()
            if key not in ("padding", "filters")
        },
        "dilation": dilation,
        "stride": stride,
    }
    units = settings.size("filters")
    return Application(
        site.key(index),
        settings.kind,
        site.composer.features(view),
        units,
        operation,
        arguments,
    )


def _stride(site: Site, index: int, pieces: Sequence[Access], dilation: Size) -> int:
    """How far apart the windows are that are computed; 1 if some are left out afterwards, or none is.

    One letter is one convolution, wherever it is drawn: of a stride of its own only if it is drawn once. Neither
    framework has strides beside dilation.
    """
    steps, letter = site.steps[index], site.drawing.blocks[index].letter
    shared = letter != ANONYMOUS and site.drawn[letter] > 1
    if steps is None or len(pieces) > 1 or dilation != ONE or shared:
        return 1
    piece = pieces[0]
    if isinstance(piece, ZeroSteps):
        return 1
    length = site.steps[piece.block]
    if length is None or piece.each > 1 or piece.stride < 2 or piece.start.constant is None:
        return 1
    return piece.stride if piece.count == strided(length, piece.start, piece.stride) else 1


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
    if isinstance(only, Piece) and only.stride == only.each == 1 and site.steps[index] is not None:
        start, count = only.start, only.count
        if start == operation.before and count == length - reach and reach != NOTHING:
            centers = Centers(start, count, length)
            return replace(operation, before=NOTHING, after=NOTHING, centers=centers)
        if start == NOTHING and count == length:
            return operation
    kept = [p if isinstance(p, ZeroSteps) else replace(p, block=index) for p in pieces]
    inner = Composer(
        ChainMap({index: length}, site.lengths),
        ChainMap({index: site.drawing.settings[index].size("filters")}, site.width),
        lambda *_: False,
        site.drawing.lengths.free,
    )
    first = kept[0]
    if site.steps[index] is None and isinstance(first, Piece):
        return replace(operation, kept=inner.vector(first))
    return replace(operation, kept=inner.sequence(kept))
