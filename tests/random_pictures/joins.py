"""two towers → part: the ways in which one row reads two neighbours."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from seqdsl.layout.canvas import bus, straight
from tests.random_pictures.links import asks, choose, choose_bound, seen_steps, stays_masked
from tests.random_pictures.shapes import Part, Seen, Strip, Tower


def join_time(rng: Random, left: Tower, right: Tower, limit: float) -> Part | None:
    """One row over two blocks: different blocks feed different steps."""
    if left.width != right.width or left.masked or right.masked or left.skips or right.skips:
        return None
    if left.grid != right.grid:
        return None
    if (left.vocabulary or right.vocabulary) and left.vocabulary != right.vocabulary:
        return None
    strips = [tower.strip.within(choose_bound(rng, tower)) for tower in (left, right)]
    if _meet(*strips):
        return None
    strip = Strip(
        tuple(column for strip in strips for column in strip.columns),
        tuple(item for strip in strips for item in strip.breaks),
    )
    seen = replace(seen_steps(left, strip, 1, single=False), is_vector=strip.is_vector)
    columns = set(strip.columns)
    pitch = min(left.pitch, right.pitch)
    return Part([straight(columns)], columns, strip, seen, pitch, [left, right])


def _meet(left: Strip, right: Strip) -> bool:
    """Whether an ellipsis ends the left strip, or begins the right one."""
    return any(item.start > left.columns[-1] for item in left.breaks) or any(
        item.start < right.columns[0] for item in right.breaks
    )


def join_bus(rng: Random, left: Tower, right: Tower, limit: float) -> Part | None:
    """A bus from two towers to some nodes over one of them."""
    if left.masked or right.masked or left.vocabulary or right.vocabulary:
        return None
    if left.skips or right.skips or left.grid != right.grid:
        return None
    chosen = [tower.strip.within(choose_bound(rng, tower)) for tower in (left, right)]
    over = rng.choice([left, right])
    targets = over.strip.within(choose(rng, over.strip))
    lanes = {column for strip in chosen for column in strip.columns}
    joined = Strip(tuple(sorted(lanes)), tuple(item for strip in chosen for item in strip.breaks))
    wires: tuple[int, ...] = ()
    free = False
    for tower, strip in zip((left, right), chosen, strict=True):
        wires += (tower.width,) * (strip.steps if len(lanes) > 1 else 1)
        free |= strip.is_free
    seen = Seen(
        wires,
        targets.is_vector,
        same=True,
        wired=True,
        free=free,
        memory=left.width if left.width == right.width and not left.grid else None,
        query=over.width if asks(targets, joined) else None,
        steps=None if targets.is_free else targets.steps,
        bus=len(lanes) > 1,
        grid=over.grid,
    )
    rows = [straight(lanes), bus(lanes | set(targets.columns)), straight(targets.columns)]
    return Part(rows, lanes, targets, seen, over.pitch, [left, right])


def join_features(rng: Random, left: Tower, right: Tower, limit: float) -> Part | None:
    """Each node of one tower with its own wire, and a bus from the other: its query and a memory, say."""
    over, other = rng.choice([(left, right), (right, left)])
    if over.strip.columns[-1] + 4 > (right.strip.edges[0] if over is left else limit):
        return None
    if over.pitch < 4 or over.skips or other.skips or over.vocabulary or other.vocabulary:
        return None
    if over.grid != other.grid:
        return None
    columns = over.strip.columns if over.masked else choose_bound(rng, over)
    chosen = other.strip.columns if other.masked else choose_bound(rng, other)
    many = len(chosen) > 1
    source = other.strip.within(chosen)
    strip = over.strip.within(columns)
    beside = {column + 2 for column in columns}
    rows = [
        straight({*columns, *chosen}),
        bus({*chosen, *beside}, columns),
        straight(columns) | straight([column + 1 for column in columns], "\\"),
    ]
    free = many and source.is_free
    seen = Seen(
        (over.width, *(other.width,) * (source.steps if many else 1)),
        strip.is_vector,
        free=free,
        elided=many and bool(source.breaks),
        query=over.width,
        memory=other.width if many and not other.grid else None,
        bus=many,
        grid=over.grid,
        masked=stays_masked(over, strip),
        memory_masked=other.masked,
        steps=None if strip.is_free else strip.steps,
    )
    return Part(rows, {*columns, *chosen}, strip, seen, over.pitch, [left, right])


PAIRS = (join_time, join_bus, join_features)
