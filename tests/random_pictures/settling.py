"""parts of a row → blocks: their layers and letters, and the state wires in and between them."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from seqdsl.layout.canvas import Cells
from tests.random_pictures import states
from tests.random_pictures.called import Library
from tests.random_pictures.layers import (
    OF_GRIDS,
    RECURRENT,
    Layer,
    Parameters,
    cell,
    layer,
    possible,
)
from tests.random_pictures.letters import Letters
from tests.random_pictures.shapes import Block, Lane, Part
from tests.random_pictures.starts import ways


class Settler:
    """Chooses what the parts of one row are.

    Attributes:
        blocks: the block of each part.
        extra: the state wires between blocks, and to and from junctions.
        taps: the final states that leave the row, by column.
    """

    def __init__(
        self,
        rng: Random,
        letters: Letters,
        parameters: Parameters,
        parts: list[Part],
        free: Collection[int],
        library: Library | None = None,
    ) -> None:
        """Begin a row; states may leave it in the ``free`` columns."""
        self.rng = rng
        self.letters = letters
        self.parameters = parameters
        self.parts = parts
        self.free = free
        self.library = library
        self.blocks: list[Block] = []
        self.extra: Cells = {}
        self.taps: dict[int, Lane] = {}

    def settle(self) -> None:
        """Choose all layers, then the state wires."""
        handed: set[int] = set()
        for place, part in enumerate(self.parts):
            if place in handed:
                continue
            if part.start is not None:
                self._started(part)
            elif place + 1 < len(self.parts) and self._hands(part, self.parts[place + 1]):
                handed.add(place + 1)
            else:
                self._plain(part)
        self._leave(handed)

    def _besides(self) -> set[str]:
        return {block.letter for block in self.blocks}

    def _plain(self, part: Part) -> None:
        """A block that hands its state to nobody."""
        rng = self.rng
        made = layer(rng, part.seen, self.parameters)
        # Padding does not go into a picture that is called.
        masked = any(lane.block.masked for tower in part.ended for lane in tower.lanes.values())
        if self.library is not None and not masked:
            made = self.library.call(part.seen, part.strip, self.parameters) or made
        if made.kind in ("argmax", "sample") and part.skips:
            # What reads ids beside other values is no embedding.
            made = Layer("activation", ("tanh",), part.seen.width)
        besides = self._besides()
        if made.kind not in RECURRENT and self.blocks:
            besides = {self.blocks[-1].letter}
        block = self.letters.block(made, part.seen, part.strip, besides)
        if block.kind in ("argmax", "sample") and "normal" not in block.call:
            block.vocabulary = str(part.seen.width)
        tells = block.kind == "embedding" and "mask=true" in block.call
        if tells and rng.random() < 0.4:
            self._pad_at_end(part)
        masked = part.seen.masked or tells
        masked = masked or (
            block.kind == "attention" and part.seen.same and part.seen.memory_masked
        )
        block.masked = masked and not part.strip.is_vector
        self.blocks.append(block)
        if block.kind not in (*RECURRENT, OF_GRIDS):
            return
        known = self.letters.known[block.letter]
        two = {None: "->=<=", "=": "="}.get(known.direction, "->-<")
        if len(part.strip.columns) > 1 and (known.direction == "=" or rng.random() < 0.6):
            may_break = part.seen.wired and not any(tower.masked for tower in part.ended)
            may_break = may_break and not any(item.twin for item in part.strip.breaks)
            states.direct(rng, block, two, may_break=may_break)
        if known.direction == "=" and not block.direction:
            # A lone node of a bidirectional letter would run one way.
            self._renamed(block)
        self._known(block)

    def _pad_at_end(self, part: Part) -> None:
        """Let the tokens that a part reads be padded at their end."""
        blocks = {
            id(lane.block): lane.block for tower in part.ended for lane in tower.lanes.values()
        }
        for block in blocks.values():
            if block.kind == "tokens" and "padding" not in block.call:
                block.call = f"{block.call[:-1]}, padding=end)"
                self.letters.known[block.letter].call = block.call

    def _renamed(self, block: Block) -> None:
        known = self.letters.known[block.letter].layer
        # A convolution has a kernel beside its filters.
        arguments = known.arguments if block.grid else (str(block.units),)
        made = Layer(block.kind, arguments, block.units, block.grid)
        block.letter = self.letters.fresh(made)
        block.call = made.call

    def _known(self, block: Block) -> None:
        """Note which way a letter runs, and how wide that makes its block."""
        known = self.letters.known[block.letter]
        known.direction = block.direction or "-"
        block.width = block.units * (2 if block.direction == "=" else 1)

    def _cell(self, part: Part, kind: str, units: int, direction: str) -> Block:
        """A recurrent block of a new letter."""
        made = cell(self.rng, kind, units, part.seen, self.parameters)
        block = self.letters.block(made, part.seen, part.strip, set(self.letters.known))
        block.direction = direction
        block.masked = part.seen.masked and not part.strip.is_vector
        self._known(block)
        self.blocks.append(block)
        return block

    def _started(self, part: Part) -> None:
        """A block that begins from a value, or another block's final state, at its side."""
        assert part.start is not None
        column, lane = part.start
        found = ways(lane, part.side)
        if part.strip.is_vector:
            # A lone node runs as its wire points: `-` and `>` to the right.
            found = [way for way in found if way[1] == ("-" if part.side == "left" else "<")]
            found = found[-1:] if part.side == "right" else found
        kind, direction, sign, many, few = self.rng.choice(found)
        units = lane.block.width * many // few
        drawn = "" if part.strip.is_vector and direction == "-" else direction
        self._cell(part, kind or self.rng.choice(RECURRENT), units, drawn)
        first, last = min(part.strip.columns), max(part.strip.columns)
        wire = (column, first) if part.side == "left" else (last, column)
        self.extra |= states.wire(*wire, sign) | {column: "+"}

    def _hands(self, left: Part, right: Part) -> bool:
        """Two neighbours of which one hands its state to the other, if they can."""
        rng = self.rng
        if rng.random() < 0.4 or right.start is not None:
            return False
        if any("lstm" not in possible(part.seen) for part in (left, right)):
            return False
        found = list(states.HANDS)
        if left.strip.is_vector or right.strip.is_vector:
            found = found[:3]
        one, other, sign, times = rng.choice(found)
        units = rng.randint(1, 4)
        blocks = self.blocks[:]
        kind = rng.choice(RECURRENT)
        one, other = (
            "" if part.strip.is_vector else way for part, way in ((left, one), (right, other))
        )
        giver = self._cell(left, kind, units, one)
        taker = self._cell(right, kind, units * times, other)
        if not (states.ends(giver)[1] and states.ends(taker)[0]):
            self.blocks = blocks
            self.letters.forget(giver.letter, taker.letter)
            return False
        self._wire(giver, taker, sign)
        # State goes on from here, whatever reads the values: such blocks are recurrent even without a definition.
        giver.is_read = taker.is_read = True
        taker.reads.append(giver)
        return True

    def _wire(self, giver: Block, taker: Block, sign: str) -> None:
        """The wire between two neighbours; on its way the state may leave upward as well."""
        low, high = giver.strip.columns[-1], taker.strip.columns[0]
        self.extra |= states.wire(low, high, sign)
        columns = [column for column in range(low + 2, high - 1) if column in self.free]
        ways = {giver.direction, taker.direction}
        if columns and sign == "-" and ways <= {"-", ">", ""} and self.rng.random() < 0.4:
            column = self.rng.choice(columns)
            self.extra[column] = "+"
            self.taps[column] = Lane(giver, final=True, bound=True)

    def _leave(self, handed: Collection[int]) -> None:
        """Final states that leave the row at a free column beside their block."""
        for place, block in enumerate(self.blocks):
            if block.kind not in (*RECURRENT, OF_GRIDS) or self.rng.random() < 0.6:
                continue
            lone = block.strip.is_vector
            if not (lone or block.direction) or (place in handed or place + 1 in handed):
                continue
            if sum(other.letter == block.letter for other in self.blocks) > 1:
                continue
            self._tap(block)

    def _tap(self, block: Block) -> None:
        leftward = block.direction == "<"
        if not states.ends(block)[0 if leftward else 1]:
            return
        step = -1 if leftward else 1
        edge = block.strip.columns[0 if leftward else -1]
        column = edge + 2 * step
        if column not in self.free or any(abs(column - other) < 4 for other in self.taps):
            return
        sign = {"<": "<", ">": ">"}.get(block.direction, "-")
        ends = (column, edge) if leftward else (edge, column)
        self.extra |= states.wire(*ends, sign) | {column: "+"}
        self.taps[column] = Lane(block, final=True, bound=True)
