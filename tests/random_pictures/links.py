"""tower → part: the ways in which one row reads the row below it, each in its own columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from seqdsl.layout.canvas import Cells, bus, overlay, slant, straight
from tests.random_pictures.shapes import Part, Seen, Strip, Tower

Room = tuple[float, float]
"""The first and last column that a row may take."""

Link = Callable[[Random, Tower, Room], Part | None]


def seen_steps(tower: Tower, strip: Strip, wires: int, *, single: bool) -> Seen:
    """What nodes see that have up to so many wires, each from one node of ``tower``."""
    widths = {lane.block.width for lane in tower.lanes.values()}
    assert len(widths) == 1
    lane = next(iter(tower.lanes.values()))
    block = lane.block
    is_sequence = not (lane.final or block.cuts or block.strip.is_vector)
    return Seen(
        wires=(tower.width,) * wires,
        is_vector=strip.is_vector,
        single=single and is_sequence,
        vocabulary=tower.vocabulary,
        steps=None if strip.is_free else strip.steps,
        grid=block.grid,
    )


def choose(rng: Random, strip: Strip) -> tuple[int, ...]:
    """Some of the nodes of a strip: all, first n, last n, a slice, every k-th, one, or any."""
    columns = strip.columns
    count = len(columns)
    if len(strip.breaks) > 1 and rng.random() < 0.8:
        edge = rng.choice(strip.breaks[1:]).start
        side = [column for column in columns if column < edge]
        return whole(
            strip, tuple(side) if side and rng.random() < 0.7 else columns[len(side) :] or columns
        )
    first = rng.randrange(count)
    last = rng.randint(first + 1, count)
    chosen = rng.choice(
        [
            columns,
            columns,
            columns[:last],
            columns[first:],
            columns[first:],
            columns[first:last],
            columns[:: rng.randint(2, 3)],
            (columns[first],),
            (columns[-1],),
            tuple(sorted(rng.sample(columns, rng.randint(1, count)))),
        ]
    )
    return whole(strip, chosen)


def whole(strip: Strip, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """The chosen nodes; all, where nothing would tell at run time where they are.

    Of two free stretches in one input only the sum is known: not where the nodes between them are.
    """
    twins = [item.start for item in strip.breaks if item.twin]
    outside = (
        all(column < min(twins) or column > max(twins) for column in chosen) if twins else True
    )
    return (
        chosen
        if (outside and len(strip.within(chosen).breaks) == 0) or not twins
        else strip.columns
    )


def choose_masked(rng: Random, strip: Strip) -> tuple[int, ...]:
    """Nodes of a strip whose last steps may be padding: all, the first or the last ones."""
    columns = strip.columns
    number = rng.randint(1, len(columns))
    return whole(strip, rng.choice([columns, columns[:number], columns[-number:]]))


def choose_bound(rng: Random, tower: Tower) -> tuple[int, ...]:
    """Nodes that a row may read: those that must be read are among them."""
    if tower.masked:
        columns = choose_masked(rng, tower.strip)
        if set(tower.bound) - set(columns):
            columns = tower.strip.columns
        return columns
    return whole(tower.strip, tuple(sorted({*tower.bound, *choose(rng, tower.strip)})))


def stays_masked(tower: Tower, strip: Strip) -> bool:
    """Whether steps of a row that reads some of a tower's steps may be padding."""
    begins = strip.columns[0] == tower.strip.columns[0] or strip.is_free
    return tower.masked and not strip.is_vector and begins


def pick(rng: Random, tower: Tower, room: Room) -> Part | None:
    """A wire straight up from some nodes; nodes without a wire may stand before and after them."""
    columns = choose_bound(rng, tower)
    strip = tower.strip.within(columns)
    wired = set(columns)
    if not tower.masked and rng.random() < 0.25:
        before, after = rng.choice([(0, 1), (0, 2), (1, 0), (2, 0), (1, 1)])
        strip = pad(strip, tower.pitch, before, after, room)
    height = rng.choice([1, 1, 1, 2])
    rows = [straight(wired, rng.choice("|||^")) for _ in range(height)]
    seen = seen_steps(tower, strip, 1, single=True)
    seen = replace(
        seen,
        masked=stays_masked(tower, strip),
        wired=set(strip.columns) == wired,
        whole=strip == tower.strip,
    )
    if tower.masked and columns != tower.strip.columns:
        seen = replace(seen, single=False)
    return Part(rows, wired, strip, seen, tower.pitch, [tower])


def pad(strip: Strip, pitch: int, before: int, after: int, room: Room) -> Strip:
    """More nodes at both ends of a strip, as many as there is room for."""
    first, last = strip.edges
    if strip.breaks and strip.beside(strip.breaks[0])[0] is None:
        before = 0
    if strip.breaks and strip.beside(strip.breaks[-1])[1] is None:
        after = 0
    ahead = [first - pitch * i for i in range(before, 0, -1) if first - pitch * i >= room[0]]
    behind = [last + pitch * i for i in range(1, after + 1) if last + pitch * i <= room[1]]
    return Strip((*ahead, *strip.columns, *behind), strip.breaks)


