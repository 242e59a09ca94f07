r"""finished rows → the same with delayed nodes, and with letters that name others of the picture.

A row that reads each node below it gets a second wire, from what a row above gave one step earlier:

    Y   Y   Y              Y   Y   Y
    |   |   |              |   |   |
    H   H   H              H   H   H
    |   |   |             /|  /|  /|
    X   X   X            y | y | y |
                           |   |   |
                           X   X   X
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise
from random import Random

from seqdsl.layout.canvas import Cells, straight
from tests.random_pictures.carrying import carry, may_carry
from tests.random_pictures.layers import OF_GRIDS, RECURRENT, SOURCES, Layer
from tests.random_pictures.letters import Letters
from tests.random_pictures.shapes import Block, Break, Strip
from tests.random_pictures.text import Row

STEPWISE = (
    "dense",
    "activation",
    "layernorm",
    "dropout",
    "concat",
    "add",
    "multiply",
    "max",
    "min",
    "mean",
    "output",
)
READERS = ("dense", "conv2d", *RECURRENT, OF_GRIDS)
"""What may read one wire more: they are as wide as before."""
LOOPED = (*STEPWISE, "conv2d", "maxpool2d", "meanpool2d", *RECURRENT, OF_GRIDS)
"""What may be in a loop; where the places of grids become fewer, no step of it is read again."""


class Feedback:
    """Adds what needs other letters of a picture, when all of them are drawn."""

    def __init__(self, rng: Random, rows: list[Row], letters: Letters) -> None:
        """Begin with a finished picture."""
        self.rng, self.rows, self.letters = rng, rows, letters

    def draw(self) -> list[Row]:
        """The rows, perhaps with more in them."""
        chance = self.rng.random()
        if chance < 0.5:
            for _ in range(self.rng.choice([1, 1, 2])):
                self._loop()
            self._carry()
        elif chance < 0.55:
            self._named()
        elif chance < 0.85:
            self._fed()
        else:
            self._tied()
        return self.rows

    @property
    def blocks(self) -> list[Block]:
        """All blocks, bottom row first."""
        return [block for row in self.rows for block in row.blocks]

    def _single(self) -> set[str]:
        """The letters that are drawn once."""
        uses = Counter(block.letter for block in self.blocks)
        return {letter for letter, number in uses.items() if number == 1}

    # Loops

    def _carry(self) -> None:
        """Let all state of a picture pass from call to call, where that is possible."""
        if may_carry(self.rows) and self.rng.random() < 0.5:
            self._shift(4)
            carry(self.rows)

    def _loop(self) -> None:
        """Let one row read another of the step before, where there is room."""
        pairs = [
            (reader, giver)
            for reader in self.blocks
            for giver in self.blocks
            if self._may_read(reader, giver)
        ]
        self.rng.shuffle(pairs)
        # The first for which there is room; of grids there are fewest.
        pairs.sort(key=lambda pair: not pair[1].grid)
        any(self._wire(*pair) for pair in pairs)

    def _may_read(self, reader: Block, giver: Block) -> bool:
        single = self._single()
        # An `l` looks like a wire.
        if not {reader.letter, giver.letter} <= single - {"L"} or giver.vocabulary:
            return False
        if reader.kind not in READERS or len(reader.strip.columns) < 2 or not reader.is_aligned:
            return False
        if reader.strip.breaks and not self._is_as_long(reader):
            return False
        if any(one.grid != giver.grid for one in reader.reads):
            return False
        between = self._between(reader, giver)
        return bool(between) and all(self._runs_in_loop(one, reader) for one in between)

    def _is_as_long(self, reader: Block) -> bool:
        """Whether all rows below with ellipses have as many steps: a delayed ellipsis has those of the lowest."""
        below = [reader]
        for block in below:
            below += [one for one in block.reads if one not in below]
        return all(one.strip == reader.strip or not one.strip.breaks for one in below)

    def _between(self, low: Block, high: Block) -> list[Block]:
        """The blocks on the ways from one to another, both of them among these; none if there is no way."""
        above = self._above(low)
        below = [high]
        for block in below:
            below += [one for one in block.reads if one not in below]
        return [one for one in self.blocks if one in above and one in below]

    def _above(self, low: Block) -> list[Block]:
        above = [low]
        for block in self.blocks:
            if any(one in above for one in block.reads) and block not in above:
                above.append(block)
        return above

    def _runs_in_loop(self, block: Block, reader: Block) -> bool:
        """Whether a block can be one of a loop: it looks at its own step, and at what was before."""
        if block.strip != reader.strip or block.masked or block.cuts or not block.is_aligned:
            return False
        return block.kind in LOOPED and block.direction not in ("<", "=")

    def _wire(self, reader: Block, giver: Block) -> bool:
        """Insert the rows of delayed nodes under their reader, and say whether there is room for them."""
        place = next(n for n, row in enumerate(self.rows) if reader in row.blocks)
        live = self.rows[place - 1].cells
        columns = list(reader.strip.columns)
        side = self.rng.choice([-1, 1])
        near, far = {c + side for c in columns}, {c + 2 * side for c in columns}
        # A delayed node gives what is left of it: it must not stand under the node before.
        apart = min(right - left for left, right in pairwise(columns)) + 2 * side
        if apart <= 0 or not live.keys() >= set(columns):
            return False
        inner = all(None not in reader.strip.beside(item) for item in reader.strip.breaks)
        if set(live.values()) - {"|", "^"} or (near | far) & live.keys() or not inner:
            return False
        dots: Cells = {}
        for item in reader.strip.breaks:
            dots |= Break(item.start + side).cells(named=False)
        # A wire that passes would cut the dots, and a node beside them would touch them.
        wide = {column + more for column in dots for more in (-1, 0, 1)}
        if wide & (live.keys() | far) or (dots and side > 0):
            return False
        if min(far) < 0:
            self._shift(4)
            columns = [c + 4 for c in columns]
            dots = {c + 4: sign for c, sign in dots.items()}
            live = self.rows[place - 1].cells
        nodes = {c + 2 * side: giver.letter.lower() for c in columns} | dots
        self.letters.kept.add(giver.letter)
        rows, drawn = (
            self._asked(nodes, giver, reader, live) if self.rng.random() < 0.6 else ([], ())
        )
        if not rows:
            drawn = self._start(nodes, giver)
            rows = [Row(straight(live) | nodes, drawn)]
        sign = "/" if side < 0 else "\\"
        begins = [c for c in columns if c + 2 * side in rows[-1].cells]
        rows.append(Row(straight(live) | straight([c + side for c in begins], sign)))
        self.rows[place:place] = rows
        # Now it depends on both.
        reader.reads += [block for block in drawn if block not in reader.reads]
        return True

    def _start(self, nodes: Cells, giver: Block) -> tuple[Block, ...]:
        """What stands before the first step: zeros, nothing, or a value."""
        first, *rest = sorted(nodes)
        chance = self.rng.random()
        # What an ellipsis elides is like its neighbors: a node of another letter is none of them.
        if rest and nodes[rest[0]] == ".":
            return ()
        if chance < 0.3:
            # Nothing is wired to the first node.
            del nodes[first]
        elif chance < 0.6:
            # Trained vectors are no grids.
            kind = "input" if giver.grid else self.rng.choice(["input", "learned"])
            sizes = tuple(map(str, (*giver.grid, giver.width)))
            made = Layer(kind, sizes, giver.width, giver.grid)
            block = self._block(made, Strip((first,)))
            nodes[first] = block.letter
            return (block,)
        return ()

    def _asked(
        self, nodes: Cells, giver: Block, reader: Block, live: Cells
    ) -> tuple[list[Row], tuple[Block, ...]]:
        """A row between the delayed nodes and their reader, which asks a memory, or applies a layer."""
        above = self._above(reader)
        memories = [
            block
            for block in self.blocks
            if block not in above and block.letter in self._single() and self._is_memory(block)
        ]
        columns = tuple(c for c, sign in nodes.items() if sign.isalpha())
        strip = Strip(columns, tuple(reader.strip.breaks))
        if memories and not giver.grid and self.rng.random() < 0.8:
            made = self._attention(memories, giver)
        else:
            width = self.rng.randint(1, 4)
            made = Layer("dense", (str(width), "tanh"), width, giver.grid)
        block = self._block(made, strip)
        upper = {c: block.letter if sign.isalpha() else sign for c, sign in nodes.items()}
        between = straight(live) | straight(columns)
        rows = [Row(straight(live) | nodes), Row(between), Row(straight(live) | upper, (block,))]
        return rows, (block,)

    def _attention(self, memories: list[Block], giver: Block) -> Layer:
        """An attention to a named row, perhaps with another for its keys."""
        memory = self.rng.choice(memories)
        self.letters.kept.add(memory.letter)
        keys = [one for one in memories if one.strip == memory.strip and one is not memory]
        compared, arguments = memory, [memory.letter]
        if keys:
            compared = self.rng.choice(keys)
            self.letters.kept.add(compared.letter)
            arguments.append(f"keys={compared.letter}")
        if compared.width != giver.width or self.rng.random() < 0.3:
            arguments.append(f"key={self.rng.randint(1, 4)}")
        if self.rng.random() < 0.4:
            arguments.append("score=additive")
        return Layer("attention", tuple(arguments), memory.width)

    def _is_memory(self, block: Block) -> bool:
        # A row whose parts read different things may be several blocks.
        is_whole = block.is_aligned or block.kind in (*SOURCES, *RECURRENT)
        is_row = not block.strip.is_vector and not block.cuts and not block.masked and is_whole
        is_row = is_row and not block.grid
        return (
            is_row and not block.vocabulary and block.kind not in ("argmax", "position", "learned")
        )

    # Names

    def _named(self) -> None:
        """A node without wires that reads a whole row by its name."""
        rows = [b for b in self.blocks if self._is_memory(b) and b.letter in self._single()]
        # Beside an ellipsis at its end it would be read as a part of that row.
        top = self.rows[-1].cells
        if not rows or top[max(top)] == ".":
            return
        row = self.rng.choice(rows)
        kind = self.rng.choice(["mean", "max", "min", "add", "multiply"])
        if row.strip.is_free and kind == "multiply":
            kind = "mean"
        self.letters.kept.add(row.letter)
        column = max(c for line in self.rows for c in line.cells) + 6
        block = self._block(Layer(kind, (row.letter,), row.width), Strip((column,)))
        self.rows[-1].cells[column] = block.letter
        self.rows[-1].blocks += (block,)

    def _tied(self) -> None:
        """A dense layer with the matrix of an embedding."""
        single = self._single()
        pairs = [
            (one, other)
            for one in self.blocks
            for other in self.blocks
            if one.kind == "dense"
            and not one.grid
            and one.letter in single
            and not one.is_read
            and other.kind == "embedding"
            and one.seen == other.width
            and any(map(_tells_ids, other.reads))
        ]
        if pairs:
            dense, embedding = self.rng.choice(pairs)
            more = self.rng.choice(["", ", softmax", ", bias=false", ", log_softmax"])
            self._call(dense, f"dense(tied={embedding.letter}{more})")
            self.letters.kept |= {embedding.letter, dense.letter}

    def _fed(self) -> None:
        """An input that is fed back what a row gave, when its model runs free."""
        single = self._single()
        pairs = [
            (source, giver)
            for source in self.blocks
            for giver in self.blocks
            if source.kind in ("input", "tokens")
            and self._may_give(giver, source)
            and {source.letter, giver.letter} <= single
            and not giver.is_read
            and len(source.strip.columns) > 1
            and not source.masked
            and self._is_fed(source, giver)
        ]
        if not pairs:
            return
        # Of tokens there are fewest.
        tokens = [pair for pair in pairs if pair[0].kind == "tokens"]
        source, giver = self.rng.choice(tokens or pairs)
        arguments = source.call[source.call.index("(") + 1 : -1]
        # Of a grid no id is chosen.
        may_choose = source.kind == "input" and not source.grid
        choose = ", choose=true" if may_choose and self.rng.random() < 0.5 else ""
        self._call(source, f"{source.kind}({arguments}, feedback={giver.letter}{choose})")
        # input(6, 5, 1): as many features as its last number
        numbers = [item.strip() for item in arguments.split(",") if "=" not in item]
        more = ", 3" if giver.kind == "conv2d" else ""
        self._call(giver, f"{giver.kind}({numbers[-1]}{more})")
        self.letters.kept |= {source.letter, giver.letter}

    def _may_give(self, giver: Block, source: Block) -> bool:
        """Whether a row may be given as many features as an input has, and has its places: not ids of places."""
        if not source.grid:
            return giver.kind == "dense" and not giver.grid
        # A convolution keeps the places of what it reads, as it is called here.
        same = all(one.grid == source.grid for one in giver.reads)
        return giver.kind in ("dense", "conv2d") and same and source.kind == "input"

    def _is_fed(self, source: Block, giver: Block) -> bool:
        between = [one for one in self._between(source, giver) if one is not source]
        kinds = (*STEPWISE, *RECURRENT, "embedding", "conv2d", "convlstm")
        return bool(between) and all(
            one.strip == source.strip
            and one.is_aligned
            and not one.masked
            and not one.cuts
            and one.kind in kinds
            and one.direction not in ("<", "=")
            for one in between
        )

    # Blocks

    def _call(self, block: Block, call: str) -> None:
        block.call = self.letters.known[block.letter].call = call

    def _block(self, made: Layer, strip: Strip) -> Block:
        letter = self.letters.fresh(made)
        self.letters.kept.add(letter)
        return Block(
            letter,
            strip,
            made.kind,
            made.call,
            made.width,
            made.width,
            is_aligned=True,
            grid=made.grid,
        )

    def _shift(self, by: int) -> None:
        for row in self.rows:
            row.cells = {column + by: sign for column, sign in row.cells.items()}
        for block in self.blocks:
            breaks = tuple(replace(item, start=item.start + by) for item in block.strip.breaks)
            block.strip = Strip(tuple(column + by for column in block.strip.columns), breaks)


def looks_back(block: Block, causal: Collection[str] = ()) -> bool:
    """Whether each step of a block is made of the steps below it and of what was before; so do ``causal`` pictures."""
    if block.masked or block.cuts or not block.is_aligned:
        return False
    if any(one.grid for one in (block, *block.reads)):
        return False
    return block.kind in (*STEPWISE, *RECURRENT, *causal) and block.direction not in ("<", "=")


def _tells_ids(block: Block) -> bool:
    """Whether the call below an embedding says how many ids there are: ``tokens(9)``, or ``argmax`` over one row."""
    if block.kind in ("argmax", "sample"):
        below = {id(one): one.kind for one in block.reads}
        return len(below) == 1 and {*below.values()} <= {"dense", "input", "learned", "conv"}
    return block.kind == "tokens"
