"""a value or a final state beside a row → its initial state."""

from __future__ import annotations

from random import Random

from seqdsl.layout.canvas import straight
from tests.random_pictures.layers import RECURRENT, possible
from tests.random_pictures.shapes import Lane, Part, Seen, Strip, Tower


def can_start(tower: Tower) -> bool:
    """Whether a tower is one value, which can be an initial state."""
    # A whole state fits only where h and c are as wide as they are here.
    if any("projection=" in lane.block.call for lane in tower.lanes.values()):
        return False
    return len(tower.strip.columns) == 1 == len(tower.lanes) and not (
        tower.strip.breaks or tower.skips or tower.vocabulary or tower.grid
    )


def begin(part: Part, tower: Tower, side: str) -> bool:
    """Let the row of a part begin from a tower at its side, if it can be recurrent."""
    strip = part.strip
    place = 0 if side == "left" else -1
    if strip.breaks and strip.beside(strip.breaks[place])[place] is None:
        return False
    if "lstm" not in possible(part.seen) or part.start is not None or part.skips:
        return False
    column, lane = next(iter(tower.lanes.items()))
    if any(column in cells for cells in part.rows):
        return False
    if side == "right" and (lane.final and lane.block.direction == "="):
        return False
    part.start, part.side = (column, lane), side
    part.enters.add(column)
    part.rows = [{**cells, column: "|"} for cells in part.rows]
    part.ended = sorted([tower, *part.ended], key=lambda item: item.strip.edges)
    return True


def decoder(rng: Random, tower: Tower) -> Part:
    """A row that sees nothing but its initial state."""
    column, lane = next(iter(tower.lanes.items()))
    pitch = rng.choice([2, 3, 4])
    strip = Strip(tuple(column + pitch * (i + 1) for i in range(rng.randint(1, 4))))
    seen = Seen((), strip.is_vector, steps=len(strip.columns))
    rows = [straight([column])]
    return Part(rows, {column}, strip, seen, pitch, [tower], start=(column, lane))


def ways(lane: Lane, side: str) -> list[tuple[str, str, str, int, int]]:
    """How a row can begin from a lane: its cell (empty: any), direction, wire, and width to units as a ratio."""
    if side == "right":
        kind = lane.block.kind if lane.final else ""
        return [(kind, "<", "-", 1, 1), (kind, "<", "<", 1, 1)]
    if not lane.final or lane.block.kind not in RECURRENT:
        found = [("", "-", "-", 1, 1), ("", ">", ">", 1, 1), ("", "=", "-", 1, 1)]
        return found + ([("", "=", "=", 1, 2)] if lane.block.width % 2 == 0 else [])
    kind = lane.block.kind
    if lane.block.direction == "=":
        return [(kind, "-", "-", 1, 1), (kind, ">", "-", 1, 1), (kind, "=", "=", 1, 2)]
    return [(kind, "-", "-", 1, 1), (kind, ">", ">", 1, 1), (kind, "=", "-", 1, 1)]