def window(rng: Random, tower: Tower, room: Room) -> Part | None:
    """Nodes that read their neighbours by slanted wires: a window, a shift, or crossing wires."""
    if tower.bound or tower.masked or tower.skips or len(tower.strip.columns) < 2:
        return None
    block = next(iter(tower.lanes.values())).block
    if any(item.twin for item in tower.strip.breaks) or (block.cuts and tower.strip.breaks):
        return None
    stride = rng.choice([1, 1, 1, 2]) if not tower.strip.breaks else 1
    choices = [(-1, 0), (0, 1), (-1,), (1,)]
    if tower.pitch % 2 or stride > 1:
        choices += [(-1, 0, 1), (-1, 1), (-1, 0, 1)] if not tower.strip.breaks else []
    offsets = rng.choice(choices[2:4] if tower.vocabulary else choices)
    strip = Strip(tower.strip.columns[rng.randrange(stride) :: stride], tower.strip.breaks)
    if not strip.breaks and rng.random() < 0.3:
        strip = pad(strip, tower.pitch * stride, *rng.choice([(1, 0), (0, 1), (1, 1)]), room)
    found = _slanted(tower, strip, offsets)
    if found is None:
        return None
    rows, enters = found
    seen = seen_steps(tower, strip, _places(tower, strip, offsets), single=len(offsets) == 1)
    return Part(rows, enters, strip, seen, tower.pitch * stride, [tower])


def _places(tower: Tower, strip: Strip, offsets: Sequence[int]) -> int:
    """How many places the concatenation has: the wires of each node, or the sides from which any enter."""
    sides = [
        [offset for offset in offsets if column + tower.pitch * offset in tower.lanes]
        for column in strip.columns
    ]
    counts = {len(found) for found in sides if found}
    return counts.pop() if len(counts) == 1 else len({side for found in sides for side in found})


def _slanted(
    tower: Tower, strip: Strip, offsets: Sequence[int]
) -> tuple[list[Cells], set[int]] | None:
    pitch = tower.pitch
    drawn: list[list[Cells]] = []
    enters: set[int] = set()
    for target in strip.columns:
        for offset in offsets:
            source = target + pitch * offset
            if source not in tower.lanes:
                continue
            enters.add(source)
            way = slant(source, target) if offset else [straight([target])] * (pitch - 1)
            drawn.append([dict(cells) for cells in way])
    return (overlay(drawn), enters) if enters else None


def spread(rng: Random, tower: Tower, room: Room) -> Part | None:
    """A bus: all of some nodes to each of some nodes."""
    columns = tower.strip.columns if tower.masked else choose_bound(rng, tower)
    source = tower.strip.within(columns)
    many = len(columns) > 1
    free = many and source.is_free
    if tower.vocabulary and many:
        return None
    targets = _targets(rng, tower, room)
    if len(targets.columns) == 1 and not many:
        targets = Strip(targets.columns)
    lanes = set(columns)
    unmasked = not tower.masked or targets == source
    rows = [straight(lanes), bus(lanes | set(targets.columns)), straight(targets.columns)]
    seen = Seen(
        wires=(tower.width,) * (source.steps if many else 1),
        is_vector=targets.is_vector,
        same=True,
        wired=True,
        free=free,
        memory=tower.width if many and not (tower.vocabulary or tower.grid) else None,
        query=tower.width if asks(targets, source) and unmasked else None,
        bus=many,
        enters=source.steps if many and not tower.lanes[columns[0]].final else 0,
        grid=tower.grid,
        vocabulary=tower.vocabulary,
        memory_masked=tower.masked,
        steps=None if targets.is_free else targets.steps,
    )
    # A junction straight above a node, or another junction, joins it.
    first = 1 if set(targets.columns) <= lanes and rng.random() < 0.7 else 0
    return Part(rows[first:], lanes, targets, seen, tower.pitch, [tower])


def asks(targets: Strip, source: Strip) -> bool:
    """Whether each node over a bus stands over one of its sources."""
    return set(targets.columns) <= set(source.columns) and targets == source.within(targets.columns)


def _targets(rng: Random, tower: Tower, room: Room) -> Strip:
    """Nodes over a bus: over those below, or beside them."""
    strip = tower.strip.within(choose(rng, tower.strip))
    if strip.breaks and rng.random() < 0.3:
        strip = Strip(strip.columns)
    if len(strip.columns) == 1 and not strip.breaks and rng.random() < 0.6:
        strip = pad(strip, tower.pitch, 0, rng.randint(1, 4), room)
    return strip


