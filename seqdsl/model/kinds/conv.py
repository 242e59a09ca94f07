"""convolutions: a wire marks the centre of its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.application import Application
from seqdsl.model.compose import NOTHING, ONE, Composer
from seqdsl.model.reads import ZERO, Piece
from seqdsl.model.size import Size
from seqdsl.model.views import JoinFeatures, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.model.layers import Settings
    from seqdsl.model.site import Site


def conv(site: Site, index: int, settings: Settings) -> Application | None:
    """A convolution of the whole block below; the wires tell which of its steps are kept."""
    slots = site.drawing.slots[index]
    whole = [slot.pieces for slot in slots]
    below = [[piece.block for piece in pieces if piece.block != ZERO] for pieces in whole]
    if any(slot.bus is not None for slot in slots) or any(len(set(found)) != 1 for found in below):
        site.error(
            "SEQ309",
            "a `conv` reads one block below, a wire at the centre of each window",
            index,
            "wire each node to one step of one row",
        )
        return None
    centres = {
        tuple((p.start, p.count, p.stride, p.block == ZERO) for p in pieces) for pieces in whole
    }
    sources = [found[0] for found in below]
    if len(centres) > 1 or any(site.steps[block] is None for block in sources):
        site.error(
            "SEQ309",
            "the wires of a `conv` must mark the same centres in every row it reads",
            index,
            "wire all rows alike",
        )
        return None
    views = tuple(Value(block) for block in sources)
    view = views[0] if len(views) == 1 else JoinFeatures(views)
    kernel = settings.size("kernel").value({})
    dilation = settings.arguments.get("dilation", ONE)
    assert isinstance(dilation, Size)
    reach = (kernel - 1) * dilation.value({})
    causal = settings.arguments.get("padding") == "causal"
    before = reach if causal else reach // 2
    options: dict[str, object] = {"before": before, "after": reach - before}
    options |= _kept(site, index, whole[0], before, reach)
    arguments: dict[str, object] = {
        **{
            key: value
            for key, value in settings.arguments.items()
            if key not in ("padding", "filters")
        },
        "dilation": dilation.value({}),
        "stride": 1,
    }
    units = settings.size("filters")
    return Application(
        site.key(index),
        "conv",
        site.composer.features(view),
        units,
        (view,),
        options,
        arguments,
    )


def _kept(
    site: Site, index: int, pieces: Sequence[Piece], before: int, reach: int
) -> dict[str, object]:
    """Which steps of the convolution are kept; those whose window is whole need no padding."""
    source = next(piece.block for piece in pieces if piece.block != ZERO)
    length = site.steps[source]
    assert length is not None
    if len(pieces) == 1 and pieces[0].stride == 1 and site.steps[index] is not None:
        start, count = pieces[0].start, pieces[0].count
        if start == Size.of(before) and count == length - reach and reach:
            return {"before": 0, "after": 0, "centers": (start, count, length)}
        if start == NOTHING and count == length:
            return {}
    kept = [Piece(index if p.block != ZERO else ZERO, p.start, p.count, p.stride) for p in pieces]
    inner = Composer(
        [*site.steps[:index], length, *site.steps[index + 1 :]],
        {**site.width, index: site.drawing.settings[index].size("filters")},
        lambda *_: False,
        site.drawing.lengths.free,
    )
    view = inner.vector(kept[0]) if site.steps[index] is None else inner.sequence(kept)
    return {"kept": view}
