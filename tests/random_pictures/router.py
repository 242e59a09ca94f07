"""nets → rows of wires: any nodes to any nodes, each net on a bus of its own across whatever rises beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from random import Random

from seqdsl.layout.canvas import Cells, bus, straight
from tests.random_pictures.shapes import Part, Seen, Strip, Tower

Net = tuple[tuple[int, ...], int]
"""The columns of the sources, and the column in which their bus rises."""


def route(nets: Sequence[Net], sources: Collection[int], taken: Collection[int]) -> list[Cells]:
    """Rows of wires that draw all ``nets``, one after the other.

    A source that another net still needs is tapped by a slanted wire, but not over a column that is
    ``taken``; its own wire goes on.

    Raises:
        ValueError: a wire has no room.
    """
    uses = Counter(column for net, _ in nets for column in net)
    live = set(sources)
    rows: list[Cells] = []
    for columns, target in nets:
        taps: Cells = {}
        joints = {target}
        for column in columns:
            uses[column] -= 1
            joints.add(_tap(column, {*live, *taken}, taps) if uses[column] else column)
        if taps:
            rows.append(straight(live) | taps)
        done = {column for column in columns if not uses[column]}
        if joints & (live - done) or target in live - set(columns):
            raise ValueError("a bus would join a wire that only passes")
        rows.append(bus(joints, live) if len(joints) > 1 else straight(live))
        live = live - done | {target}
    return rows


def _tap(column: int, live: Collection[int], taps: Cells) -> int:
    for side, sign in ((1, "/"), (-1, "\\")):
        cells = {column + side, column + 2 * side}
        if not cells & {*live, *taps} and not {column + 2 * side} & {*taps}:
            taps[column + side] = sign
            return column + 2 * side
    raise ValueError("no room for a wire beside this one")


def routed(rng: Random, tower: Tower, low: float) -> Part | None:
    """A row beside everything else, wired to a tower in any way: reversed, windows, at random."""
    if tower.masked or tower.strip.breaks or tower.skips or tower.strip.is_vector:
        return None
    columns = list(tower.strip.columns)
    wiring = _wiring(rng, columns, bool(tower.vocabulary))
    if set(tower.bound) - {c for wires in wiring for wire in wires for c in wire}:
        return None
    start = int(max(low, columns[-1] + 4)) + 1
    targets = [start + 6 * i for i in range(len(wiring))]
    nets: list[Net] = []
    for target, wires in zip(targets, wiring, strict=True):
        places = {1: (0,), 2: rng.choice([(-2, 0), (0, 2), (-2, 2)]), 3: (-2, 0, 2)}
        nets += [
            (tuple(wire), target + place)
            for wire, place in zip(wires, places.get(len(wires), ()), strict=True)
        ]
    rng.shuffle(nets)
    used = {column for net, _ in nets for column in net}
    try:
        rows = route(nets, used, {columns[0] - 2, columns[0] - 1})
    except ValueError:
        return None
    final: Cells = {}
    for _, column in nets:
        final |= _entry(column, targets)
    strip = Strip(tuple(targets))
    most = max(wiring, key=lambda wires: sum(map(len, wires)))
    number = _places(wiring)
    single = all(len(wires) <= 1 and all(len(wire) == 1 for wire in wires) for wires in wiring)
    block = tower.lanes[columns[0]].block
    seen = Seen(
        (tower.width,) * max(number, len(most[0])),
        strip.is_vector,
        single=single and not block.cuts and not block.strip.is_vector,
        vocabulary=tower.vocabulary,
        steps=len(targets),
        bus=any(len(wire) > 1 for wires in wiring for wire in wires),
        grid=tower.grid,
    )
    return Part([*rows, final], used, strip, seen, 6, [tower])


def _places(wiring: Sequence[Sequence[Sequence[int]]]) -> int:
    """How many places a node's concatenation has: the sum of the longest wire on each of its sides."""
    most = max(len(wires) for wires in wiring)
    return sum(
        max(len(wires[side]) for wires in wiring if len(wires) > side) for side in range(most)
    )


def _entry(column: int, targets: Sequence[int]) -> Cells:
    target = min(targets, key=lambda item: abs(item - column))
    if column == target:
        return {column: "|"}
    return {column + 1: "/"} if column < target else {column - 1: "\\"}


def _wiring(rng: Random, columns: list[int], plain: bool) -> list[list[list[int]]]:
    """For each node of the new row its wires, each with its sources."""
    count = len(columns)
    kind = rng.choice(["reversed", *["permuted"] * (1 + count // 3), "windows", "buses", "random"])
    if plain or kind in ("reversed", "permuted"):
        order = columns[::-1] if kind == "reversed" else rng.sample(columns, count)
        return [[[column]] for column in order]
    if kind in ("windows", "buses"):
        size, stride, dilation = rng.randint(2, 3), rng.randint(1, 2), rng.randint(1, 2)
        first = rng.choice([0, -dilation])
        reach = dilation * (size - 1)
        starts = range(first, count - (reach if first == 0 else 0), stride)
        found = [
            [columns[i + dilation * k] for k in range(size) if 0 <= i + dilation * k < count]
            for i in list(starts)[:5]
        ]
        whole = [window for window in found if window]
        if not whole:
            return [[[columns[0]]]]
        if kind == "windows" and all(len(window) == size for window in whole):
            return [[[column] for column in window] for window in whole]
        return [[window] for window in whole]
    nodes = rng.randint(1, 4)
    wires = rng.randint(1, 2)
    return [
        [sorted(rng.sample(columns, rng.randint(1, min(2, count)))) for _ in range(wires)]
        for _ in range(nodes)
    ]