def groups(rng: Random, tower: Tower, room: Room) -> Part | None:
    """Each k neighbours to one node of their own."""
    size = rng.randint(2, 3)
    if tower.masked or tower.skips or tower.vocabulary:
        return None
    if any(len(run) % size for run in tower.strip.parts()):
        return None
    if any(None in tower.strip.beside(item) for item in tower.strip.breaks):
        return None
    if any(item.elided is not None and item.elided % size for item in tower.strip.breaks):
        return None
    columns = tower.strip.columns
    place = rng.randrange(size)
    found = [columns[i : i + size] for i in range(0, len(columns), size)]
    joined: Cells = {}
    for group in found:
        joined |= bus(group)
    targets = tuple(group[place] for group in found)
    breaks = tuple(
        replace(item, name="", elided=None if item.elided is None else item.elided // size)
        for item in tower.strip.breaks
    )
    strip = Strip(targets, breaks)
    rows = [straight(columns), joined, straight(targets)]
    seen = replace(seen_steps(tower, strip, size, single=False), bus=True, enters=size)
    return Part(rows, set(columns), strip, seen, tower.pitch * size, [tower])


def repeat(rng: Random, tower: Tower, room: Room) -> Part | None:
    """Each node to k nodes of its own: its step k times, across an ellipsis as well."""
    times = rng.choice([number for number in (2, 2, 3) if tower.pitch >= 2 * number] or [0])
    if not times or tower.pitch % times or tower.skips:
        return None
    columns, pitch = tower.strip.columns, tower.pitch // times
    if columns[-1] + (times - 1) * pitch > room[1]:
        return None
    for item in tower.strip.breaks:
        left, right = tower.strip.beside(item)
        # One value beside an ellipsis at an end is led to all elided steps.
        if left is None or right is None or left + (times - 1) * pitch >= item.start:
            return None
    found = [tuple(column + pitch * place for place in range(times)) for column in columns]
    joined: Cells = {}
    for group in found:
        joined |= bus(group)
    breaks = tuple(
        replace(item, name="", elided=None if item.elided is None else item.elided * times)
        for item in tower.strip.breaks
    )
    strip = Strip(tuple(column for group in found for column in group), breaks)
    rows = [straight(columns), joined, straight(strip.columns)]
    seen = replace(seen_steps(tower, strip, 1, single=True), masked=tower.masked, wired=True)
    if tower.strip.is_vector:
        seen = replace(seen, same=True)
    return Part(rows, set(columns), strip, seen, pitch, [tower])


def stride(rng: Random, tower: Tower, room: Room) -> Part | None:
    """Every k-th node across an ellipsis, whatever number of steps it stands for."""
    strip, every = tower.strip, rng.randint(2, 3)
    if len(strip.breaks) != 1 or tower.masked or tower.skips:
        return None
    (item,) = strip.breaks
    left = [column for column in strip.columns if column < item.start]
    right = [column for column in strip.columns if column > item.start]
    if not left or len(left) % every or (not right and len(left) == every):
        return None
    columns = (*left[::every], *right[::every])
    if set(tower.bound) - set(columns):
        return None
    elided = None
    if item.elided is not None:
        elided = len(range(0, strip.steps, every)) - len(columns)
    chosen = Strip(columns, (replace(item, name="", elided=elided),))
    seen = seen_steps(tower, chosen, 1, single=True)
    return Part([straight(columns)], set(columns), chosen, seen, tower.pitch * every, [tower])


def fork(rng: Random, tower: Tower, room: Room) -> Part | None:
    """A wire straight up, and one beside it that passes the row: a skip connection."""
    if tower.pitch < 4 or tower.skips or tower.bound or tower.vocabulary or len(tower.lanes) < 1:
        return None
    columns = tower.strip.columns
    if columns[-1] + 2 > room[1]:
        return None
    rows = [straight(columns) | straight([column + 1 for column in columns], "/")]
    seen = replace(
        seen_steps(tower, tower.strip, 1, single=True), masked=stays_masked(tower, tower.strip)
    )
    seen = replace(seen, keeps=True)
    skips = {column + 2: replace(tower.lanes[column], bound=True) for column in columns}
    return Part(rows, set(columns), tower.strip, seen, tower.pitch, [tower], skips)


def merge(rng: Random, tower: Tower, room: Room) -> Part | None:
    """The row below, and the wires that passed beside it."""
    if not tower.skips or set(tower.skips) != {c + 2 for c in tower.strip.columns}:
        return None
    columns = tower.strip.columns
    rows = [straight(columns) | straight([column - 1 for column in tower.skips], "\\")]
    passed = next(iter(tower.skips.values())).block
    seen = seen_steps(tower, tower.strip, 1, single=False)
    seen = replace(seen, wires=(tower.width, passed.width), masked=stays_masked(tower, tower.strip))
    return Part(rows, {*columns, *tower.skips}, tower.strip, seen, tower.pitch, [tower])


ALONE: tuple[Link, ...] = (pick, window, spread, groups, repeat, stride, fork, merge)
