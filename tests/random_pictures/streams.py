"""seed → a random picture that goes through piece by piece, with delayed nodes and a ``*`` at both ends.

::

      N   N   ...   N     dense(3)
      |   |         |
    *-M---M---...---M-*   gru(5)
     /|  /|        /|
    n | n |   ... n |
      |   |         |
      X   X   ...   X     input(2)
"""

from __future__ import annotations

from random import Random

from seqdsl.layout.canvas import Cells, render

LETTERS = "XMNPQR"
STEPWISE = ("dense({n})", "dense({n}, tanh)", "layernorm", "conv({n}, {k}, padding=causal)", "max")
RECURRENT = ("rnn({n})", "gru({n})", "lstm({n})")
PITCH = 6


def random_stream(seed: int) -> str:
    """A picture whose loops may be cut anywhere, the same for a seed on every machine."""
    rng = Random(f"stream {seed}")
    count = rng.randint(2, 5)
    chains = rng.sample(range(1, count), rng.randint(1, min(2, count - 1)))
    kinds = ["input({n})"]
    for place in range(1, count):
        kinds.append(rng.choice(RECURRENT if place in chains else STEPWISE))
    calls = [kind.format(n=rng.randint(2, 5), k=rng.randint(2, 3)) for kind in kinds]
    # Which row gives what each row reads of the step before; a row that changes no width reads nothing more.
    wide = [place for place in range(1, count) if calls[place].startswith(("dense", "rnn", "gru"))]
    wide += [place for place in chains if place not in wide]
    readers = {place: rng.randint(place, count - 1) for place in wide if rng.random() < 0.7}
    return _drawn(rng, calls, chains, readers)


def _drawn(rng: Random, calls: list[str], chains: list[int], readers: dict[int, int]) -> str:
    columns = [4 + PITCH * place for place in range(rng.randint(2, 4))]
    dots = columns[-1] + 2 if rng.random() < 0.8 else None
    columns += [columns[-1] + PITCH + 2]
    rows: list[Cells] = []
    for place in range(len(calls)):
        rows.append(_row(place, columns, dots, is_chain=place in chains))
        if place + 1 < len(calls):
            wires: Cells = dict.fromkeys(columns, "|")
            if place + 1 in readers:
                letter = LETTERS[readers[place + 1]].lower()
                delayed: Cells = {column - 2: letter for column in columns}
                rows += [dict.fromkeys(columns, "|"), wires | delayed | _dots(dots)]
                wires |= {column - 1: "/" for column in columns}
            rows.append(wires)
    lines = render(rows)
    definitions = [f"{LETTERS[place]} = {call}" for place, call in enumerate(calls)]
    return "\n".join([*lines, "", *definitions, ""])


def _row(place: int, columns: list[int], dots: int | None, *, is_chain: bool) -> Cells:
    cells: Cells = {}
    if is_chain:
        cells |= dict.fromkeys(range(columns[0], columns[-1]), "-")
        cells |= {columns[0] - 2: "*", columns[0] - 1: "-"}
        cells |= {columns[-1] + 1: "-", columns[-1] + 2: "*"}
    return cells | _dots(dots) | dict.fromkeys(columns, LETTERS[place])


def _dots(start: int | None) -> Cells:
    return {} if start is None else dict.fromkeys(range(start, start + 3), ".")
