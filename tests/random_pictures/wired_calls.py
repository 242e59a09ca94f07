r"""seed → pictures in which each node of a row calls another picture for what its own wires lead to it, as steps.

::

      T    ...    T       a bus of its own under each node,    T   T  ...  T     or a wire from each of two rows
      |           |       which stands for all its steps       |\  |\      |\
    +-+-+       +-+-+                                          | D | D ... | D
    | | |       | | |                                          |/  |/      |/
    Z Z Z  ...  Z Z Z                                          Z   Z  ...  Z
"""

from __future__ import annotations

from random import Random

FINAL = ("gru(5)", "lstm(5)", "rnn(6)")
ABOVE = ("gru(5)", "lstm(5)", "dense(2)", "layernorm")
SHORTEST = 3
"""Steps of a row with an ellipsis, at least."""


def random_wired_calls(seed: int) -> str:
    """Two pictures, the same for a seed on every machine: the one that is called, and the one that calls it."""
    rng = Random(f"wired calls {seed}")
    is_beside = rng.random() < 0.4
    # Ids have one row alone: what is made of them holds values.
    ids = not is_beside and rng.random() < 0.4
    steps = 2 if is_beside else rng.choice([2, 3, 4])
    source = "tokens(5)" if ids else f"input({rng.choice([1, 2, 3])})"
    width = source.strip("input()")
    rows = _beside(rng, width) if is_beside else _groups(rng, steps)
    said = [f"Z = {source}", "T = part"]
    if "Y" in rows[0]:
        said.append(f"Y = {rng.choice(ABOVE)}")
    return "\n".join([*_called(rng, steps, source), "model whole\n", *rows, "", *said, ""])


def _called(rng: Random, steps: int, source: str) -> list[str]:
    """A picture of a sequence that gives a vector, made of its last state."""
    is_drawn = steps < SHORTEST or rng.random() < 0.5
    ends = "H" * steps
    final, wires, nodes = (
        ("-".join(ends), " ".join("|" * steps), " ".join("X" * steps))
        if is_drawn
        else ("H-H-...-H", "| |     |", "X X ... X")
    )
    last = " " * (len(final) - 1)
    above = [f"{last}V   {rng.choice(['dense(2)', 'dense(3, tanh)', 'layernorm'])}", f"{last}|"]
    if source.startswith("tokens"):
        mask = rng.choice(["", ", mask=true"])
        between = [f"{nodes.replace('X', 'W')}   embedding(2{mask})", wires]
    else:
        between = [f"{nodes.replace('X', 'D')}   dense(2)", wires] if rng.random() < 0.4 else []
    rows = [f"{final}   {rng.choice(FINAL)}", wires, *between, f"{nodes}   {source}"]
    return ["model part\n", *above, *rows, ""]


def _groups(rng: Random, steps: int) -> list[str]:
    """Groups of steps with a bus each: two or three of them, or the first and the last of any number."""
    group = 2 * steps - 1
    middle = (steps - 1) // 2 * 2
    is_free = rng.random() < 0.5
    count = 2 if is_free else rng.choice([2, 3])

    def row(one: str, between: str) -> str:
        return between.join([one] * count).rstrip()

    # Z Z Z  ...  Z Z Z: the three dots stand between two groups, on a row of marks alone.
    dots, gap = ("  ...  ", "       ") if is_free else ("   ", "   ")
    node = "".join("T" if place == middle else " " for place in range(group))
    wire = node.replace("T", "|")
    bus = "".join("+" if place % 2 == 0 else "-" for place in range(group))
    return [
        *_above(rng, row(node, dots), row(wire, gap)),
        row(node, dots),
        row(wire, gap),
        row(bus, gap),
        row(" ".join("|" * steps), gap),
        row(" ".join("Z" * steps), dots),
    ]


def _beside(rng: Random, width: str) -> list[str]:
    """Two rows, the second of which is made of the first."""
    is_free = rng.random() < 0.6
    count = rng.choice([2, 3, 4])
    # T   T  ...  T
    dots = "...  " if is_free else ""

    def row(first: str, last: str, between: str) -> str:
        return f"{first * (count - 1)}{between}{last}".rstrip()

    spaces = " " * len(dots)
    layer = rng.choice([f"dense({width})", f"gru({width})", "layernorm"])
    return [
        *_above(rng, row("T   ", "T", dots), row("|   ", "|", spaces)),
        row("T   ", "T", dots),
        row(r"|\  ", "|\\", spaces),
        f"{row('| D ', '| D', dots)}   {layer}",
        row("|/  ", "|/", spaces),
        row("Z   ", "Z", dots),
    ]


def _above(rng: Random, nodes: str, wires: str) -> list[str]:
    """Perhaps a row over those that call."""
    return [nodes.replace("T", "Y"), wires] if rng.random() < 0.6 else []
