r"""seed → a picture of a loop whose steps hold grids: rows, some of which read what rows above gave one step before.

::

      H---H---H     convlstm(2, 3)       rows that keep the places of what they read, one wire to each node
     /|  /|  /|
    y | y | y |                          delayed nodes of a row at or above the one that reads them
      C   C   C     conv2d(3, 3)
      |   |   |
      X   X   X     input(4, 3, 2)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

EVERY = 25
"""One of so many random pictures is such a loop: where rows are drawn freely, hardly any has room for one."""

CELL = """cell convgate(units):
    z, n = split(conv2d(dropout(x, 0.1), h, kernel=3, features=2 * units), 2)
    h = sigmoid(z) * h + (1 - sigmoid(z)) * tanh(n)
"""
RECURRENT = ("convlstm", "convgate")
OF_IMAGES = ("conv2d", "conv2d", *RECURRENT)
OF_PLACES = ("dense", "activation", "layernorm", "dropout", "output")


def random_looped(seed: int) -> str:
    """The picture of a seed: a single loop over images, or over places."""
    return _Looped(Random(seed)).text()


@dataclass
class _Row:
    letter: str
    call: str
    width: int
    is_recurrent: bool = False
    reads: list[str] = field(default_factory=list)


class _Looped:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.grid = rng.choice([(3, 4), (4, 2), (2, 2), (5,), (3,)])
        self.is_free = rng.random() < 0.3
        self.nodes = [2, 6, 14] if self.is_free else [4 * n + 2 for n in range(rng.randint(2, 4))]
        kinds = [self._kind() for _ in range(rng.randint(1, 4))]
        self.carries = rng.random() < 0.3 and any(kind in RECURRENT for kind in kinds)
        self.indent = 4 * self.carries
        width = rng.randint(1, 3)
        mask = ", mask=0" * (not self.carries and rng.random() < 0.3)
        sizes = ", ".join(map(str, (*self.grid, width)))
        self.starts: list[_Row] = []
        self.rows = [_Row("X", f"input({sizes}{mask})", width)]
        for letter, kind in zip("ABCD", kinds, strict=False):
            self.rows.append(self._row(letter, kind, self.rows[-1].width))
        self._delay()

    def _kind(self) -> str:
        return self.rng.choice((*OF_IMAGES, *OF_PLACES) if len(self.grid) > 1 else OF_PLACES)

    def _row(self, letter: str, kind: str, width: int) -> _Row:
        filters, kernel = self.rng.randint(1, 3), self.rng.randint(1, 3)
        calls = {
            "conv2d": f"conv2d({filters}, {kernel}, tanh)",
            "convlstm": f"convlstm({filters}, {kernel})",
            "convgate": f"convgate({filters})",
            "dense": f"dense({filters}, sigmoid)",
            "activation": "activation(tanh)",
            "dropout": "dropout(0.2)",
        }
        is_sized = kind in ("conv2d", "dense", *RECURRENT)
        wide = filters if is_sized else width
        return _Row(letter, calls.get(kind, kind), wide, kind in RECURRENT)

    def _delay(self) -> None:
        """Let some rows read others of the step before, or themselves."""
        for _ in range(self.rng.choice([1, 1, 2])):
            reader = self.rng.choice(self.rows[1:])
            if reader.reads:
                continue
            above = self.rows[self.rows.index(reader) :]
            above = above[: self.rng.randint(1, len(above))]
            # What keeps its width would be wider with every step.
            if not any(map(_has_size, above)):
                reader.call = f"dense({reader.width}, tanh)"
            reader.reads.append(above[-1].letter.lower())
        # A row with a second wire passes on more features.
        for below, row in zip(self.rows, self.rows[1:], strict=False):
            if not _has_size(row):
                row.width = below.width + sum(self._width(name) for name in row.reads)

    def _width(self, name: str) -> int:
        return next(row.width for row in self.rows if row.letter.lower() == name)

    def text(self) -> str:
        lines = [line for row in reversed(self.rows) for line in self._drawn(row)]
        cells = CELL + "\n" if any("convgate" in row.call for row in self.rows) else ""
        calls = [f"{row.letter} = {row.call}" for row in (*self.rows, *self.starts)]
        return cells + "\n".join([*lines, "", *calls]) + "\n"

    def _start(self, name: str) -> str:
        """What stands in the place of the first delayed node: an input, or nothing of its own."""
        # What the call before left would stand there otherwise; of two nodes each would read rows of its own.
        if self.carries or len(self.nodes) < 3 or self.rng.random() < 0.6:
            return name
        letter, width = "STUV"[len(self.starts)], self._width(name)
        sizes = ", ".join(map(str, (*self.grid, width)))
        self.starts.append(_Row(letter, f"input({sizes})", width))
        return letter

    def _drawn(self, row: _Row) -> list[str]:
        """The lines of a row, of the wires below it, and of delayed nodes between these."""
        nodes = self._line(dict.fromkeys(self.nodes, row.letter), dots=8)
        if row.is_recurrent:
            nodes = self._with_state(nodes)
        if row.letter == "X":
            return [nodes]
        wires = dict.fromkeys(self.nodes, "|")
        if not row.reads:
            return [nodes, self._line(wires)]
        (name,) = row.reads
        slants = {column - 1: "/" for column in self.nodes}
        delayed = {column - 2: name for column in self.nodes}
        delayed[self.nodes[0] - 2] = self._start(name)
        rows = [wires | slants, wires | delayed, wires]
        return [nodes, *(self._line(cells, dots=8 * (cells == rows[1])) for cells in rows)]

    def _line(self, cells: dict[int, str], dots: int = 0) -> str:
        found = dict(cells)
        if self.is_free and dots:
            found |= dict.fromkeys(range(dots, dots + 3), ".")
        return "".join(found.get(column, " ") for column in range(-self.indent, max(found) + 1))

    def _with_state(self, nodes: str) -> str:
        first, last = self.nodes[0] + self.indent, self.nodes[-1] + self.indent
        inner = nodes[first : last + 1].replace(" ", "-")
        if not self.carries:
            return nodes[:first] + inner
        return "*".rjust(first - 2) + "--" + inner + "--*"


def _has_size(row: _Row) -> bool:
    return row.call.split("(")[0] in ("conv2d", "dense", *RECURRENT)
