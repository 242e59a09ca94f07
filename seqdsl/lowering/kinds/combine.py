"""layers that combine their wires element by element."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Elementwise, Expression
from seqdsl.ir.operations import Identity, Merge, Reduce
from seqdsl.layers import Combination
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import NOTHING, ONE
from seqdsl.lowering.strided_access import Access, Piece, ZeroSteps, sub_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import Site
    from seqdsl.lowering.operands import Slot
    from seqdsl.size import Size

Operand = tuple[Access, ...]
"""What one of the combined wires gives, step by step."""


def combine(site: Site, index: int, settings: Settings) -> Application | None:
    """Everything that a node sees, element by element; each source of a bus counts as one wire.

    ::

          S S S            S            S S S
         /|/|/|            |            | | |
        A A A A          +-+-+        +-+-+-+
                         A A A        A A A A

        neighbors        all steps    all steps, for each node
    """
    steps = site.steps[index]
    slots = site.drawing.slots[index]
    if steps is None:
        return _vector(site, index, settings)
    if len(slots) == 1 and slots[0].bus is not None and len(slots[0].pieces) == 1:
        return _pool(site, index, settings, slots[0].bus, steps)
    operands = _all_operands(site, index, settings)
    if operands is None:
        return None
    # A sum is the same with a zero among its operands; a product, a mean or a maximum is not.
    if _how(settings) is not Combination.ADD and _have_gaps(operands):
        return _uneven(site, index, settings, operands)
    return _together(site, index, settings, [site.composer.sequence(pieces) for pieces in operands])


def _have_gaps(operands: Sequence[Operand]) -> bool:
    """Whether some node has fewer wires than others."""
    return any(isinstance(piece, ZeroSteps) for pieces in operands for piece in pieces)


def _vector(site: Site, index: int, settings: Settings) -> Application | None:
    """A single node: it combines single values as they are, and of a sequence all steps."""
    pieces = [piece for slot in site.drawing.slots[index] for piece in (slot.bus or slot.wired)]
    if all(piece.count == ONE for piece in pieces):
        views = [site.composer.vector(piece) for piece in pieces]
        return _together(site, index, settings, views)
    return _pool(site, index, settings, pieces, None)


def _all_operands(site: Site, index: int, settings: Settings) -> list[Operand] | None:
    """Each wire of a block; ``None``, and an error, if there is no telling how many there are."""
    operands: list[Operand] = []
    for slot in site.drawing.slots[index]:
        found = _operands(slot)
        if found is None:
            site.error(
                "SEQ313",
                f"`{settings.kind}` combines a sequence of free length with other wires",
                index,
                "combine its steps in a row of its own first, or fix the length",
            )
            return None
        operands += found
    return operands


def _how(settings: Settings) -> Combination:
    how = settings.definition.combination
    assert how is not None
    return how


def _operands(slot: Slot) -> list[Operand] | None:
    """Each wire of a slot; ``None`` if a bus has a free number of sources."""
    if slot.bus is None:
        return [slot.pieces]
    found: list[Operand] = []
    for piece in slot.bus:
        count = piece.count.constant
        if count is None:
            return None
        for number in range(count):
            one = replace(piece, start=piece.start + piece.stride * number, count=ONE)
            found.append(tuple(_seen(one, place) for place in slot.pieces))
    return found


def _seen(one: Piece, place: Access) -> Access:
    """One value at all steps of ``place``; nothing where these see nothing."""
    return place if isinstance(place, ZeroSteps) else replace(one, count=place.count, stride=0)


def _uneven(
    site: Site, index: int, settings: Settings, operands: Sequence[Operand]
) -> Application | None:
    """Nodes with different numbers of wires: each combines those that it has."""
    parts: list[tuple[Expression | None, Size]] = []
    widths: list[Size] = []
    for cut, count in _even_parts(site, operands):
        views = [site.composer.sequence(pieces) for pieces in cut]
        widths += [site.composer.features(view) for view in views]
        both = Elementwise(_how(settings).value, tuple(views)) if len(views) > 1 else None
        # A node without a wire is zero, whatever its neighbours combine.
        parts.append((both or next(iter(views), None), count))
    width = _spread_width(site, index, widths)
    if width is None:
        return None
    view = site.composer.placed(parts)
    # What is left to do is to put the parts one after the other.
    return Application(site.key(index), "concat", width, width, Identity(view))


def _even_parts(site: Site, operands: Sequence[Operand]) -> Iterator[tuple[list[Operand], Size]]:
    r"""The operands of neighboring nodes with the same wires, and how many nodes these are.

    ::

        S S S S           three parts: the first two nodes have one operand, A; the third has A and B;
        | | |\ \          the last has B. They end where a piece of any operand does.
        A A A B B
    """
    places = {site.drawing.number(place): place for pieces in operands for place in _starts(pieces)}
    starts = [[(site.drawing.number(at), at) for at in _starts(pieces)] for pieces in operands]
    for low, high in pairwise(places[number] for number in sorted(places)):
        cut = [
            part
            for pieces, found in zip(operands, starts, strict=True)
            if (part := _between(site, pieces, found, low, high))
        ]
        yield cut, high - low


def _starts(pieces: Operand) -> list[Size]:
    """Where each piece starts, and where the last one ends."""
    found = [NOTHING]
    for piece in pieces:
        found.append(found[-1] + piece.count)
    return found


def _between(
    site: Site, pieces: Operand, starts: Sequence[tuple[int, Size]], low: Size, high: Size
) -> Operand:
    """What the steps ``low`` to ``high``, which lie in one piece, read; empty if nothing.

    ``starts`` is where each piece starts, and where the last one ends, as a number and as a size.
    """
    number = site.drawing.number
    # The last piece that starts at ``low`` or before: one of no steps is passed over.
    place = bisect_right(starts, number(low), key=lambda at: at[0]) - 1
    if place >= len(pieces) or number(high) > starts[place + 1][0]:
        return ()
    piece = pieces[place]
    if isinstance(piece, ZeroSteps):
        return ()
    return tuple(sub_pieces(piece, low - starts[place][1], high - low))


def _pool(
    site: Site, index: int, settings: Settings, pieces: Sequence[Piece], steps: Size | None
) -> Application | None:
    """All steps of a bus, combined over time."""
    width = _spread_width(site, index, [site.width[piece.block] for piece in pieces])
    if width is None:
        return None
    like = None if steps is None else site.composer.like(steps)
    if all(site.known(site.width[piece.block]) == site.known(width) for piece in pieces):
        view = site.composer.steps_of(pieces)
    else:
        view = site.composer.joined([_widened(site, piece, width) for piece in pieces])
    operation = Reduce(_how(settings), view, steps, like)
    return Application(site.key(index), settings.kind, width, width, operation)


def _widened(site: Site, piece: Piece, width: Size) -> Expression:
    """The steps that a piece reads; one feature is spread to ``width``."""
    part = site.composer.part(piece)
    if site.known(site.width[piece.block]) == site.known(width):
        return part
    first = site.composer.vector(replace(piece, count=ONE))
    return Elementwise(
        Combination.ADD.value, (part, site.composer.zeros(piece.count, first, width))
    )


def _together(
    site: Site, index: int, settings: Settings, views: list[Expression]
) -> Application | None:
    width = _spread_width(site, index, [site.composer.features(view) for view in views])
    if width is None:
        return None
    operation = Merge(_how(settings), tuple(views))
    return Application(site.key(index), settings.kind, width, width, operation)


def _spread_width(site: Site, index: int, widths: Sequence[Size]) -> Size | None:
    """The common width of what is combined; a width of 1 is spread to the others'."""
    wide = {site.known(width): width for width in widths if site.known(width) != 1}
    if len(wide) > 1:
        from seqdsl.lowering.width_provenance import width_origins

        shown = " and ".join(str(value) for value in wide)
        site.error(
            "SEQ305",
            f"`{site.drawing.settings[index].kind}` combines values of {shown} features",
            index,
            "give them the same width (or width 1, which is spread), or use `concat`",
            places=width_origins(site.drawing, site.below(index)),
        )
        return None
    # All of one feature, which may be a parameter's value.
    alone = widths[0] if len(set(widths)) == 1 else ONE
    return next(iter(wide.values()), alone)
