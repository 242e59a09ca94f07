"""seed → picture over padded sequences: rows that read them in every way that there is.

The wires are drawn at random, and `seqdsl.layout` draws the picture: last steps beside other steps, several stretches
of one row, steps without a wire, windows that move on by two, buses of a part.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from seqdsl.ir.direction import Direction
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.wiring import Block, Bus, Source, Steps, Wiring, Wirings

Lane = list[tuple[Source, ...]]

PADDING = (", mask=0", ", mask=0, padding=end", ", mask=-1", ", lengths=true")
RECURRENT = ("rnn(2)", "gru(2)", "lstm(2)")
COMBINING = ("mean", "max", "min", "add", "multiply")
OTHERS = ("dense(2)", "concat", "output", "layernorm", "conv(2, 3)")
LENGTHS = (4, 5, 9)
"""At so many steps a free length is wired: enough to tell all but the first from the last three."""


def random_padded(seed: int) -> str | None:
    """A picture with padded sequences, the same for a seed on every machine; ``None``: it cannot be drawn."""
    is_free = Random(f"free {seed}").random() < 0.3
    lengths = LENGTHS if is_free else LENGTHS[:1]
    made = [_Wires(Random(f"padded {seed}"), length).draw() for length in lengths]
    at = tuple(wiring for wiring in made if wiring is not None)
    if len(at) < len(made):
        return None
    try:
        if is_free:
            at = tuple(
                replace(wiring, lengths={"n": length})
                for wiring, length in zip(at, lengths, strict=True)
            )
        return draw_wirings(Wirings("padded", at))
    except Unplaceable:
        return None


class _Wires:
    """A wiring in the making, at one length; another length has the same numbers drawn."""

    def __init__(self, rng: Random, length: int) -> None:
        self.rng, self.length = rng, length
        self.blocks: list[Block] = []
        # A row that reads several values side by side is wider than its neighbors: it is not mixed with them.
        self.wide: set[int] = set()

    def draw(self) -> Wiring | None:
        rng = self.rng
        for number in range(rng.choice([1, 2, 2])):
            padding = rng.choice(PADDING if not number else (*PADDING, ""))
            steps = self.length if not number else rng.choice([2, 3, 4, self.length])
            self.blocks.append(Block(f"x{number}", f"input(2{padding})", steps))
        inputs = len(self.blocks)
        for number in range(rng.choice([1, 2, 2, 3])):
            block = self._row(f"row{number}")
            if block is not None:
                self.blocks.append(block)
        read = {source.block for block in self.blocks for source in _read(block)}
        outputs = tuple(at for at in range(inputs, len(self.blocks)) if at not in read)
        if not outputs:
            return None
        return Wiring(tuple(self.blocks), tuple(range(inputs)), outputs)

    def _row(self, name: str) -> Block | None:
        """A row over what is there; ``None``: nothing would enter it."""
        rng = self.rng
        call = rng.choice([*RECURRENT, *COMBINING, *OTHERS])
        steps = rng.choice([None, 2, 3, self.length, self.length + 1])
        direction = None
        if call in RECURRENT:
            direction = rng.choice([Direction.FORWARD, Direction.FORWARD, *Direction])
            steps = steps or 3
        if call.startswith("conv"):
            at = self._block()
            steps = self.blocks[at].steps
            if steps is None:
                return None
            return Block(name, call, steps, (Steps(tuple((Source(at, i),) for i in range(steps))),))
        lanes = [self._lane(steps or 1) for _ in range(rng.choice([1, 1, 2]))]
        bus = self._bus()
        if call in COMBINING and rng.random() < 0.4:
            return Block(name, call, steps, (Bus(bus),)) if len(bus) > 1 else None
        if not any(step for lane in lanes for step in lane):
            return None
        if call in COMBINING:
            return Block(name, call, steps, tuple(Steps(tuple(lane)) for lane in lanes))
        if direction is Direction.BIDIRECTIONAL or (len(lanes) > 1 and call not in RECURRENT):
            self.wide.add(len(self.blocks))
        return Block(name, call, steps, (_side_by_side(lanes),), direction)

    def _block(self) -> int:
        """A block of two features."""
        return self.rng.choice([at for at in range(len(self.blocks)) if at not in self.wide])

    def _lane(self, count: int) -> Lane:
        """What so many steps read by one wire each."""
        rng, at, other = self.rng, self._block(), self._block()
        how, first, cut = rng.random(), rng.choice([-1, 0, 0, 1]), rng.randint(0, 3)
        last = self._steps(at) - count
        if how < 0.3:
            return [self._read(at, first + step) for step in range(count)]
        if how < 0.45:
            return [self._read(at, first + 2 * step) for step in range(count)]
        if how < 0.6:
            return [self._read(at, last + step) for step in range(count)]
        #   x0 x1 | z2 z3       some steps of one row, and the last ones of another, or of the same
        behind = self._steps(other) - count
        return [
            self._read(at, first + step) if step < cut else self._read(other, behind + step)
            for step in range(count)
        ]

    def _bus(self) -> tuple[Source, ...]:
        """Stretches of one or two rows."""
        found: list[Source] = []
        for _ in range(self.rng.choice([1, 2])):
            at, first, drawn = self._block(), self.rng.randint(0, 1), self.rng.choice([1, 2, 9])
            steps = self._steps(at)
            found += [Source(at, step) for step in range(first, min(first + drawn, steps))]
        return tuple(dict.fromkeys(found))

    def _steps(self, at: int) -> int:
        return self.blocks[at].steps or 1

    def _read(self, at: int, step: int) -> tuple[Source, ...]:
        return (Source(at, step),) if 0 <= step < self._steps(at) else ()


def _side_by_side(lanes: list[Lane]) -> Steps:
    """Lanes as one operand; a place that a step does not read is kept free."""
    steps = [[lane[at] for lane in lanes] for at in range(len(lanes[0]))]
    return Steps(
        tuple(
            tuple(part for place in step for part in place or (None,)) if any(step) else ()
            for step in steps
        )
    )


def _read(block: Block) -> list[Source]:
    """All that a block reads."""
    found: list[Source] = []
    for operand in block.operands:
        if isinstance(operand, Bus):
            found += operand.sources
        else:
            found += [part for step in operand.of for part in step if part is not None]
    return found
