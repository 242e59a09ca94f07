"""seed → picture in which a bus of padded, or of a free number of, steps is combined with other wires.

::

            H   H   H   H       combined: the valid steps of the bus, and a wire; the bus enters some of the nodes
           /|   |  /|  /|
    +-+---+-|---|-+-|-+ |
    | |     |   |   |   |
    X X X   Z   Z   Z   Z
"""

from __future__ import annotations

from random import Random

PADDING = ("mask=0", "mask=0, padding=end", "mask=-1", "lengths=true")
COMBINING = ("add", "mean", "multiply", "max", "min")


def random_pooled(seed: int) -> str:
    """A picture, the same for a seed on every machine."""
    rng = Random(f"pooled {seed}")
    is_free = rng.random() < 0.3
    row, wired = _free(rng) if is_free else _set(rng)
    # Where the bus may turn up, and two columns further the node that it enters.
    turns = [len(row) + 1 + 4 * place for place in range(rng.choice([2, 3, 4]))]
    entered = [turn for turn in turns if rng.random() < 0.7] or turns[:1]
    nodes = [turn + 2 for turn in turns]
    width = nodes[-1] + 1
    lines = [
        *_chain(rng, nodes, width),
        _line(width, dict.fromkeys(nodes, "H")),
        _line(width, dict.fromkeys(nodes, "|") | {turn + 1: "/" for turn in entered}),
        _bus(wired, entered, nodes, width),
        _line(width, dict.fromkeys((*wired, *nodes), "|")),
        row.ljust(nodes[0]) + _line(width, dict.fromkeys(nodes, "Z"))[nodes[0] :],
    ]
    beside = rng.choice(["", "", f", {rng.choice(PADDING)}"])
    features = rng.choice(["2", "2", "3, 2"])
    calls = {
        "X": f"input({features}, {rng.choice(PADDING)})",
        "Z": f"input({features if features != '2' else rng.choice(['1', '2'])}{beside})",
        "H": rng.choice(COMBINING),
    }
    if len(lines) > 5:
        calls["R"] = rng.choice(["gru(2)", "lstm(2)"]) if features == "2" else "layernorm"
    said = [f"{letter} = {call}" for letter, call in calls.items()]
    return "\n".join([*(line.rstrip() for line in lines), "", *said, ""])


def _set(rng: Random) -> tuple[str, list[int]]:
    """A row of a set length, and the columns of a stretch of it."""
    count = rng.choice([3, 4, 5])
    first = rng.choice([0, 0, 1])
    behind = rng.choice([count, count, count - 1])
    return " ".join("X" * count), [2 * step for step in range(first, behind)]


def _free(rng: Random) -> tuple[str, list[int]]:
    """A row of a free length, and the columns of its nodes, or of those but the first."""
    return "X X ... X", rng.choice([[0, 2, 8], [2, 8]])


def _bus(wired: list[int], entered: list[int], nodes: list[int], width: int) -> str:
    """``+-+---+-|---|-+-|-+ |``: the bus, with the wires of nodes that it crosses."""
    bus = dict.fromkeys(range(wired[0], entered[-1]), "-")
    ends = dict.fromkeys((*wired, *entered), "+")
    return _line(width, bus | dict.fromkeys(nodes, "|") | ends)


def _chain(rng: Random, nodes: list[int], width: int) -> list[str]:
    """Perhaps a row above."""
    if rng.random() < 0.5:
        return []
    return [
        _line(width, dict.fromkeys(nodes, "R")),
        _line(width, dict.fromkeys(nodes, "|")),
    ]


def _line(width: int, marks: dict[int, str]) -> str:
    return "".join(marks.get(place, " ") for place in range(width))
